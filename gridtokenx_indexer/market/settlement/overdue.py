"""Giving up: what is not settled when a finalized block time has passed the deadline never will be."""

from __future__ import annotations

import logging

from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.settlement.keys import PartKey, TradeKey
from gridtokenx_indexer.market.settlement.progress import finish, write_failures
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.ports import HeldLease, Pool

log = logging.getLogger(__name__)

_SQL = load("settlement")


async def fail_overdue(pool: Pool, lease: HeldLease) -> int:
    """Fails the trades of overdue parts that no live attempt holds; returns how many.

    Raises `LeaseLostError` when the lease is over.
    """
    failed = 0
    for row in await pool.fetch(_SQL["overdue_parts"]):
        key = PartKey(EpochNumber(row["epoch_number"]), ZoneId(row["zone_id"]), row["part"])
        failed += await _fail_part_trades(pool, key, lease, opened=row["status"] == "open")
    return failed


async def _fail_part_trades(pool: Pool, key: PartKey, lease: HeldLease, *, opened: bool) -> int:
    async with pool.acquire() as conn, conn.transaction():
        if not await conn.fetchval(load("market")["lease_is_current"], lease.name, lease.term):
            raise LeaseLostError(f"lease {lease.name} term {lease.term} is no longer ours")
        if await conn.fetchval(_SQL["lock_part"], *key) is None:
            return 0
        rows = await conn.fetch(_SQL["fail_overdue_trades"], *key)
        if not rows:
            return 0
        await write_failures(conn, [TradeKey(key.epoch, key.zone, row["trade_index"]) for row in rows])
        if not opened:
            await conn.execute(_SQL["part_failed"], *key, "not opened by the deadline")
        await finish(conn, [key])
    log.error("trades_overdue", extra={"operation": key.open_operation, "trades": len(rows)})
    return len(rows)
