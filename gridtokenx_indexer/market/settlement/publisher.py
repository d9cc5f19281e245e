"""The service that puts results on chain, in order, and takes finished ones off again."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import asyncpg
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.chain_terms import ChainTerms, TermsSource
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.pacing import pause_s
from gridtokenx_indexer.market.settlement.keys import CLOSE_KIND, OPEN_KIND, PartKey
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.gridtokenx import limits
from gridtokenx_indexer.tx.gridtokenx.instructions import close_settlement, open_settlement
from gridtokenx_indexer.tx.plan import AttemptPlan, RecentBlockhash, SignedAttempt
from gridtokenx_indexer.tx.ports import HeldLease, LeaseSource, Pool, Wake
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import KeyRing, Role
from gridtokenx_indexer.tx.writer import AttemptWriter

log = logging.getLogger(__name__)

_SQL = load("settlement")
CLOSE_COMPUTE_UNITS = 30_000
CLOSINGS_AT_ONCE = 64


class ResultPublisher:
    """Works under the lease `clearer`; one opening per zone is on its way at a time."""

    name = "result-publisher"

    def __init__(
        self,
        pool: Pool,
        *,
        keys: KeyRing,
        writer: AttemptWriter,
        sender: AttemptSender,
        lease: LeaseSource,
        terms: TermsSource,
        wake: Wake,
        config: MarketConfig,
    ) -> None:
        self._pool = pool
        self._clearer = keys.pubkey(Role.CLEARER)
        self._writer = writer
        self._sender = sender
        self._lease = lease
        self._terms = terms
        self._wake = wake
        self._config = config

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            lease = self._lease.term()
            if lease is not None:
                try:
                    await self.open_next(lease)
                    if self._config.close_settlements:
                        await self.close_finished(lease)
                except RetryableError as error:
                    log.warning("publishing_delayed", extra={"error": str(error)})
            await self._wake.wait(pause_s(self._config, lease_held=lease is not None), stop)

    async def open_next(self, lease: HeldLease) -> int:
        """Writes and sends the next opening of every zone that has one; returns how many."""
        rows = await self._pool.fetch(_SQL["parts_to_open"])
        terms = await self._terms.terms() if rows else None
        if terms is None or terms.paused:
            return 0
        recent = await self._writer.prepare()
        attempts: list[SignedAttempt] = []
        for row in rows:
            attempts += await self._open(row, terms, recent, lease)
        await self._sender.send(attempts)
        return len(attempts)

    async def _open(
        self, row: asyncpg.Record, terms: ChainTerms, recent: RecentBlockhash, lease: HeldLease
    ) -> list[SignedAttempt]:
        key = _key(row)
        async with self._pool.acquire() as conn, conn.transaction():
            chain_time: datetime | None = await conn.fetchval(_SQL["chain_time"])
            if chain_time is None:
                return []
            wanted = chain_time.astimezone(UTC) + timedelta(seconds=self._config.settlement_window_s)
            deadline = await conn.fetchval(
                _SQL["start_opening"], *key, wanted.replace(microsecond=0), str(self._clearer)
            )
            if deadline is None:
                return []
            plan = AttemptPlan(
                kind=OPEN_KIND,
                operations=(key.open_operation,),
                instructions=(
                    open_settlement(
                        program_id=terms.program_id,
                        clearer=self._clearer,
                        epoch=key.epoch,
                        zone=key.zone,
                        part=key.part,
                        trades=row["trade_count"],
                        first_index=row["first_index"],
                        price_base_units=row["price_units"],
                        root=row["root"],
                        deadline_unix=int(deadline.timestamp()),
                    ),
                ),
                signer=Role.CLEARER,
                compute_unit_limit=limits.OPEN_COMPUTE_UNITS + limits.TRANSACTION_COMPUTE_UNITS,
                context=key._asdict(),
            )
            return await self._writer.write(conn, [plan], lease=lease, recent=recent)

    async def close_finished(self, lease: HeldLease) -> int:
        """Writes and sends the closing of parts that are done; returns how many."""
        rows = await self._pool.fetch(_SQL["parts_to_close"], CLOSINGS_AT_ONCE)
        if not rows:
            return 0
        terms, recent = await self._terms.terms(), await self._writer.prepare()
        plans = [self._closing(row, terms) for row in rows]
        async with self._pool.acquire() as conn, conn.transaction():
            attempts = await self._writer.write(conn, plans, lease=lease, recent=recent)
        await self._sender.send(attempts)
        return len(attempts)

    def _closing(self, row: asyncpg.Record, terms: ChainTerms) -> AttemptPlan:
        key = _key(row)
        return AttemptPlan(
            kind=CLOSE_KIND,
            operations=(key.close_operation,),
            instructions=(
                close_settlement(
                    program_id=terms.program_id,
                    epoch=key.epoch,
                    zone=key.zone,
                    part=key.part,
                    payer=Pubkey.from_string(row["payer"]),
                ),
            ),
            signer=Role.CLEARER,
            compute_unit_limit=CLOSE_COMPUTE_UNITS + limits.TRANSACTION_COMPUTE_UNITS,
            context=key._asdict(),
        )


def _key(row: asyncpg.Record) -> PartKey:
    return PartKey(EpochNumber(row["epoch_number"]), ZoneId(row["zone_id"]), row["part"])
