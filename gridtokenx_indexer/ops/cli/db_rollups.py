"""`db rollups`: half hours and days of telemetry, which the daemon otherwise keeps."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, dry_run_option, json_option, pass_invocation

if TYPE_CHECKING:
    from gridtokenx_indexer.store.pool import Pool
    from gridtokenx_indexer.store.rollup_preview import DayOfWork
    from gridtokenx_indexer.store.rollups import RollupConfig, Rollups

F = TypeVar("F", bound=Callable[..., Any])
Span = tuple[datetime, datetime] | None


@click.group()
def rollups() -> None:
    """Half hours and days of telemetry, computed from its raw rows."""


def _range_options(command: F) -> F:
    command = click.option("--to", "end", help="Up to this time, not including it; the present without it.")(
        command
    )
    return click.option(
        "--from",
        "start",
        help="Every half hour from this time (RFC 3339 or a date), not only what waits to be computed.",
    )(command)


@rollups.command("plan")
@_range_options
@json_option
@pass_invocation
def plan_rollups(invocation: Invocation, start: str | None, end: str | None, as_json: bool) -> None:
    """List the days that have half hours to compute."""
    from gridtokenx_indexer.ops.cli.moments import time_range
    from gridtokenx_indexer.ops.cli.session import print_rows, with_pool

    invocation.start_logging()
    span, config = time_range(start, end), _config(invocation)
    print_rows(with_pool(invocation.settings, lambda pool: _planned(pool, config, span)), as_json=as_json)


@rollups.command("apply")
@_range_options
@dry_run_option
@pass_invocation
def apply_rollups(invocation: Invocation, start: str | None, end: str | None, dry_run: bool) -> None:
    """Compute them now, beside a daemon or without one.

    An interrupted run loses nothing: what it has not computed waits for the daemon, or for the next run.
    """
    from gridtokenx_indexer.ops.cli.moments import time_range
    from gridtokenx_indexer.ops.cli.session import with_pool

    invocation.start_logging()
    span, config = time_range(start, end), _config(invocation)
    if dry_run:
        days = with_pool(invocation.settings, lambda pool: _planned(pool, config, span))
        click.echo(f"would compute {sum(day.half_hours for day in days)} half hours of {len(days)} days")
        return
    half_hours, rows = with_pool(invocation.settings, lambda pool: _apply(pool, config, span))
    click.echo(f"{half_hours} half hours computed, {rows} rows changed")


def _config(invocation: Invocation) -> RollupConfig:
    from gridtokenx_indexer.store.rollups import RollupConfig

    return invocation.settings.struct("rollups", RollupConfig)


async def _planned(pool: Pool, config: RollupConfig, span: Span) -> list[DayOfWork]:
    from gridtokenx_indexer.store.rollup_preview import days_with_rows, waiting_days

    return await waiting_days(pool, config) if span is None else await days_with_rows(pool, *span)


async def _apply(pool: Pool, config: RollupConfig, span: Span) -> tuple[int, int]:
    from rich.console import Console
    from rich.progress import Progress

    from gridtokenx_indexer.store.rollup_preview import waiting_days
    from gridtokenx_indexer.store.rollups import Rollups

    work = Rollups(pool, config)
    if span is not None:
        await work.touch(*span)
    while (look := await work.look()).more:
        pass
    total = sum(day.half_hours for day in await waiting_days(pool, config))
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("half hours", total=total)
        computed = await _compute(work, lambda done: bar.update(task, advance=done))
    if not look.stuck:
        await work.caught_up(look.moment)
    return computed


async def _compute(work: Rollups, on_computed: Callable[[int], None]) -> tuple[int, int]:
    half_hours = rows = 0
    while (computed := await work.compute()) is not None:
        half_hours, rows = half_hours + computed.half_hours, rows + computed.rows
        on_computed(computed.half_hours)
    return half_hours, rows
