"""`replay`: decoded rows and projections made again from stored raw transactions."""

from __future__ import annotations

import click

from gridtokenx_indexer.ops.cli.invocation import (
    Invocation,
    dry_run_option,
    json_option,
    pass_invocation,
    print_json,
)


@click.command()
@dry_run_option
@json_option
@pass_invocation
def replay(invocation: Invocation, dry_run: bool, as_json: bool) -> None:
    """Decode all stored raw transactions again; asks no node, and needs the daemon stopped.

    Says which tables came out differently than before: none, unless an IDL or the decoder has changed.
    """
    from gridtokenx_indexer.ops.cli.session import with_pool
    from gridtokenx_indexer.ops.replaying import replay_all

    invocation.start_logging()
    outcome = with_pool(invocation.settings, lambda pool: replay_all(pool, dry_run=dry_run))
    if as_json:
        print_json(outcome)
        return
    if dry_run:
        click.echo(f"would replay {outcome.transactions} transactions")
        return
    click.echo(
        f"{outcome.transactions} transactions replayed: {outcome.events} events,"
        f" {outcome.parked_items} parked"
    )
    click.echo(f"changed tables: {', '.join(outcome.changed_tables) or 'none'}")
