"""The service that executes published trades until each is settled or its deadline has passed."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

import asyncpg
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.chain_terms import ChainTerms, TermsSource
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.pacing import pause_s
from gridtokenx_indexer.market.settlement.keys import SETTLE_KIND, SETTLER_LEASE, PartKey
from gridtokenx_indexer.market.settlement.lookups import TradeLookups, shared_addresses
from gridtokenx_indexer.market.settlement.overdue import fail_overdue
from gridtokenx_indexer.market.settlement.packing import DueTrade, OpenPart, SettlePacker
from gridtokenx_indexer.market.settlement.trees import PartTrees
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.gridtokenx import limits
from gridtokenx_indexer.tx.gridtokenx.values import TradeAccounts, TradeTerms
from gridtokenx_indexer.tx.plan import AttemptPlan, RecentBlockhash, SignedAttempt
from gridtokenx_indexer.tx.ports import Connection, HeldLease, LeaseSource, Pool, Wake
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import KeyRing, Role
from gridtokenx_indexer.tx.writer import AttemptWriter

log = logging.getLogger(__name__)

_SQL = load("settlement")


class TradeSettler:
    """Works under the lease `settler`."""

    name = "trade-settler"

    def __init__(
        self,
        pool: Pool,
        *,
        keys: KeyRing,
        writer: AttemptWriter,
        sender: AttemptSender,
        lookups: TradeLookups,
        lease: LeaseSource,
        terms: TermsSource,
        wake: Wake,
        config: MarketConfig,
    ) -> None:
        self._pool = pool
        self._settler = keys.pubkey(Role.SETTLER)
        self._writer = writer
        self._sender = sender
        self._lookups = lookups
        self._lease = lease
        self._terms = terms
        self._wake = wake
        self._config = config
        self._trees = PartTrees()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            lease = self._lease.term()
            if lease is not None:
                try:
                    await self.step(lease)
                except RetryableError as error:
                    log.warning("settling_delayed", extra={"error": str(error)})
            await self._wake.wait(pause_s(self._config, lease_held=lease is not None), stop)

    async def step(self, lease: HeldLease) -> int:
        """Sends what is due and gives up what is overdue; returns how many transactions it wrote."""
        terms = await self._terms.terms()
        await self._lookups.want_new_traders(terms)
        sent = 0 if terms.paused else await self.settle_due(terms, lease)
        await fail_overdue(self._pool, lease)
        return sent

    async def settle_due(self, terms: ChainTerms, lease: HeldLease) -> int:
        """Writes and sends transactions for due trades of open parts, as many as may be on their way."""
        parts = await self._pool.fetch(_SQL["parts_to_settle"])
        if not parts:
            return 0
        rows = await self._pool.fetch(_SQL["batches_in_flight"], SETTLER_LEASE, SETTLE_KIND)
        in_flight = Counter({row["zone_id"]: row["batches"] for row in rows})
        recent: RecentBlockhash | None = None
        written = 0
        for part in parts:
            zone = part["zone_id"]
            room = self._config.settle_batches_in_flight - in_flight[zone]
            if room <= 0:
                continue
            recent = recent or await self._writer.prepare()
            attempts = await self._settle_part(part, room, terms, recent, lease)
            await self._sender.send(attempts)
            in_flight[zone] += len(attempts)
            written += len(attempts)
        return written

    async def _settle_part(
        self,
        row: asyncpg.Record,
        room: int,
        terms: ChainTerms,
        recent: RecentBlockhash,
        lease: HeldLease,
    ) -> list[SignedAttempt]:
        key = PartKey(EpochNumber(row["epoch_number"]), ZoneId(row["zone_id"]), row["part"])
        async with self._pool.acquire() as conn, conn.transaction():
            if await conn.fetchval(_SQL["lock_part"], *key) is None:
                return []
            limit = room * limits.MAX_TRADES_PER_INSTRUCTION
            trades = [_due_trade(trade) for trade in await conn.fetch(_SQL["due_trades"], *key, limit)]
            if not trades:
                return []
            plans = (await self._plans(conn, key, row["first_index"], trades, terms))[:room]
            attempts = await self._writer.write(conn, plans, lease=lease, recent=recent)
            sent = [int(op.rpartition(":")[2]) for plan in plans for op in plan.operations]
            await conn.execute(_SQL["mark_processing"], key.epoch, key.zone, sent)
        return attempts

    async def _plans(
        self, conn: Connection, key: PartKey, first_index: int, trades: list[DueTrade], terms: ChainTerms
    ) -> list[AttemptPlan]:
        part = OpenPart(key=key, first_index=first_index, tree=await self._trees.tree(conn, key))
        addresses = [address for trade in trades for address in trade.addresses]
        tables = await self._lookups.tables_of({*addresses, *shared_addresses(terms)})
        return SettlePacker(part, terms, self._settler, tables).pack(trades)


def _due_trade(row: asyncpg.Record) -> DueTrade:
    return DueTrade(
        trade_index=row["trade_index"],
        accounts=TradeAccounts(
            seller_energy=Pubkey.from_string(row["seller_energy"]),
            buyer_energy=Pubkey.from_string(row["buyer_energy"]),
            buyer_payment=Pubkey.from_string(row["buyer_payment"]),
            seller_payment=Pubkey.from_string(row["seller_payment"]),
        ),
        terms=TradeTerms(
            energy_base_units=int(row["energy_base_units"]),
            payment_base_units=int(row["payment_base_units"]),
            fee_base_units=int(row["fee_base_units"]),
        ),
        batch_limit=row["batch_limit"],
    )
