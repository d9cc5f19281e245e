"""Clearing one epoch: one database transaction from the snapshot of the orders to the published result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.market.amounts import decimal_of_micro, optional_decimal, weighted_price
from gridtokenx_indexer.market.chain_terms import ChainTerms
from gridtokenx_indexer.market.clearing.book import Book
from gridtokenx_indexer.market.clearing.clear import clear
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.epochs import EpochStatus
from gridtokenx_indexer.market.leaves import leaves_of, parts_of
from gridtokenx_indexer.market.open_book import EpochTerms, OpenBook, read_open_book, read_terms
from gridtokenx_indexer.market.pacing import LONG_STATEMENT_S
from gridtokenx_indexer.market.result_rows import ZoneOutcome, write_outcome
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.ports import Connection, HeldLease, Pool

log = logging.getLogger(__name__)

_SQL = load("market")

# 40001 and 40P01: an order changed or its lock crossed ours; 23503: its user was deleted after the snapshot;
# 55P03: writers did not end in time.
_CONCURRENT_CHANGES = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.ForeignKeyViolationError,
    asyncpg.LockNotAvailableError,
)
_TRIES_BESIDE_WRITERS = 2


@dataclass(frozen=True, slots=True)
class ClearedEpoch:
    epoch: EpochNumber
    status: EpochStatus
    orders: int
    trades: int
    volume_micro_kwh: int


async def clear_epoch(
    pool: Pool, epoch: EpochNumber, lease: HeldLease, config: MarketConfig, terms: ChainTerms
) -> ClearedEpoch | None:
    """Clears an epoch that is in state clearing; None when another run has already done so.

    Repeats itself when orders change underneath, at last with the table of orders locked against writers:
    they wait for that one run, and nobody can keep a clearing from ending. Raises `LeaseLostError` when
    `lease` is over, `RetryableError` when the lock is not to be had.
    """
    for table in ("indexer.epoch_books", "indexer.trade_leaves"):
        await pool.execute("SELECT indexer.ensure_partition($1::text, $2::bigint)", table, epoch)
    for attempt in range(config.clearing_retries):
        try:
            return await _clear_once(
                pool, epoch, lease, config, terms, alone=attempt >= _TRIES_BESIDE_WRITERS
            )
        except _CONCURRENT_CHANGES as error:
            log.info("clearing_repeated", extra={"epoch": epoch, "attempt": attempt, "error": str(error)})
            await asyncio.sleep(0.01 * attempt)
    raise RetryableError(
        f"the clearing of epoch {epoch} met concurrent changes {config.clearing_retries} times",
        remedy="it is repeated",
    )


async def _clear_once(
    pool: Pool, epoch: EpochNumber, lease: HeldLease, config: MarketConfig, terms: ChainTerms, *, alone: bool
) -> ClearedEpoch | None:
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read"):
        if alone:
            await conn.execute(_SQL["wait_for_the_lock"])
            await conn.execute(_SQL["lock_out_writers"])
        if not await conn.fetchval(_SQL["lease_is_current"], lease.name, lease.term):
            raise LeaseLostError(f"lease {lease.name} term {lease.term} is no longer ours")
        row = await conn.fetchrow(_SQL["clearing_epoch"], epoch)
        if row is None:
            return None
        await conn.execute(_SQL["mark_writer"])
        held = await read_terms(conn, epoch, config, terms)
        await conn.execute(_SQL["expire_orders"], row["id"], row["end_time"], timeout=LONG_STATEMENT_S)
        book = await read_open_book(conn, row["end_time"], held)
        outcomes = await asyncio.to_thread(_clear_zones, epoch, book, held, terms)
        for outcome in outcomes:
            await write_outcome(conn, epoch, row["id"], row["end_time"], outcome)
        await conn.execute(_SQL["carry_or_expire"], epoch, row["id"], timeout=LONG_STATEMENT_S)
        return await _finish(conn, epoch, outcomes)


def _clear_zones(
    epoch: EpochNumber, book: OpenBook, held: EpochTerms, terms: ChainTerms
) -> list[ZoneOutcome]:
    return [_clear_zone(epoch, zone, orders, book, held, terms) for zone, orders in book.zones.items()]


def _clear_zone(
    epoch: EpochNumber, zone: int, orders: Book, book: OpenBook, held: EpochTerms, terms: ChainTerms
) -> ZoneOutcome:
    result = clear(epoch, zone, orders, held.rules, held.charges)
    leaves = leaves_of(result, book.wallets, terms)
    return ZoneOutcome(orders, result, leaves, parts_of([leaf.leaf for leaf in leaves]))


async def _finish(conn: Connection, epoch: EpochNumber, outcomes: Sequence[ZoneOutcome]) -> ClearedEpoch:
    results = [outcome.result for outcome in outcomes]
    matched: set[UUID] = set()
    for result in results:
        for trade in result.trades:
            matched |= {trade.buy_order_id, trade.sell_order_id}
        for netted in result.netted:
            matched |= {netted.buy_order_id, netted.sell_order_id}
    cleared = ClearedEpoch(
        epoch=epoch,
        status=EpochStatus.CLEARED if any(result.trades for result in results) else EpochStatus.SETTLED,
        orders=sum(outcome.book.order_count for outcome in outcomes),
        trades=sum(len(result.trades) for result in results),
        volume_micro_kwh=sum(result.volume_micro_kwh for result in results),
    )
    priced = [(result.price_micro or 0, result.volume_micro_kwh) for result in results]
    await conn.execute(
        _SQL["finish_clearing"],
        epoch,
        cleared.status.value,
        optional_decimal(weighted_price(priced)),
        decimal_of_micro(cleared.volume_micro_kwh),
        cleared.orders,
        len(matched),
        cleared.trades,
    )
    return cleared
