"""`localnet`: a local Solana node for development and tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.cli.invocation import Invocation, pass_invocation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8899,
    show_default=True,
    type=click.IntRange(0, 65534),
    help="HTTP port; the websocket takes the next one. 0: free ones.",
)
@click.option("--slot-ms", default=250, show_default=True, type=click.IntRange(1), help="Time between slots.")
@click.option(
    "--finality-slots", default=32, show_default=True, type=click.IntRange(1), help="Blocks until final."
)
@click.option("--seed", help="Same seed, same genesis hash and faucet; random without it.")
@click.option("--start-time", help="Chain time of the first block, as RFC 3339; the wall clock without it.")
@click.option(
    "--upgradeable-program",
    "programs",
    nargs=3,
    multiple=True,
    metavar="ID FILE.so AUTHORITY",
    help="A program that is there from the start, with its upgrade authority.",
)
@pass_invocation
def localnet(
    invocation: Invocation,
    host: str,
    port: int,
    slot_ms: int,
    finality_slots: int,
    seed: str | None,
    start_time: str | None,
    programs: tuple[tuple[str, str, str], ...],
) -> None:
    """Run a local Solana node until interrupted: a real SVM behind JSON-RPC and a websocket."""
    from gridtokenx_indexer.localnet.command import run_localnet
    from gridtokenx_indexer.localnet.config import LocalNodeConfig, ProgramFile

    invocation.start_logging()
    run_localnet(
        LocalNodeConfig(
            host=host,
            port=port,
            slot_ms=slot_ms,
            finality_slots=finality_slots,
            seed=seed,
            genesis_unix=_unix(start_time) if start_time else None,
            programs=tuple(
                ProgramFile(program_id=address, path=Path(file), upgrade_authority=authority)
                for address, file, authority in programs
            ),
        )
    )


def _unix(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--start-time {text!r} is not a time", remedy="give RFC 3339") from error
    if moment.tzinfo is None:
        raise UsageError(f"--start-time {text!r} names no time zone", remedy="end it with Z for UTC")
    return int(moment.timestamp())
