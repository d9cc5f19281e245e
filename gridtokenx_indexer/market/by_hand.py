"""Clearing one epoch on an operator's word, or showing what it would give."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import epoch_start
from gridtokenx_indexer.market.chain_terms import ChainTerms
from gridtokenx_indexer.market.clearer import start_clearing
from gridtokenx_indexer.market.clearing.clear import clear
from gridtokenx_indexer.market.clearing.result import ClearingResult
from gridtokenx_indexer.market.clearing_run import ClearedEpoch, clear_epoch
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.epochs import EpochStatus
from gridtokenx_indexer.market.open_book import read_open_book, read_terms
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection, HeldLease, Pool

_SQL = load("market")


async def clear_by_hand(
    pool: Pool, epoch: EpochNumber, lease: HeldLease, config: MarketConfig, terms: ChainTerms
) -> ClearedEpoch | None:
    """Clears `epoch` under the lease `clearer`; None when that is done already.

    Raises `UsageError` when the epoch does not exist, has not ended, or an earlier one is not cleared.
    """
    async with pool.acquire() as conn:
        row = await _clearable(conn, epoch)
    if row["status"] == EpochStatus.ACTIVE:
        await start_clearing(pool, epoch, lease)
    return await clear_epoch(pool, epoch, lease, config, terms)


async def preview(
    pool: Pool, epoch: EpochNumber, config: MarketConfig, terms: ChainTerms
) -> list[ClearingResult]:
    """What clearing `epoch` now would give, by zone; writes nothing.

    Raises `UsageError` when the epoch does not exist, has not ended, or an earlier one is not cleared.
    """
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await _clearable(conn, epoch)
        if row["status"] not in (EpochStatus.ACTIVE, EpochStatus.CLEARING):
            raise UsageError(
                f"epoch {epoch} is {row['status']} already",
                remedy=f"see gridtokenx-indexer epoch show {epoch}",
            )
        held = await read_terms(conn, epoch, config, terms)
        book = await read_open_book(conn, row["end_time"], held)
        return [clear(epoch, zone, orders, held.rules, held.charges) for zone, orders in book.zones.items()]


async def _clearable(conn: Connection, epoch: EpochNumber) -> asyncpg.Record:
    epoch_start(epoch)
    row = await conn.fetchrow(_SQL["epoch"], epoch)
    if row is None:
        raise UsageError(f"epoch {epoch} does not exist", remedy="see gridtokenx-indexer epoch list")
    market_now: datetime = await conn.fetchval(_SQL["market_now"])
    if market_now < row["end_time"]:
        raise UsageError(
            f"epoch {epoch} ends at {row['end_time']:%Y-%m-%d %H:%M} by the market clock, "
            f"which shows {market_now:%Y-%m-%d %H:%M}",
            remedy="wait for its end",
        )
    earlier = [waiting["epoch_number"] for waiting in await conn.fetch(_SQL["uncleared_before"], epoch)]
    if earlier:
        raise UsageError(
            f"{len(earlier)} epochs before {epoch} are not cleared", remedy=f"clear {earlier[0]} first"
        )
    return row
