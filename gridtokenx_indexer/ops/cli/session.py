"""What commands that work on the database or the chain open, and how they print results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import click
import msgspec

from gridtokenx_indexer.ops.cli.tables import table
from gridtokenx_indexer.ops.database import backup_hook, database, require_schema
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.store.pool import Pool, create_pool

Result = TypeVar("Result")

EXIT_DIFFERENT = 1


def with_database(settings: Settings, work: Callable[[str], Result]) -> Result:
    """`work` on the URL of a database whose schema is this version's."""
    with database(settings, share=True) as url:
        apply = not settings["database.url"]
        require_schema(url, apply=apply, before_change=backup_hook(settings, url))
        return work(url)


def with_pool(settings: Settings, work: Callable[[Pool], Awaitable[Result]]) -> Result:
    """As `with_database`, for asynchronous work on a small pool."""
    return with_database(settings, lambda url: asyncio.run(_on_pool(url, work)))


async def _on_pool(url: str, work: Callable[[Pool], Awaitable[Result]]) -> Result:
    async with opened_pool(url) as pool:
        return await work(pool)


@asynccontextmanager
async def opened_pool(url: str) -> AsyncIterator[Pool]:
    # A replay of a large index takes as long as it takes; whoever waits for it may interrupt it.
    pool = await create_pool(url, application_name="gridtokenx-cli", max_size=4, command_timeout_s=None)
    try:
        yield pool
    finally:
        await pool.close()


def rows_of(items: Iterable[Any]) -> list[dict[str, Any]]:
    """Structs or dataclasses as rows for a table."""
    rows: list[dict[str, Any]] = msgspec.to_builtins(list(items), enc_hook=str)
    return rows


def print_checks(checks: Iterable[Any], *, as_json: bool) -> int:
    """Prints statements with `check`, `ok`, `detail` and perhaps `differences`; 0 when all hold, else 1."""
    from gridtokenx_indexer.ops.cli.invocation import print_json

    listed = list(checks)
    if as_json:
        print_json(listed)
    else:
        for one in listed:
            click.echo(f"{'ok    ' if one.ok else 'FAILED'} {one.check}: {one.detail}")
            for difference in getattr(one, "differences", ()):
                click.echo(f"       {difference}")
    return 0 if all(one.ok for one in listed) else EXIT_DIFFERENT


def print_rows(items: Iterable[Any], columns: tuple[str, ...] | None = None, *, as_json: bool) -> None:
    from gridtokenx_indexer.ops.cli.invocation import print_json

    rows = rows_of(items)
    if as_json:
        print_json(rows)
    else:
        click.echo(table(rows, columns))
