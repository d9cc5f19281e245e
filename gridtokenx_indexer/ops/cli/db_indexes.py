"""`db indexes`: indexes that are missing or unusable, brought back beside writers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from gridtokenx_indexer.ops.cli.invocation import (
    Invocation,
    dry_run_option,
    json_option,
    pass_invocation,
    print_json,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from gridtokenx_indexer.store.index_plan import IndexPlan, IndexStep, Obstacle
    from gridtokenx_indexer.store.pool import Pool

Result = TypeVar("Result")


@click.group()
def indexes() -> None:
    """Indexes of this version that are missing or unusable."""


@indexes.command("plan")
@json_option
@pass_invocation
def plan_indexes(invocation: Invocation, as_json: bool) -> int:
    """Print the statements that bring them back, and what each shuts out; exit code 1 when one cannot be."""
    from gridtokenx_indexer.store.indexes import index_plan

    invocation.start_logging()
    plan, missing = _with_pool(invocation, index_plan)
    if as_json:
        print_json({"steps": plan.steps, "obstacles": plan.obstacles, "missing_tables": missing})
    else:
        _print_plan(plan, missing)
    return 1 if plan.obstacles else 0


@indexes.command("apply")
@dry_run_option
@pass_invocation
def apply_indexes(invocation: Invocation, dry_run: bool) -> int:
    """Bring them back; writers go on meanwhile.

    A run that ends before its time loses nothing: the next one goes on, and drops what was left half built.
    """
    from gridtokenx_indexer.store.indexes import index_plan

    invocation.start_logging()
    if dry_run:
        plan, missing = _with_pool(invocation, index_plan)
        _print_plan(plan, missing)
        return 0
    obstacles = _with_pool(invocation, _apply)
    _print_obstacles(obstacles)
    return 1 if obstacles else 0


async def _apply(pool: Pool) -> Sequence[Obstacle]:
    """What could not be built; nothing is the good answer."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from gridtokenx_indexer.store.indexes import index_builder, index_plan

    columns = (SpinnerColumn(), TextColumn("{task.completed} of {task.total}"), TimeElapsedColumn())
    bar = Progress(
        *columns,
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )
    async with index_builder(pool) as builder:
        plan, _ = await index_plan(pool)
        if not plan.steps:
            click.echo("every index is there" if not plan.obstacles else "nothing can be built")
            return plan.obstacles
        with bar:
            task = bar.add_task("", total=len(plan.steps))

            def done(step: IndexStep) -> None:
                bar.update(task, advance=1)
                click.echo(f"done: {step.statement}")

            waiting = await builder.take(
                plan.steps, on_done=done, watch=lambda text: bar.update(task, description=text)
            )
        return [*plan.obstacles, *waiting]


def _with_pool(invocation: Invocation, work: Callable[[Pool], Awaitable[Result]]) -> Result:
    """Whatever the migrations: an index may be built before the one that would build it at a worse moment."""
    from gridtokenx_indexer.ops.cli.session import opened_pool
    from gridtokenx_indexer.ops.database import database

    async def on_pool(url: str) -> Result:
        async with opened_pool(url) as pool:
            return await work(pool)

    with database(invocation.settings, share=True) as url:
        return asyncio.run(on_pool(url))


def _print_plan(plan: IndexPlan, missing: list[str]) -> None:
    for step in plan.steps:
        click.echo(f"{step.statement};  -- shuts out {step.shuts_out}")
    if not plan.steps and not plan.obstacles and not missing:
        click.echo("every index is there")
    if missing:
        click.echo(
            f"{len(missing)} tables are still to be made by db migrate: {', '.join(missing[:5])}", err=True
        )
    _print_obstacles(plan.obstacles)


def _print_obstacles(obstacles: Sequence[Obstacle]) -> None:
    for obstacle in obstacles:
        click.echo(f"cannot build {obstacle.index} of {obstacle.table}: {obstacle.reason}", err=True)
