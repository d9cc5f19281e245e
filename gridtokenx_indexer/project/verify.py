"""`verify`: proves the indexed range again from the database and recomputes the books at finality."""

from __future__ import annotations

import asyncio
import time

from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.project.verify_books import verify_balances, verify_operations, verify_supply
from gridtokenx_indexer.project.verify_chain import ChainBooks, read_chain_books
from gridtokenx_indexer.project.verify_check import VerifyCheck, VerifyConfig
from gridtokenx_indexer.project.verify_continuity import covered_range, verify_continuity
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load

_PAUSE_S = 0.2


async def verify(
    pool: Pool,
    rpc: RpcClient,
    config: VerifyConfig,
    *,
    from_slot: Slot | None = None,
    to_slot: Slot | None = None,
) -> list[VerifyCheck]:
    """All checks, in a fixed order. A moving chain is not a difference: the index is read as of the slots for
    which the node answered, and what is in flight gets `wait_ms` to end.

    Raises `UsageError` for a range that is not covered, `RetryableError` when the node cannot be read.
    """
    deadline = time.monotonic() + config.wait_ms / 1000
    while True:
        checks = await _verify_once(pool, rpc, config, deadline, from_slot, to_slot)
        if all(check.ok for check in checks) or time.monotonic() >= deadline:
            return checks
        await asyncio.sleep(_PAUSE_S)


async def _verify_once(
    pool: Pool,
    rpc: RpcClient,
    config: VerifyConfig,
    deadline: float,
    from_slot: Slot | None,
    to_slot: Slot | None,
) -> list[VerifyCheck]:
    chain = await _read_chain(pool, rpc, config)
    await _wait_for_index(pool, chain.newest_slot, deadline)
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        asked = await covered_range(connection, from_slot, to_slot)
        final = Slot(await connection.fetchval(load("verify")["finalized_slot"]))
        return [
            *await verify_continuity(connection, asked),
            *await verify_supply(connection, config, chain, final),
            *await verify_operations(connection, config, final),
            *await verify_balances(connection, config, chain, final),
        ]


async def _read_chain(pool: Pool, rpc: RpcClient, config: VerifyConfig) -> ChainBooks:
    rows = await pool.fetch(load("verify")["projected_accounts"])
    accounts = [
        (Address(row["account_id"]), Address(row["mint"]) if row["mint"] is not None else None)
        for row in rows
    ]
    return await read_chain_books(rpc.pinned(), config.energy_mint, accounts)


async def _wait_for_index(pool: Pool, slot: Slot, deadline: float) -> None:
    """Ends at the deadline too: an index that stands still is then compared as it is."""
    while time.monotonic() < deadline:
        final = await pool.fetchval(load("verify")["finalized_slot"])
        if final is None or final >= slot:
            return
        await asyncio.sleep(_PAUSE_S)
