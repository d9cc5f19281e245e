"""`status`: where everything stands, read from the database."""

from __future__ import annotations

from typing import Any

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, json_option, pass_invocation, print_json


@click.command()
@json_option
@pass_invocation
def status(invocation: Invocation, as_json: bool) -> None:
    """Show the index frontier, the queues, the epochs and who holds the leases."""
    from gridtokenx_indexer.ops.cli.session import with_pool
    from gridtokenx_indexer.ops.daemon.status import read_status

    invocation.start_logging()
    found = with_pool(invocation.settings, read_status)
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name:<16} {_text(value)}")


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {entry}" for key, entry in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(_text(entry) for entry in value) or "none"
    return "-" if value is None else str(value)
