"""Settings of the process itself."""

from __future__ import annotations

from gridtokenx_indexer.ops.settings.setting import Kind, Setting

SERVICE: tuple[Setting, ...] = (
    Setting(
        section="api",
        name="enabled",
        kind=Kind.BOOLEAN,
        default=True,
        help="Serve the read API from the daemon.",
    ),
    Setting(
        section="api",
        name="listen",
        kind=Kind.TEXT,
        default="127.0.0.1:8080",
        help="HOST:PORT that the read API listens on; port 0 takes a free one and logs it.",
    ),
    Setting(
        section="api",
        name="ready_lag_slots",
        kind=Kind.INTEGER,
        default=150,
        minimum=1,
        help="`/readyz` answers 503 while the index is more than this many slots behind the cluster's tip.",
    ),
    Setting(
        section="log",
        name="level",
        kind=Kind.TEXT,
        default="info",
        env="LOG_LEVEL",
        choices=("debug", "info", "warning", "error"),
        help="Lowest level that is written to standard error.",
    ),
    Setting(
        section="log",
        name="format",
        kind=Kind.TEXT,
        default="auto",
        env="LOG_FORMAT",
        choices=("auto", "json", "text"),
        help="`json` for one object per line, `text` for people, `auto` for text on a terminal only.",
    ),
    Setting(
        section="service",
        name="drain_seconds",
        kind=Kind.INTEGER,
        default=25,
        minimum=0,
        help="After SIGTERM each service may finish what it holds for this long; then it is cancelled.",
    ),
    Setting(
        section="service",
        name="restart_minimum_ms",
        kind=Kind.INTEGER,
        default=200,
        minimum=1,
        help="First pause before a service that failed for a temporary reason is started again.",
    ),
    Setting(
        section="service",
        name="restart_maximum_ms",
        kind=Kind.INTEGER,
        default=30_000,
        minimum=1,
        help="The pause doubles with every failure in a row up to this one.",
    ),
)
