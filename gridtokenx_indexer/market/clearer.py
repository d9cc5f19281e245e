"""The service that opens epochs ahead of time and clears them when the market clock passes their end."""

from __future__ import annotations

import asyncio
import logging
import math
from datetime import datetime

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import epoch_end, epoch_start
from gridtokenx_indexer.market import ids
from gridtokenx_indexer.market.chain_terms import TermsSource
from gridtokenx_indexer.market.clearing_run import ClearedEpoch, clear_epoch
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.epochs import EpochStatus, wanted_epochs
from gridtokenx_indexer.market.pacing import pause_s, until_epoch_end_s
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.ports import HeldLease, LeaseSource, Pool, Wake

log = logging.getLogger(__name__)

_SQL = load("market")

CLEARER_LEASE = "clearer"


class EpochClearer:
    """Works under the lease `clearer`. `gridtokenx_clock` wakes it; polling alone reaches the same state."""

    name = "epoch-clearer"

    def __init__(
        self, pool: Pool, lease: LeaseSource, terms: TermsSource, wake: Wake, config: MarketConfig
    ) -> None:
        self._pool = pool
        self._lease = lease
        self._terms = terms
        self._wake = wake
        self._config = config
        self._until_end_s = math.inf

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            lease = self._lease.term()
            if lease is not None and await self._step(lease):
                continue
            pause = pause_s(self._config, lease_held=lease is not None)
            await self._wake.wait(min(pause, self._until_end_s), stop)

    async def _step(self, lease: HeldLease) -> bool:
        """One round; True when it cleared something and should look again at once."""
        try:
            self._until_end_s = until_epoch_end_s(await self.ensure())
            return await self.clear_next(lease) is not None
        except RetryableError as error:
            log.warning("clearing_delayed", extra={"error": str(error)})
            return False

    async def ensure(self) -> datetime:
        """Makes the epochs that the market clock asks for and starts those that have begun; its time."""
        return await ensure_epochs(self._pool, self._config)

    async def clear_next(self, lease: HeldLease) -> ClearedEpoch | None:
        """Clears the oldest epoch that has ended; None when there is none.

        Raises `LeaseLostError` when the lease is over.
        """
        row = await self._pool.fetchrow(_SQL["next_to_clear"])
        if row is None:
            return None
        epoch = EpochNumber(row["epoch_number"])
        terms = await self._terms.terms()
        if row["status"] == EpochStatus.ACTIVE:
            await start_clearing(self._pool, epoch, lease)
        cleared = await clear_epoch(self._pool, epoch, lease, self._config, terms)
        if cleared is not None:
            log.info(
                "epoch_cleared",
                extra={
                    "epoch": epoch,
                    "status": cleared.status.value,
                    "orders": cleared.orders,
                    "trades": cleared.trades,
                    "volume_micro_kwh": cleared.volume_micro_kwh,
                },
            )
        return cleared


async def ensure_epochs(pool: Pool, config: MarketConfig) -> datetime:
    """Creates the epochs that should exist by the market clock and starts those that have begun.

    Returns what the market clock shows.
    """
    market_now: datetime = await pool.fetchval(_SQL["market_now"])
    last = await pool.fetchval(_SQL["last_epoch"])
    wanted = wanted_epochs(market_now, last, ahead=config.epochs_ahead, backfill=config.backfill_epochs)
    missing = [epoch for epoch in wanted if last is None or epoch > last]
    if missing:
        await pool.execute(
            _SQL["insert_epochs"],
            [ids.epoch_id(epoch) for epoch in missing],
            missing,
            [epoch_start(epoch) for epoch in missing],
            [epoch_end(epoch) for epoch in missing],
        )
    await pool.execute(_SQL["activate_epochs"])
    return market_now


async def start_clearing(pool: Pool, epoch: EpochNumber, lease: HeldLease) -> None:
    """active -> clearing, in a commit of its own, so that readers see the gate closed."""
    async with pool.acquire() as conn, conn.transaction():
        if not await conn.fetchval(_SQL["lease_is_current"], lease.name, lease.term):
            raise LeaseLostError(f"lease {lease.name} term {lease.term} is no longer ours")
        await conn.execute(_SQL["start_clearing"], epoch)
