"""`verify`: the indexed range and the books, proved again."""

from __future__ import annotations

import click

from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.ops.cli.invocation import Invocation, json_option, pass_invocation


@click.command()
@click.option("--from-slot", type=click.IntRange(0), help="First slot of the continuity proof.")
@click.option("--to-slot", type=click.IntRange(0), help="Last slot of the continuity proof.")
@json_option
@pass_invocation
def verify(invocation: Invocation, from_slot: int | None, to_slot: int | None, as_json: bool) -> int:
    """Prove that every slot is linked or skipped, and that database and chain tell the same books.

    Exit code 1, with a list, when anything differs.
    """
    from gridtokenx_indexer.ops.cli.chain_session import with_chain
    from gridtokenx_indexer.ops.cli.session import print_checks
    from gridtokenx_indexer.ops.verification import SlotBounds, verify_everything

    invocation.start_logging()
    bounds = SlotBounds(
        first=Slot(from_slot) if from_slot is not None else None,
        last=Slot(to_slot) if to_slot is not None else None,
    )
    checks = with_chain(
        invocation.settings, lambda pool, rpc, program: verify_everything(pool, rpc, program.id, bounds)
    )
    return print_checks(checks, as_json=as_json)
