"""Half hours of telemetry and key figures of days: finds what rows touched, and computes it anew.

Nothing is kept in memory between calls. What was found is a row of `indexer.touched_half_hours` before the
position moves past it, and the row goes in the transaction that computes it: who dies in between leaves it to
the next.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import msgspec

from gridtokenx_indexer.store.leases import Lease, require_current
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.rollup_plan import (
    DayBatch,
    Position,
    behind,
    days_between,
    is_from_elsewhere,
    next_batch,
)

log = logging.getLogger(__name__)

_SQL = load("rollups")


class RollupConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How often telemetry is looked at, and how much at a time."""

    poll_ms: int = 60_000
    """Pause between two looks at new telemetry."""
    page_rows: int = 20_000
    """Rows looked at per database transaction."""
    batch_half_hours: int = 12
    """Half hours computed per database transaction; they are always of one day."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at new telemetry came to.

    `more`: rows were found, and behind them there may be others. `stuck`: committed rows wait, as they did at
    the look before, because a transaction older than theirs is open. With neither, all that was committed at
    `moment` has been seen.
    """

    moment: datetime
    more: bool
    stuck: bool


@dataclass(frozen=True, slots=True)
class Computed:
    """What one batch changed; `half_hours` leaves out those that another process had computed meanwhile."""

    batch: DayBatch
    half_hours: int
    rows: int
    day_done: bool


class Rollups:
    """The work of one process; `lease` None: without a lease, as a command beside the daemon does."""

    def __init__(self, pool: Pool, config: RollupConfig, lease: Lease | None = None) -> None:
        self._pool = pool
        self._config = config
        self._lease = lease

    async def look(self) -> Look:
        """Looks at one page of new telemetry and puts down what it touched."""
        async with self._transaction() as connection:
            await connection.execute(_SQL["lock_progress"])
            row = await connection.fetchrow(_SQL["progress"])
            assert row is not None
            position, horizon = Position(row["transaction_id"], row["bucket_start"]), row["horizon"]
            page: Sequence[Position] = ()
            if is_from_elsewhere(position, horizon):
                log.warning("rollups_from_elsewhere", extra={"position": str(position.transaction_id)})
                await self._touch_everything(connection)
            else:
                page = await self._touch_page(connection, position, horizon)
            after = behind(page, horizon)
            await connection.execute(_SQL["move_on"], after.transaction_id, after.bucket_start)
            stuck = position == after and await connection.fetchval(_SQL["rows_wait"], horizon)
        return Look(row["moment"], more=bool(page), stuck=stuck)

    async def touch(self, start: datetime, end: datetime) -> int:
        """Has every half hour of [start, end) that has raw rows computed anew; returns how many."""
        count = 0
        for first, last in days_between(start, end):
            async with self._transaction() as connection:
                count += await self._touch_range(connection, first, last)
        return count

    async def compute(self) -> Computed | None:
        """Computes the next batch; None when nothing waits."""
        waiting = await self._pool.fetch(_SQL["touched"], self._config.batch_half_hours)
        batch = next_batch([row["bucket_start"] for row in waiting], self._config.batch_half_hours)
        if batch is None:
            return None
        await self._pool.execute(_SQL["ensure_partition"], batch.half_hours[0])
        rows = 0
        async with self._transaction() as connection:
            await connection.execute(_SQL["lock_day"], batch.day)
            taken = [row["bucket_start"] for row in await connection.fetch(_SQL["take"], batch.half_hours)]
            if taken:
                rows = await connection.fetchval(_SQL["roll_up_half_hours"], taken)
            day_done = bool(taken) and not await connection.fetchval(_SQL["day_waits"], batch.day)
            if day_done:
                await connection.execute(_SQL["roll_up_site_day"], batch.day)
        log.debug("rolled_up", extra={"day": str(batch.day), "half_hours": len(taken), "rows": rows})
        return Computed(batch, len(taken), rows, day_done)

    async def caught_up(self, moment: datetime) -> None:
        """Writes down that all that was committed at `moment` has been computed."""
        async with self._transaction() as connection:
            await connection.execute(_SQL["caught_up"], moment)

    async def _touch_everything(self, connection: Connection) -> None:
        bounds = await connection.fetchrow(_SQL["raw_range"])
        if bounds is not None and bounds["first"] is not None:
            for first, last in days_between(bounds["first"], bounds["last"]):
                await self._touch_range(connection, first, last)

    async def _touch_range(self, connection: Connection, start: datetime, end: datetime) -> int:
        rows = await connection.fetch(_SQL["with_rows"], start, end)
        await connection.execute(_SQL["touch"], [row["bucket_start"] for row in rows])
        return len(rows)

    async def _touch_page(
        self, connection: Connection, position: Position, horizon: int
    ) -> Sequence[Position]:
        rows = await connection.fetch(
            _SQL["page"], position.transaction_id, position.bucket_start, horizon, self._config.page_rows
        )
        await connection.execute(_SQL["touch"], sorted({row["bucket_start"] for row in rows}))
        return [Position(row["transaction_id"], row["bucket_start"]) for row in rows]

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        async with self._pool.acquire() as connection, connection.transaction():
            if self._lease is not None:
                await require_current(connection, self._lease)
            yield connection
