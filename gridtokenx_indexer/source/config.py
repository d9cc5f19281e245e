"""Settings of the RPC client and the websocket."""

from __future__ import annotations

import msgspec


class RpcConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How nodes are reached. Times in milliseconds."""

    urls: tuple[str, ...]
    """HTTP endpoints, tried in this order; a comma list in the setting."""
    ws_urls: tuple[str, ...] = ()
    """Websocket endpoints; empty: derived from `urls`. They only wake, so one that fails costs latency."""
    timeout_ms: int = 10_000
    attempts: int = 4
    """Tries of one call over all endpoints before it fails as retryable."""
    backoff_ms: int = 50
    """First pause between tries; doubles with each, with jitter."""
    backoff_max_ms: int = 2_000
    quarantine_ms: int = 1_000
    """First rest of an endpoint that failed; doubles with each failure in a row."""
    quarantine_max_ms: int = 60_000
    max_connections: int = 16
