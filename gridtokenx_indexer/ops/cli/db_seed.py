"""`db seed`: a made-up world for trying things out."""

from __future__ import annotations

import sys

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, dry_run_option, pass_invocation


@click.command()
@click.option(
    "--scale",
    type=click.Choice(["small", "large"]),
    default="small",
    show_default=True,
    help="A few thousand rows, or more than a million.",
)
@click.option(
    "--seed", "number", type=int, default=1, show_default=True, help="The same number, the same rows."
)
@dry_run_option
@pass_invocation
def seed(invocation: Invocation, scale: str, number: int, dry_run: bool) -> None:
    """Fill an empty database with sample rows in every domain."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from gridtokenx_indexer.ops.cli.session import with_database
    from gridtokenx_indexer.store.sample.load import seed_database

    invocation.start_logging()
    bar = Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)
    tasks: dict[str, TaskID] = {}

    def show(table: str, advance: int, total: int) -> None:
        if table not in tasks:
            tasks[table] = bar.add_task(table, total=total)
        bar.update(tasks[table], advance=advance)

    with bar:
        counts = with_database(
            invocation.settings,
            lambda url: seed_database(url, scale=scale, seed=number, progress=show, dry_run=dry_run),
        )
    click.echo(f"{sum(counts.values())} rows {'would be ' if dry_run else ''}in {len(counts)} tables")
