"""`demo`: one real day through the whole service."""

from __future__ import annotations

from pathlib import Path

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, pass_invocation


@click.command()
@click.option(
    "--readings", type=click.Path(path_type=Path), help="A day of your own (CSV as the packaged one)."
)
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Also write the report as JSON.")
@click.option(
    "--slot-ms", default=50, show_default=True, type=click.IntRange(5), help="Slot time of the node."
)
@click.option(
    "--finality-slots", default=4, show_default=True, type=click.IntRange(1), help="Blocks until final."
)
@click.option("--stay", is_flag=True, help="Keep the stack up with its API until interrupted.")
@click.option("--listen", help="HOST:PORT of the API; a free port, or 127.0.0.1:8080 with --stay.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep keys, logs and database files there.")
@pass_invocation
def demo(
    invocation: Invocation,
    readings: Path | None,
    json_path: Path | None,
    slot_ms: int,
    finality_slots: int,
    stay: bool,
    listen: str | None,
    folder: Path | None,
) -> int:
    """Play a day of meter readings: mint, clear, settle, and prove the books.

    Starts an embedded Postgres, a local Solana node with the program, and the daemon; stops them at the end.
    Exit code 0 only when every check of the report holds.
    """
    from gridtokenx_indexer.ops.demo.command import Wishes, play_demo
    from gridtokenx_indexer.ops.interrupts import run_interruptible
    from gridtokenx_indexer.ops.logging.setup import configure_logging

    settings = invocation.settings
    # A level in a settings file is meant for the daemon; here it would drown the progress.
    asked = settings.origin("log.level").startswith(("$", "-"))
    configure_logging(
        level=str(settings["log.level"]) if asked else "warning", style=str(settings["log.format"])
    )
    wishes = Wishes(
        readings=readings,
        json_path=json_path,
        slot_ms=slot_ms,
        finality_slots=finality_slots,
        stay=stay,
        listen=listen or ("127.0.0.1:8080" if stay else None),
        folder=folder,
    )
    return run_interruptible(play_demo(wishes))
