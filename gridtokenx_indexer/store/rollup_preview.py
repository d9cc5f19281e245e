"""What rollups would compute, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.rollup_plan import Position, behind, days_between
from gridtokenx_indexer.store.rollups import RollupConfig

_SQL = load("rollups")


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """A UTC day with half hours to compute."""

    day: date
    half_hours: int


async def waiting_days(pool: Pool, config: RollupConfig) -> list[DayOfWork]:
    """The days that telemetry touched since it was last computed, oldest first."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        found = {row["bucket_start"] for row in await connection.fetch(_SQL["touched"], None)}
        found |= await _untouched(connection, config)
    return _by_day(found)


async def days_with_rows(pool: Pool, start: datetime, end: datetime) -> list[DayOfWork]:
    """The days of [start, end) that have raw rows, oldest first."""
    found: set[datetime] = set()
    for first, last in days_between(start, end):
        found |= {row["bucket_start"] for row in await pool.fetch(_SQL["with_rows"], first, last)}
    return _by_day(found)


async def _untouched(connection: Connection, config: RollupConfig) -> set[datetime]:
    """Half hours of rows that nobody has looked at yet."""
    row = await connection.fetchrow(_SQL["progress"])
    assert row is not None
    position, horizon = Position(row["transaction_id"], row["bucket_start"]), row["horizon"]
    found: set[datetime] = set()
    while True:
        rows = await connection.fetch(
            _SQL["page"], position.transaction_id, position.bucket_start, horizon, config.page_rows
        )
        if not rows:
            return found
        found |= {each["bucket_start"] for each in rows}
        position = behind([Position(each["transaction_id"], each["bucket_start"]) for each in rows], horizon)


def _by_day(half_hours: Iterable[datetime]) -> list[DayOfWork]:
    counts = Counter(half_hour.astimezone(UTC).date() for half_hour in half_hours)
    return [DayOfWork(day, count) for day, count in sorted(counts.items())]
