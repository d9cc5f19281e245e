"""What every command gets: the effective settings, and how to print."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from gridtokenx_indexer.ops.logging.setup import configure_logging
from gridtokenx_indexer.ops.settings.load import load_settings
from gridtokenx_indexer.ops.settings.merge import Settings

F = TypeVar("F", bound=Callable[..., Any])


class Invocation:
    """One run of the command line. Settings are read on first use, so `--help` never fails on them."""

    def __init__(self, *, config: Path | None, flags: Mapping[str, tuple[str, object]]) -> None:
        self._config = config
        self._flags = dict(flags)

    @cached_property
    def settings(self) -> Settings:
        return load_settings(config=self._config, environment=os.environ, flags=self._flags)

    def with_flags(self, flags: Mapping[str, tuple[str, object | None]]) -> Settings:
        """The settings with a command's own flags on top; None means not given."""
        given = {key: (flag, value) for key, (flag, value) in flags.items() if value is not None}
        self._flags.update(given)
        self.__dict__.pop("settings", None)
        return self.settings

    def start_logging(self) -> None:
        settings = self.settings
        configure_logging(level=str(settings["log.level"]), style=str(settings["log.format"]))


pass_invocation = click.make_pass_decorator(Invocation)


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(command)


def dry_run_option(command: F) -> F:
    return click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")(command)


def print_json(value: object) -> None:
    encoded = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2)
    click.echo(encoded.decode())
