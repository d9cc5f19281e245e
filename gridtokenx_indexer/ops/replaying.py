"""Replay with a comparison of before and after."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.ops.cli.chain_session import held_lease
from gridtokenx_indexer.ops.daemon.following import FOLLOWER_LEASE
from gridtokenx_indexer.project.account_balances import AccountBalances
from gridtokenx_indexer.project.digest import digests
from gridtokenx_indexer.project.replay import replay
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load


class ReplayOutcome(msgspec.Struct, frozen=True, kw_only=True):
    transactions: int
    events: int = 0
    parked_items: int = 0
    changed_tables: tuple[str, ...] = ()


async def replay_all(pool: Pool, *, dry_run: bool) -> ReplayOutcome:
    if dry_run:
        return ReplayOutcome(transactions=await pool.fetchval(load("ops")["raw_transactions"]))
    async with held_lease(pool, FOLLOWER_LEASE) as lease:
        before = await digests(pool)
        result = await replay(pool, lease, [AccountBalances(await _energy_mint(pool))])
        after = await digests(pool)
    return ReplayOutcome(
        transactions=result.transactions,
        events=result.events,
        parked_items=result.parked_items,
        changed_tables=tuple(table for table in after if after[table] != before.get(table)),
    )


async def _energy_mint(pool: Pool) -> Address | None:
    """As the follower wrote it down: replay asks no node. None for an index without a beginning."""
    row = await pool.fetchrow(load("ops")["energy_mint"])
    if row is None:
        return None
    if row["energy_mint"] is None:
        raise StopError(
            "the index does not know which mint is the energy token",
            remedy="start the daemon once: it writes that down with its next block",
        )
    return Address(row["energy_mint"])
