"""`db seed`: a made-up world for trying things out."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.cli.invocation import Invocation, dry_run_option, pass_invocation


@click.command()
@click.option(
    "--scale",
    type=click.Choice(["small", "large"]),
    default="small",
    show_default=True,
    help="Some ten thousand rows, or two million.",
)
@click.option(
    "--seed",
    "number",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="The same number, the same rows, up to --until.",
)
@click.option("--until", help="Where the sample's time ends, as RFC 3339; now without it.")
@dry_run_option
@pass_invocation
def seed(invocation: Invocation, scale: str, number: int, until: str | None, dry_run: bool) -> int:
    """Fill an empty database with sample rows in every domain, all of them or none."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from gridtokenx_indexer.ops.cli.session import opened_pool, with_database
    from gridtokenx_indexer.ops.interrupts import EXIT_INTERRUPTED, run_interruptible
    from gridtokenx_indexer.ops.sample.load import seed_database

    invocation.start_logging()
    now = _moment(until) if until else None
    bar = Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)
    tasks: dict[str, TaskID] = {}

    def show(what: str, advance: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what)
        bar.update(tasks[what], advance=advance, total=total)

    async def fill(url: str) -> int:
        async with opened_pool(url) as pool:
            counts = await seed_database(
                pool, scale=scale, seed=number, now=now, progress=show, dry_run=dry_run
            )
        would = "would be " if dry_run else ""
        click.echo(f"{sum(counts.values())} rows {would}in {len(counts)} tables")
        return 0

    with bar:
        code = with_database(invocation.settings, lambda url: run_interruptible(fill(url)))
    if code == EXIT_INTERRUPTED:
        click.echo("interrupted, and nothing was written; start db seed again", err=True)
    return code


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--until {text!r} is not a time", remedy="give RFC 3339") from error
    if moment.tzinfo is None:
        raise UsageError(f"--until {text!r} names no time zone", remedy="end it with Z for UTC")
    return moment
