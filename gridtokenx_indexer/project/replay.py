"""Makes every decoded row and projection again from the stored raw transactions; asks no node."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import groupby

import msgspec

from gridtokenx_indexer.decode.block import BlockDecoder
from gridtokenx_indexer.decode.facts import BlockFacts, KeptTransaction
from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.project.projection import Projection
from gridtokenx_indexer.store.chain_reader import read_idls
from gridtokenx_indexer.store.chain_writer import delete_facts_after, write_facts
from gridtokenx_indexer.store.leases import Lease, require_current
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.watch_list import read_watched

_BATCH_TRANSACTIONS = 2_000
_BEFORE_ALL = Slot(-1)


class ReplayResult(msgspec.Struct, frozen=True, kw_only=True):
    transactions: int
    events: int
    parked_items: int


async def replay(pool: Pool, lease: Lease, projections: Sequence[Projection]) -> ReplayResult:
    """One database transaction: readers see the old rows until all new ones are there.

    `lease` is the follower's, so that nothing is written beside it. Raises `RetryableError` without it, and
    `StopError` for a raw transaction that nothing watched explains.
    """
    transactions = events = parked = 0
    async with pool.acquire() as connection, connection.transaction():
        await require_current(connection, lease)
        decoder = BlockDecoder(await read_idls(connection), await read_watched(connection))
        for projection in projections:
            await projection.clear(connection)
        await delete_facts_after(connection, _BEFORE_ALL)
        async for blocks in _decoded_batches(connection, decoder):
            await write_facts(connection, blocks)
            for projection in projections:
                await projection.apply(connection, blocks[0].slot, blocks[-1].slot)
            for block in blocks:
                transactions += len(block.transactions)
                events += sum(len(kept.facts.events) for kept in block.transactions if kept.facts)
                parked += sum(_parked_items(kept) for kept in block.transactions)
    return ReplayResult(transactions=transactions, events=events, parked_items=parked)


async def _decoded_batches(connection: Connection, decoder: BlockDecoder) -> AsyncIterator[list[BlockFacts]]:
    """Whole slots in the order of the chain; a slot cut by the batch limit waits for the next batch."""
    statement = load("chain")["raw_transactions"]
    after: tuple[int, int] = (_BEFORE_ALL, 0)
    carried: list[BlockFacts] = []
    while rows := await connection.fetch(statement, *after, _BATCH_TRANSACTIONS):
        after = (rows[-1]["slot"], rows[-1]["tx_index"])
        blocks = [
            BlockFacts(
                Slot(slot),
                block_time,
                tuple(_decode(decoder, Slot(slot), row["tx_index"], row["payload"]) for row in of_slot),
            )
            for (slot, block_time), of_slot in groupby(rows, lambda row: (row["slot"], row["block_time"]))
        ]
        if carried and carried[0].slot == blocks[0].slot:
            joined = (*carried[0].transactions, *blocks[0].transactions)
            blocks[0] = BlockFacts(blocks[0].slot, blocks[0].block_time, joined)
        elif carried:
            blocks = [*carried, *blocks]
        carried = [blocks.pop()]
        if blocks:
            yield blocks
    if carried:
        yield carried


def _decode(decoder: BlockDecoder, slot: Slot, tx_index: int, payload: bytes) -> KeptTransaction:
    kept = decoder.decode_one(slot, tx_index, payload)
    if kept is None:
        raise StopError(
            f"nothing watched at slot {slot} explains its stored transaction {tx_index}",
            remedy="restore indexer.watched_accounts from a backup",
        )
    return kept


def _parked_items(kept: KeptTransaction) -> int:
    return len(kept.facts.parked) if kept.facts is not None else 1
