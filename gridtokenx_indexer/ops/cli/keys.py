"""`keys`: the signing keys that the index watches."""

from __future__ import annotations

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, dry_run_option, json_option, pass_invocation

_COLUMNS = ("address", "from_slot", "until_slot", "open_attempts", "attempts_in_review")


@click.group()
def keys() -> None:
    """Signing keys that are watched: every transaction of theirs is indexed."""


@keys.command("list")
@json_option
@pass_invocation
def list_(invocation: Invocation, as_json: bool) -> None:
    """List the keys of all daemons, past ones too, with their open transactions."""
    from gridtokenx_indexer.ops.cli.session import print_rows, with_pool
    from gridtokenx_indexer.tx.watched_keys import list_keys

    invocation.start_logging()
    lines = with_pool(invocation.settings, list_keys)
    print_rows(lines, None if as_json else _COLUMNS, as_json=as_json)


@keys.command()
@click.argument("address")
@dry_run_option
@pass_invocation
def retire(invocation: Invocation, address: str, dry_run: bool) -> None:
    """Stop watching a key that no daemon holds any more; refused while a transaction of it is open."""
    from gridtokenx_indexer.domain.ids import Address
    from gridtokenx_indexer.ops.cli.session import with_pool
    from gridtokenx_indexer.tx.watched_keys import retire_key

    invocation.start_logging()
    key = Address(address)
    retired = with_pool(invocation.settings, lambda pool: retire_key(pool, key, dry_run=dry_run))
    ends = "would end" if dry_run else "ends"
    click.echo(f"the watch of {key} {ends} at slot {retired.until_slot}")
