"""Sends stored bytes. What an endpoint answers is kept as a hint and decides nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence

from gridtokenx_indexer.domain.errors import GridTokenXError
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.plan import SignedAttempt
from gridtokenx_indexer.tx.ports import HeldLease, LeaseSource, Pool, TransactionSink

log = logging.getLogger(__name__)

_SQL = load("attempts")


class AttemptSender:
    """Sends committed attempts under the leases that this process holds.

    Preflight is skipped: a transaction that fails should land and fail on chain, where the failure is
    evidence.
    """

    def __init__(
        self, pool: Pool, sink: TransactionSink, leases: Mapping[str, LeaseSource], config: TxConfig
    ) -> None:
        self._pool = pool
        self._sink = sink
        self._leases = dict(leases)
        self._config = config

    def held_leases(self) -> list[str]:
        return [name for name in self._leases if self._trusted(name) is not None]

    async def send(self, attempts: Sequence[SignedAttempt]) -> None:
        """Sends each attempt once. Call it only after the transaction that wrote them has committed.

        Raises `LeaseLostError` when a lease is lost on the way; what was sent stays sent.
        """
        gate = asyncio.Semaphore(self._config.concurrent_sends)
        answers: dict[str, str | None] = {}

        async def one(attempt: SignedAttempt) -> None:
            async with gate:
                lease = self._trusted(attempt.lease_name)
                if lease is None or lease.term < attempt.lease_term:
                    raise LeaseLostError(f"lease {attempt.lease_name} was lost before a send")
                answers[attempt.signature] = await self._hand_over(attempt)

        outcomes = await asyncio.gather(*(one(attempt) for attempt in attempts), return_exceptions=True)
        await self._pool.execute(_SQL["mark_sent"], list(answers), list(answers.values()))
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _hand_over(self, attempt: SignedAttempt) -> str | None:
        try:
            await self._sink.send_transaction(attempt.transaction, skip_preflight=True)
        except GridTokenXError as error:
            log.warning(
                "send_failed",
                extra={"signature": attempt.signature, "kind": attempt.kind, "error": str(error)},
            )
            return str(error)
        return None

    def _trusted(self, name: str) -> HeldLease | None:
        source = self._leases.get(name)
        lease = source.term() if source is not None else None
        return lease if lease is not None and lease.trusted_until > time.monotonic() else None
