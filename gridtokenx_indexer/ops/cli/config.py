"""`config show`: the effective settings and where each came from."""

from __future__ import annotations

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, json_option, pass_invocation, print_json
from gridtokenx_indexer.ops.cli.tables import table
from gridtokenx_indexer.ops.settings.masking import shown


@click.group()
def config() -> None:
    """The effective settings."""


@config.command()
@json_option
@pass_invocation
def show(invocation: Invocation, as_json: bool) -> None:
    """Print every setting with its value, secrets masked, and the origin of that value."""
    rows = [
        {
            "setting": entry.setting.key,
            "value": shown(entry.setting, entry.value),
            "origin": entry.origin,
            "variable": entry.setting.variable,
        }
        for entry in invocation.settings
    ]
    if as_json:
        print_json(rows)
    else:
        click.echo(table(rows, ("setting", "value", "origin")))


@config.command()
def sample() -> None:
    """Print the sample config.toml: every setting with its default and its meaning."""
    from gridtokenx_indexer.ops.settings.sample import sample as text

    click.echo(text(), nl=False)
