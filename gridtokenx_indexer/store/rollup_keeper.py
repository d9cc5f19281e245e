"""Keeps half hours and days of telemetry true while telemetry comes in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from gridtokenx_indexer.store.leases import Lease, LeaseKeeper
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.rollups import RollupConfig, Rollups


class RollupKeeper:
    """A service: looks at new telemetry every poll interval and computes what it touched, under a lease."""

    def __init__(
        self,
        pool: Pool,
        lease: LeaseKeeper,
        config: RollupConfig,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._lease = lease
        self._config = config
        self._clock = clock

    @property
    def name(self) -> str:
        return "rollups"

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`; raises `RetryableError` when the lease is lost."""
        wake = Wake()
        while not stop.is_set():
            lease = await self._lease.held(stop)
            if lease is None:
                return
            ends_at = self._clock() + self._config.poll_ms / 1_000
            await self._round(lease, ends_at, stop)
            await wake.wait(max(ends_at - self._clock(), 0), stop)

    async def _round(self, lease: Lease, ends_at: float, stop: asyncio.Event) -> None:
        """A backlog of years is left at `ends_at`, so that the present is looked at in time."""
        rollups = Rollups(self._pool, self._config, lease)
        seen_until = await self._look(rollups, stop)
        while not stop.is_set():
            if await rollups.compute() is None:
                if seen_until is not None:
                    await rollups.caught_up(seen_until)
                return
            if self._clock() >= ends_at:
                return

    async def _look(self, rollups: Rollups, stop: asyncio.Event) -> datetime | None:
        """Looks until nothing is left; the moment until which all is known, None when there is none."""
        while not stop.is_set():
            look = await rollups.look()
            if not look.more:
                return None if look.stuck else look.moment
        return None
