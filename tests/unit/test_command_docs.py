"""The pages about the command line and the API name everything that is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gridtokenx_indexer.ops.cli.main import cli

DOCS = Path(__file__).parents[2] / "docs"


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def test_every_command_is_on_the_page() -> None:
    page = (DOCS / "cli.md").read_text()
    for name, _ in commands(cli):
        assert f"`{name}" in page, name


def test_every_command_and_option_has_a_help_text() -> None:
    for name, command in commands(cli):
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"


def test_every_global_option_is_on_the_page() -> None:
    page = (DOCS / "cli.md").read_text()
    for parameter in cli.params:
        assert any(option in page for option in parameter.opts), parameter.opts


def test_commands_that_write_can_be_tried_dry() -> None:
    writing = {
        "replay",
        "db migrate",
        "db roles",
        "db seed",
        "db partitions apply",
        "db retention apply",
        "db rollups apply",
        "db indexes apply",
        "readings import",
        "queue retry",
        "queue park",
        "queue resume",
        "keys retire",
        "epoch clear",
        "epoch retry",
    }
    for name, command in commands(cli):
        dry = any("--dry-run" in parameter.opts for parameter in command.params)
        assert dry == (name in writing), name
