"""Brings indexes of the release back that are missing or unusable, while writers go on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.catalogue import shipped_catalogue
from gridtokenx_indexer.store.catalogue_diff import Catalogue, ObjectId
from gridtokenx_indexer.store.index_plan import (
    FoundIndex,
    FoundTable,
    IndexLock,
    IndexPlan,
    IndexStep,
    Obstacle,
    WantedIndex,
    missing_tables,
    plan_indexes,
)
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load

log = logging.getLogger(__name__)

Watcher = Callable[[str], None]
"""Called while a step runs with what it is doing."""

_SQL = load("indexes")
_NO_LIMIT_S = 30 * 86_400.0
_WATCH_S = 0.5


@dataclass(frozen=True, slots=True)
class LockPatience:
    """How a statement that shuts out writers gets its turn.

    It waits `wait_ms` for those at work, which makes those behind it wait too, then lets everybody through
    for `pause_s`, and gives up after `tries`.
    """

    wait_ms: int = 2_000
    pause_s: float = 1.0
    tries: int = 15


def wanted_indexes(catalogue: Catalogue) -> list[WantedIndex]:
    """The indexes of a release, from the catalogue that it ships."""
    return [
        WantedIndex(
            table=one.name.rpartition(".")[0],
            name=one.name.rpartition(".")[2],
            definition=definition,
            constraint=catalogue.get(ObjectId("constraint", one.name)),
            comment=catalogue.get(ObjectId("comment", f"index {one.name}")),
            constraint_comment=catalogue.get(ObjectId("comment", f"constraint {one.name}")),
        )
        for one, definition in catalogue.items()
        if one.kind == "index"
    ]


async def index_plan(pool: Pool) -> tuple[IndexPlan, list[str]]:
    """What is to be done, and the tables that a migration has yet to make; changes nothing."""
    catalogue = shipped_catalogue()
    schemas = [one.name for one in catalogue if one.kind == "schema"]
    wanted = wanted_indexes(catalogue)
    tables = [FoundTable(**dict(row)) for row in await pool.fetch(_SQL["tables"], schemas)]
    indexes = [_found(row) for row in await pool.fetch(_SQL["indexes"], schemas)]
    return plan_indexes(wanted, tables, indexes), missing_tables(wanted, tables)


def _found(row: asyncpg.Record) -> FoundIndex:
    values = dict(row)
    return FoundIndex(table=values.pop("table_name"), **values)


@asynccontextmanager
async def index_builder(pool: Pool, patience: LockPatience | None = None) -> AsyncIterator[IndexBuilder]:
    """The one builder of a database; raises `RetryableError` while there is another."""
    async with pool.acquire() as connection:
        if not await connection.fetchval(_SQL["try_lock"]):
            other = await connection.fetchrow(_SQL["builder"])
            who = f"process {other['pid']} ({other['application_name']})" if other else "another process"
            raise RetryableError(
                f"{who} builds indexes of this database",
                remedy="wait for it, or end it with pg_terminate_backend",
            )
        try:
            with suppress(asyncpg.InvalidParameterValueError):
                await connection.execute(_SQL["let_go"])
            yield IndexBuilder(pool, connection, patience or LockPatience())
        finally:
            await connection.execute(_SQL["unlock"])


class IndexBuilder:
    """Takes the steps of a plan on a connection of its own."""

    def __init__(self, pool: Pool, connection: Connection, patience: LockPatience) -> None:
        self._pool = pool
        self._patience = patience
        self._connection = connection
        self._pid: int = connection.get_server_pid()

    async def take(
        self, steps: Sequence[IndexStep], *, on_done: Callable[[IndexStep], None], watch: Watcher
    ) -> list[Obstacle]:
        """Takes the steps; what is done stays, whatever happens. Returns what waits for a migration.

        Raises `StopError` for a step that cannot succeed as things are, `RetryableError` for a table that is
        never free for an instant.
        """
        waiting: dict[str, Obstacle] = {}
        for step in steps:
            if step.whole in waiting:
                continue
            try:
                if step.shuts_out is IndexLock.NOTHING:
                    await self._build(step, watch)
                else:
                    await self._between_writers(step, watch)
            except (asyncpg.UndefinedColumnError, asyncpg.UndefinedFunctionError) as error:
                reason = f"{error.args[0]}; run db migrate first"
                waiting[step.whole] = Obstacle(step.index, step.table, reason)
                continue
            log.debug("index_step", extra={"statement": step.statement})
            on_done(step)
        return list(waiting.values())

    async def _build(self, step: IndexStep, watch: Watcher) -> None:
        await self._connection.execute(_SQL["limits"], "0")
        work = asyncio.ensure_future(self._connection.execute(step.statement, timeout=_NO_LIMIT_S))
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=_WATCH_S)
                watch(await self._progress())
            await work
        except asyncpg.UniqueViolationError as error:
            raise StopError(
                f"{step.index} cannot be built: {error.args[0]} ({getattr(error, 'detail', '')})",
                remedy=f"remove what {step.table} holds twice and run this again",
            ) from error
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})

    async def _progress(self) -> str:
        row = await self._pool.fetchrow(_SQL["progress"], self._pid)
        if row is None:
            return ""
        done, total = (
            (row["blocks_done"], row["blocks_total"])
            if row["blocks_total"]
            else (row["tuples_done"], row["tuples_total"])
        )
        share = f" {100 * done // total} %" if total else ""
        waits = f", waits for process {row['waits_for']}" if row["waits_for"] else ""
        return f"{row['phase']}{share}{waits}"

    async def _between_writers(self, step: IndexStep, watch: Watcher) -> None:
        await self._connection.execute(_SQL["limits"], f"{self._patience.wait_ms}ms")
        for _ in range(self._patience.tries):
            try:
                await self._connection.execute(step.statement)
            except asyncpg.LockNotAvailableError:
                watch(f"waits for an instant without transactions on {step.table}")
                await asyncio.sleep(self._patience.pause_s)
            else:
                return
        raise RetryableError(
            f"{step.table} was never free for an instant; {await self._holders(step.table)}",
            remedy="run this again at a quieter time; what is done stays",
        )

    async def _holders(self, table: str) -> str:
        rows = await self._pool.fetch(_SQL["holders"], table)
        shown = ", ".join(f"process {row['pid']} ({row['application_name']})" for row in rows)
        return f"it is held by {shown}" if shown else "its transactions are short but many"
