"""Keeps partitions ahead of the clocks for tables that other applications write."""

from __future__ import annotations

import asyncio
import logging

import asyncpg

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load

log = logging.getLogger(__name__)

_INTERVAL_S = 3_600.0


async def ensure_partitions_ahead(pool: Pool) -> int:
    """Creates missing month and day partitions, each table in a transaction of its own; returns how many."""
    queries = load("partitions")
    made = 0
    for row in await pool.fetch(queries["time_tables"]):
        count: int = await pool.fetchval(queries["ensure_ahead"], row["table_name"])
        if count:
            log.info("partitions_created", extra={"table": row["table_name"], "count": count})
        made += count
    return made


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
