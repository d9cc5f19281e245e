"""Writes what the follower learned; every function runs inside the caller's transaction but one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridtokenx_indexer.decode.facts import BlockFacts
from gridtokenx_indexer.domain.ids import Address, Blockhash, Slot
from gridtokenx_indexer.source.chain import BlockLink
from gridtokenx_indexer.store.chain_batch import (
    Columns,
    IndexedBlock,
    balance_columns,
    event_columns,
    parked_columns,
    raw_columns,
    skipped_columns,
    slot_columns,
    supply_columns,
    transaction_columns,
)
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load


@dataclass(frozen=True, slots=True)
class ChainIdentity:
    """What a database was indexed from; a node or a setting that says otherwise is refused."""

    genesis_hash: Blockhash
    program: Address
    anchor_slot: Slot
    energy_mint: Address | None


class PartitionKeeper:
    """Creates the partitions of slots before they are written, once each."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._step: int | None = None
        self._ensured: set[int] = set()

    async def ensure(self, stretches: Sequence[tuple[Slot, Slot]]) -> None:
        """For all slots from the first to the last of each stretch; in transactions of its own."""
        queries = load("chain")
        if self._step is None:
            self._step = await self._pool.fetchval(queries["partition_steps"])
            assert self._step is not None
        step = self._step
        buckets = {bucket for first, last in stretches for bucket in range(first // step, last // step + 1)}
        missing = sorted(buckets - self._ensured)
        if missing:
            await self._pool.execute(queries["ensure_partitions"], [bucket * step for bucket in missing])
            self._ensured.update(missing)


async def write_blocks(
    connection: Connection, blocks: Sequence[IndexedBlock], finalized_through: Slot
) -> None:
    """Slots, proofs of skipped slots and facts. Blocks at or below `finalized_through` are final."""
    queries = load("chain")
    if not blocks:
        return
    await connection.execute(queries["insert_blocks"], *slot_columns(blocks), finalized_through)
    await _insert(connection, "insert_skipped", skipped_columns(blocks))
    facts = [block.facts for block in blocks]
    await _insert(connection, "insert_raw", raw_columns(facts))
    await write_facts(connection, facts)


async def write_facts(connection: Connection, blocks: Sequence[BlockFacts]) -> None:
    """Everything that decoding yields, and that replay makes again from the raw transactions."""
    await _insert(connection, "insert_transactions", transaction_columns(blocks))
    await _insert(connection, "insert_events", event_columns(blocks))
    await _insert(connection, "insert_balance_changes", balance_columns(blocks))
    await _insert(connection, "insert_supply_changes", supply_columns(blocks))
    await _insert(connection, "insert_parked", parked_columns(blocks))


async def delete_facts_after(connection: Connection, slot: Slot) -> None:
    """What `write_facts` wrote for later slots."""
    queries = load("chain")
    for name in ("transactions", "events", "balance_changes", "supply_changes", "parked"):
        await connection.execute(queries[f"delete_{name}_after"], slot)


async def delete_blocks_after(connection: Connection, slot: Slot) -> None:
    """Everything of later slots, skip records too. Projections must have been rolled back before."""
    queries = load("chain")
    await delete_facts_after(connection, slot)
    await connection.execute(queries["delete_raw_after"], slot)
    await connection.execute(queries["delete_slots_after"], slot)


async def mark_finalized(connection: Connection, after: Slot, through: Slot) -> None:
    if through > after:
        await connection.execute(load("chain")["finalize"], after, through)


async def write_cursor(
    connection: Connection, identity: ChainIdentity, head: BlockLink, finalized: BlockLink, lease_term: int
) -> None:
    """The frontier, and one notification for everything this transaction holds."""
    queries = load("chain")
    await connection.execute(
        queries["write_cursor"],
        identity.genesis_hash,
        identity.program,
        identity.energy_mint,
        identity.anchor_slot,
        head.slot,
        head.blockhash,
        head.block_height,
        finalized.slot,
        finalized.blockhash,
        finalized.block_height,
        finalized.block_time,
        lease_term,
    )
    await connection.execute(queries["notify"], f"{head.slot} {finalized.slot}")


async def _insert(connection: Connection, name: str, columns: Columns) -> None:
    if columns[0]:
        await connection.execute(load("chain")[name], *columns)
