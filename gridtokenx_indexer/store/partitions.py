"""Keeps partitions ahead of the clocks for tables that other applications write."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.statuses.chain import PartitionKind, PartitionMeasure
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.partition_plan import NewPartition, PartitionPolicy, plan_partitions
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load

log = logging.getLogger(__name__)

_INTERVAL_S = 3_600.0
_BLOCKED_INTERVAL_S = 60.0


@dataclass(frozen=True, slots=True)
class PartitionOutcome:
    """How many were created, and which were not, because an open transaction holds a table that they need."""

    created: int
    blocked: tuple[NewPartition, ...] = ()


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


async def create_partitions(pool: Pool, plan: Sequence[NewPartition]) -> PartitionOutcome:
    """Creates each partition in a transaction of its own; those whose table is in use are left out."""
    queries = load("partitions")
    blocked: list[NewPartition] = []
    for partition in plan:
        # Each try makes other writers wait, so one for each table is enough.
        if partition.table in {one.table for one in blocked}:
            blocked.append(partition)
            continue
        try:
            await pool.execute(queries["create"], partition.table, partition.lower)
        except asyncpg.LockNotAvailableError:
            blocked.append(partition)
            log.warning("partition_blocked", extra={"table": partition.table, "partition": partition.name})
        else:
            log.info("partition_created", extra={"table": partition.table, "partition": partition.name})
    return PartitionOutcome(len(plan) - len(blocked), tuple(blocked))


async def ensure_partitions_ahead(pool: Pool, tries: int = 3) -> int:
    """Creates what is missing and returns how many; raises `RetryableError` when a table stays in use."""
    outcome, created = PartitionOutcome(0), 0
    for _ in range(tries):
        outcome = await create_partitions(pool, await missing_partitions(pool))
        created += outcome.created
        if not outcome.blocked:
            return created
    table = outcome.blocked[0].table
    holders = await pool.fetch(load("partitions")["holders"], table)
    who = " and ".join(f"process {row['pid']} ({row['application_name']})" for row in holders)
    raise RetryableError(
        f"{created} partitions created, {len(outcome.blocked)} not: {table} or a table that it points to"
        f" is in use{f' by {who}' if who else ''}",
        remedy="run this again when those transactions have ended",
    )


class PartitionKeeper:
    """A service: looks at start, hourly, and whenever the market clock moves (`wake`).

    What is blocked comes again after a minute: months are left until its rows do.
    """

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
                outcome = await create_partitions(self._pool, await missing_partitions(self._pool))
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
                raise RetryableError(f"cannot create partitions: {error}") from error
            await self._wake.wait(_BLOCKED_INTERVAL_S if outcome.blocked else _INTERVAL_S, stop)
