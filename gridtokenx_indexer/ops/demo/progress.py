"""Progress of the demo on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_LINES = 8

Step = Callable[[int, int], None]


class Teller:
    """Says what the demo is doing."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()

    def say(self, text: str) -> None:
        click.echo(text, err=True)

    @contextmanager
    def windows(self) -> Iterator[Step]:
        """A function to call with (windows played, windows in all)."""
        if not self._terminal:
            yield self._line
            return
        columns = (
            TextColumn("windows"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("windows", total=None)
            yield lambda played, total: bar.update(task, completed=played, total=total)

    def _line(self, played: int, total: int) -> None:
        if played == total or played % max(total // _LINES, 1) == 0:
            self.say(f"windows played: {played} of {total}")
