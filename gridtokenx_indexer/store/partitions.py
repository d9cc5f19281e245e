"""Keeps partitions ahead of the clocks for tables that other applications write."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import asyncpg

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.statuses.chain import PartitionKind, PartitionMeasure
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.partition_plan import NewPartition, PartitionPolicy, plan_partitions
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load

log = logging.getLogger(__name__)

_INTERVAL_S = 3_600.0


async def missing_partitions(pool: Pool) -> tuple[NewPartition, ...]:
    """What the planner wants of this database now; changes nothing."""
    queries = load("partitions")
    async with pool.acquire() as connection:
        policies = [
            PartitionPolicy(
                table=row["table_name"],
                kind=PartitionKind(row["kind"]),
                step=row["step"],
                ahead_months=row["ahead_months"],
                counts=PartitionMeasure(row["counts"]),
            )
            for row in await connection.fetch(queries["policies"])
        ]
        present = await connection.fetchrow(queries["present"])
        existing = {row["name"] for row in await connection.fetch(queries["existing"])}
    assert present is not None
    clocks = [present["wall_clock"], present["market_clock"]]
    return plan_partitions(policies, clocks=clocks, slot=present["head_slot"], existing=existing)


async def create_partitions(pool: Pool, plan: Sequence[NewPartition]) -> int:
    """Creates each partition in a transaction of its own; returns how many."""
    queries = load("partitions")
    for partition in plan:
        await pool.execute(queries["create"], partition.table, partition.lower)
        log.info("partition_created", extra={"table": partition.table, "partition": partition.name})
    return len(plan)


async def ensure_partitions_ahead(pool: Pool) -> int:
    """Creates what is missing; returns how many."""
    return await create_partitions(pool, await missing_partitions(pool))


class PartitionKeeper:
    """A service: looks at start, hourly, and whenever the market clock moves (`wake`)."""

    def __init__(self, pool: Pool, wake: Wake) -> None:
        self._pool = pool
        self._wake = wake

    @property
    def name(self) -> str:
        return "partitions"

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`; raises `RetryableError` when the database is away."""
        while not stop.is_set():
            try:
                await ensure_partitions_ahead(self._pool)
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
                raise RetryableError(f"cannot create partitions: {error}") from error
            await self._wake.wait(_INTERVAL_S, stop)
