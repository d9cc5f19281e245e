"""Re-sends stored bytes until the index has seen them or they have expired."""

from __future__ import annotations

import asyncio

from gridtokenx_indexer.domain.ids import BlockHeight, OperationKey, Signature, Slot
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.plan import SignedAttempt
from gridtokenx_indexer.tx.ports import Pool, Wake
from gridtokenx_indexer.tx.sender import AttemptSender

_SQL = load("attempts")
_BATCH = 256


class Broadcaster:
    """After a crash, a lost reply or a fork this is what brings an attempt back to the chain."""

    name = "broadcaster"

    def __init__(self, pool: Pool, sender: AttemptSender, wake: Wake, config: TxConfig) -> None:
        self._pool = pool
        self._sender = sender
        self._wake = wake
        self._config = config

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                sent = await self.send_due()
            except LeaseLostError:
                sent = 0
            if sent < _BATCH:
                await self._wake.wait(min(self._config.poll_ms, self._config.resend_ms) / 1000, stop)

    async def send_due(self) -> int:
        """One pass over the live attempts of the held leases whose last send is old enough."""
        rows = await self._pool.fetch(
            _SQL["due_for_sending"], self._sender.held_leases(), self._config.resend_ms, _BATCH
        )
        if rows:
            await self._sender.send(
                [
                    SignedAttempt(
                        signature=Signature(row["signature"]),
                        transaction=row["transaction"],
                        kind=row["kind"],
                        operations=tuple(OperationKey(key) for key in row["operations"]),
                        blockhash_slot=Slot(row["blockhash_slot"]),
                        last_valid_block_height=BlockHeight(row["last_valid_block_height"]),
                        fee_lamports=row["fee_lamports"],
                        lease_name=row["lease_name"],
                        lease_term=row["lease_term"],
                    )
                    for row in rows
                ]
            )
        return len(rows)
