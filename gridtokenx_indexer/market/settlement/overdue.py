"""Giving up: what is not settled when a finalized block time has passed the deadline never will be."""

from __future__ import annotations

import logging

import asyncpg

from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.settlement.executions import earlier_executions
from gridtokenx_indexer.market.settlement.keys import PartKey, TradeKey
from gridtokenx_indexer.market.settlement.outcomes import published_trade
from gridtokenx_indexer.market.settlement.part_outcomes import finalized_opening, published_part
from gridtokenx_indexer.market.settlement.part_rules import published_in
from gridtokenx_indexer.market.settlement.progress import columns, finish, write_failures, write_trades
from gridtokenx_indexer.market.settlement.trade_rules import agreed
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.backoff import BackoffConfig
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.ports import Connection, HeldLease, Pool

log = logging.getLogger(__name__)

_SQL = load("settlement")


async def fail_overdue(pool: Pool, lease: HeldLease) -> int:
    """Fails the trades of overdue parts that no live attempt holds; returns how many.

    What the finalized index has seen executed is settled instead: a restored database may have forgotten who
    sent it. Raises `LeaseLostError` when the lease is over.
    """
    failed = 0
    for row in await pool.fetch(_SQL["overdue_parts"]):
        key = PartKey(EpochNumber(row["epoch_number"]), ZoneId(row["zone_id"]), row["part"])
        failed += await _end_part(pool, key, lease)
    return failed


async def _end_part(pool: Pool, key: PartKey, lease: HeldLease) -> int:
    async with pool.acquire() as conn, conn.transaction():
        if not await conn.fetchval(load("market")["lease_is_current"], lease.name, lease.term):
            raise LeaseLostError(f"lease {lease.name} term {lease.term} is no longer ours")
        (part,) = await conn.fetch(_SQL["lock_parts"], *columns([key]))
        overdue = [
            TradeKey(key.epoch, key.zone, row["trade_index"])
            for row in await conn.fetch(_SQL["overdue_trades"], *key)
        ]
        if part["status"] not in ("pending", "open") or not overdue:
            return 0
        if part["status"] == "pending":
            await _end_opening(conn, key, part)
        await _settle_executed(conn, overdue)
        rows = await conn.fetch(_SQL["fail_overdue_trades"], *key)
        await write_failures(conn, [TradeKey(key.epoch, key.zone, row["trade_index"]) for row in rows])
        await finish(conn, [key])
    if rows:
        log.error("trades_overdue", extra={"operation": key.open_operation, "trades": len(rows)})
    return len(rows)


async def _end_opening(conn: Connection, key: PartKey, part: asyncpg.Record) -> None:
    opening = await finalized_opening(conn, key)
    if opening is not None and published_in(opening.data) == published_part(part):
        await conn.execute(_SQL["part_opened"], *key, opening.signature, opening.slot)
    else:
        await conn.execute(_SQL["part_failed"], *key, "not opened by the deadline")


async def _settle_executed(conn: Connection, overdue: list[TradeKey]) -> None:
    evidence = await earlier_executions(conn, overdue)
    if not evidence:
        return
    rows = await conn.fetch(_SQL["published_trades"], *columns(evidence))
    trades = {TradeKey(row["epoch_number"], row["zone_id"], row["trade_index"]): row for row in rows}
    outcomes = {key: agreed(published_trade(trades[key]), found) for key, found in evidence.items()}
    await write_trades(conn, {**outcomes}, BackoffConfig())
