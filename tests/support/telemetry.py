"""Telemetry of the two miners of the rule world, and what is computed from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.rollups import RollupConfig, Rollups
from tests.support.eventually import eventually
from tests.support.rule_world import WORLD

_ENSURE = "SELECT indexer.ensure_partition('hosting.miner_telemetry', $1::timestamptz)"
_ROW = (
    "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, power_consumption, recorded_at)"
    " VALUES ($1, 100, 3000, $2)"
)
_SAMPLES = (
    "SELECT miner_id, bucket_start, samples FROM hosting.telemetry_30min ORDER BY bucket_start, miner_id"
)
_LEFT = (
    "SELECT EXISTS (SELECT FROM hosting.miner_telemetry AS r, indexer.rollup_progress AS p"
    " WHERE r.transaction_id >= p.transaction_id)"
)


async def make_world(pool: Pool) -> None:
    await pool.execute(WORLD)


async def add_row(connection: Pool | Connection, moment: datetime, *, miner: int = 1) -> None:
    """One row of 100 TH/s, whose partition is there."""
    await connection.execute(_ROW, miner, moment)


async def add_rows(pool: Pool, *moments: datetime, miner: int = 1) -> None:
    """Rows of one transaction; their partitions are made first."""
    for moment in moments:
        await pool.execute(_ENSURE, moment)
    async with pool.acquire() as connection, connection.transaction():
        for moment in moments:
            await add_row(connection, moment, miner=miner)


async def samples(pool: Pool) -> list[tuple[Any, ...]]:
    """Miner, half hour and number of samples."""
    return [tuple(row) for row in await pool.fetch(_SAMPLES)]


async def look_at_everything(rollups: Rollups, pool: Pool) -> None:
    """Looks until no row is left out; another test on the server may hold that up for a moment."""

    async def seen() -> bool:
        more = (await rollups.look()).more
        return not more and not await pool.fetchval(_LEFT)

    await eventually(seen, "seen all telemetry")


async def roll_up(pool: Pool, config: RollupConfig | None = None) -> int:
    """Brings everything up to date; the number of half hours computed."""
    rollups = Rollups(pool, config or RollupConfig())
    await look_at_everything(rollups, pool)
    half_hours = 0
    while (computed := await rollups.compute()) is not None:
        half_hours += computed.half_hours
    return half_hours
