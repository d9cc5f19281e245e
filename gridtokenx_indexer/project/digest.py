"""Digests of what the follower derives, to show that two ways to the same chain give the same bytes."""

from __future__ import annotations

from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load

DIGESTED = ("transactions", "events", "balance_changes", "supply_changes", "parked_items", "balances")


async def digests(connection: Pool | Connection) -> dict[str, str]:
    """By table, hex. Left out: when rows were written (processed_at, parked_at, created_at, updated_at) and
    blockchain_transactions.user_id, which depends on who had registered by then."""
    queries = load("digest")
    return {table: await connection.fetchval(queries[table]) for table in DIGESTED}
