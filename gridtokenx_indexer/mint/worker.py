"""The minting service: plan, lease, sign, send, under one lease."""

from __future__ import annotations

import asyncio
import logging
import time

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.mint.batcher import MintBatcher
from gridtokenx_indexer.mint.books import MintBooks
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.freezer import MintFreezer
from gridtokenx_indexer.mint.pause import ProgramPause
from gridtokenx_indexer.mint.planner import MintPlanner
from gridtokenx_indexer.tx.errors import IndexBehindError, LeaseLostError, OperationInFlightError
from gridtokenx_indexer.tx.ports import HeldLease, LeaseSource, Wake

log = logging.getLogger(__name__)

MINTER_LEASE = "minter"


class MintWorker:
    """The one path that mints. Wake it by readings, closed attempts, chain progress and the market clock."""

    name = "minter"

    def __init__(
        self,
        config: MintConfig,
        *,
        planner: MintPlanner,
        freezer: MintFreezer,
        batcher: MintBatcher,
        books: MintBooks,
        pause: ProgramPause,
        lease: LeaseSource,
        wake: Wake,
    ) -> None:
        self._config = config
        self._planner = planner
        self._freezer = freezer
        self._batcher = batcher
        self._books = books
        self._pause = pause
        self._lease = lease
        self._wake = wake
        self._next_sweep = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            lease = self._lease.term()
            worked = 0
            if lease is not None:
                try:
                    worked = await self.step(lease)
                except LeaseLostError as error:
                    log.warning(
                        "lease_lost", extra={"lease": lease.name, "term": lease.term, "error": str(error)}
                    )
                except (IndexBehindError, OperationInFlightError) as error:
                    log.info("mint_waits", extra={"reason": str(error)})
                except RetryableError as error:
                    log.warning("mint_failed", extra={"error": str(error)})
            if not worked:
                await self._wake.wait(self._config.poll_ms / 1000, stop)

    async def step(self, lease: HeldLease) -> int:
        """One round; returns how many readings and operations it moved, 0 when there is nothing to do now."""
        if time.monotonic() >= self._next_sweep:
            await self._planner.sweep(lease)
            self._next_sweep = time.monotonic() + self._config.sweep_ms / 1000
        planned = await self._planner.plan(lease)
        if await self._books.paused() is not None:
            return planned.judged
        if await self._pause.active():
            log.info("mint_waits", extra={"reason": "the program is paused"})
            return planned.judged
        leased = await self._freezer.lease_due(lease)
        sent = await self._batcher.send_leased(lease)
        return planned.judged + leased + sent
