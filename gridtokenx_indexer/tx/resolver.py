"""Closes attempts from our own finalized index and tells their handlers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.closing import close_attempts
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.errors import HandlerRefusedError
from gridtokenx_indexer.tx.outcome import OutcomeHandler
from gridtokenx_indexer.tx.ports import Pool, Wake

log = logging.getLogger(__name__)

_SQL = load("attempts")


class Resolver:
    """Needs no lease: it acts on finalized facts alone, under row locks, and repeating it changes nothing."""

    name = "resolver"

    def __init__(self, pool: Pool, handlers: Sequence[OutcomeHandler], wake: Wake, config: TxConfig) -> None:
        self._pool = pool
        self._wake = wake
        self._config = config
        self._handlers: dict[str, OutcomeHandler] = {}
        for handler in handlers:
            for kind in handler.kinds:
                if kind in self._handlers:
                    raise StopError(f"two outcome handlers claim attempts of kind {kind}")
                self._handlers[kind] = handler

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await self.close_some():
                await self._wake.wait(self._config.poll_ms / 1000, stop)

    async def close_some(self) -> int:
        """Closes one batch and returns how many attempts changed; 0 when there is nothing to close."""
        try:
            return await self._close(self._config.resolve_batch)
        except HandlerRefusedError:
            return await self._close_one_by_one()

    async def _close(self, limit: int) -> int:
        async with self._pool.acquire() as conn, conn.transaction():
            return await close_attempts(conn, self._handlers, limit)

    async def _close_one_by_one(self) -> int:
        """Finds the attempt that its handler refuses and leaves it in review, its items still held."""
        changed = 0
        for _ in range(self._config.resolve_batch):
            try:
                closed = await self._close(1)
            except HandlerRefusedError as error:
                closed = 1
                await self._review(error)
            changed += closed
            if not closed:
                break
        return changed

    async def _review(self, refused: HandlerRefusedError) -> None:
        for attempt in refused.attempts:
            log.error(
                "attempt_in_review",
                extra={"signature": attempt.signature, "kind": attempt.kind, "reason": refused.message},
            )
            await self._pool.execute(
                _SQL["mark_review"], attempt.blockhash_slot, attempt.signature, refused.message
            )
