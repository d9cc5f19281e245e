"""From new readings to operations: judges each reading once and opens the operation of its window."""

from __future__ import annotations

from dataclasses import dataclass

from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import window_of
from gridtokenx_indexer.mint.clock import MintClock, read_clock
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.ports import Connection, HeldLease, Pool

_SWEEP_BATCHES = 10
WINDOWS_PER_PARTITION = 96

_SQL = load("mint")


@dataclass(frozen=True, slots=True)
class Planned:
    judged: int
    queued: int
    parked: int


class MintPlanner:
    """Set-based and in bounded batches; every batch commits under the lease."""

    def __init__(self, pool: Pool, config: MintConfig) -> None:
        self._pool = pool
        self._config = config
        self._partitions: set[int] = set()

    async def plan(self, lease: HeldLease) -> Planned:
        """Judges all readings of closed windows, so that a window's operation is not frozen half-planned."""
        judged = queued = parked = 0
        clock = await read_clock(self._pool, self._config.grace_s)
        while True:
            batch = await self._judge(clock, lease)
            judged, queued, parked = judged + batch.judged, queued + batch.queued, parked + batch.parked
            if batch.judged < self._config.plan_batch_readings:
                break
        if queued:
            await self.open_carrying_windows(lease)
        return Planned(judged, queued, parked)

    async def _judge(self, clock: MintClock, lease: HeldLease) -> Planned:
        limit = self._config.plan_batch_readings
        rows = await self._pool.fetch(_SQL["pending_windows"], clock.closed_before, limit)
        days = [Window(row["day_start_window"]) for row in rows]
        for day in days:
            await self._ensure_partition(day)
        async with self._pool.acquire() as conn, conn.transaction():
            await require_lease(conn, lease)
            await conn.execute(_SQL["plan_for_the_batch"])
            judged = await conn.fetchrow(
                _SQL["judge_readings"],
                clock.closed_before,
                limit,
                self._config.max_reading_age_s,
                self._config.max_reading_kwh,
                days,
            )
        assert judged is not None
        return Planned(judged["judged"], judged["queued"], judged["parked"])

    async def open_carrying_windows(self, lease: HeldLease) -> None:
        """Gives late readings of frozen windows an open operation."""
        clock = await read_clock(self._pool, self._config.grace_s)
        window = window_of(clock.market_now)
        await self._ensure_partition(window)
        async with self._pool.acquire() as conn, conn.transaction():
            await require_lease(conn, lease)
            await conn.execute(_SQL["open_carrying_windows"], window)

    async def sweep(self, lease: HeldLease) -> None:
        """Brings back what waited for a verified meter, for a wallet, or for a trouble to pass.

        What is left after so many batches waits for the next sweep, so that readings are planned in between.
        """
        limit = self._config.plan_batch_readings
        for name, arguments in (
            ("reconsider_parked_readings", (limit,)),
            ("reconsider_parked_operations", (limit,)),
            ("retry_parked_operations", (self._config.parked_retry_s, limit)),
        ):
            for _ in range(_SWEEP_BATCHES):
                async with self._pool.acquire() as conn, conn.transaction():
                    await require_lease(conn, lease)
                    changed = await conn.execute(_SQL[name], *arguments)
                if int(changed.split()[-1]) < limit:
                    break
        await self.open_carrying_windows(lease)

    async def _ensure_partition(self, window: Window) -> None:
        start = window // WINDOWS_PER_PARTITION
        if start not in self._partitions:
            await self._pool.execute(_SQL["ensure_queue_partition"], window)
            self._partitions.add(start)


async def require_lease(conn: Connection, lease: HeldLease) -> None:
    """Holds the term until the transaction ends; raises `LeaseLostError` when it is over."""
    if not await conn.fetchval(load("attempts")["lease_is_current"], lease.name, lease.term):
        raise LeaseLostError(f"lease {lease.name} term {lease.term} is no longer ours")
