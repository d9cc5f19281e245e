"""Blocks from a node, several at a time, handed on in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import msgspec

from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.source.chain import BlockLink
from gridtokenx_indexer.source.errors import EndpointError
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.source.wire import BlockHeader

MAX_SLOTS_PER_LIST = 500_000
"""What a node accepts as the span of one getBlocks."""


@dataclass(frozen=True, slots=True)
class FetchedBlock:
    link: BlockLink
    transactions: Sequence[msgspec.Raw]


def link_of(slot: Slot, header: BlockHeader) -> BlockLink:
    """Raises `EndpointError` for a block without a height, which no proof can use."""
    if header.block_height is None:
        raise EndpointError(f"getBlock: slot {slot} has no block height")
    return BlockLink(
        slot,
        header.parent_slot,
        header.blockhash,
        header.previous_blockhash,
        header.block_height,
        header.block_time,
    )


async def fetch_link(rpc: RpcClient, slot: Slot, commitment: Commitment) -> BlockLink:
    return link_of(slot, await rpc.get_block_header(slot, commitment))


async def fetch_block(rpc: RpcClient, slot: Slot, commitment: Commitment) -> FetchedBlock:
    block = await rpc.get_block(slot, commitment)
    return FetchedBlock(link_of(slot, block), block.transactions)


async def list_blocks(
    rpc: RpcClient, after: Slot, tip: Slot, commitment: Commitment, span: int
) -> list[Slot]:
    """Slots with a block after `after`, at least one unless there is none up to `tip`.

    Asks for `span` slots, and for more while a stretch has no block at all.
    """
    first = Slot(after + 1)
    while first <= tip:
        last = Slot(min(tip, first + span - 1))
        slots = await rpc.get_blocks(first, last, commitment)
        if slots:
            return slots
        first = Slot(last + 1)
        span = min(span * 10, MAX_SLOTS_PER_LIST)
    return []


async def fetch_blocks(
    rpc: RpcClient, slots: Sequence[Slot], commitment: Commitment, concurrency: int
) -> AsyncGenerator[FetchedBlock, None]:
    """The blocks of `slots` in that order, up to `concurrency` on their way at once.

    An error is raised in its block's place, after all blocks before it. Close the iterator to leave early.
    """
    waiting = iter(slots)
    running: deque[asyncio.Task[FetchedBlock]] = deque()

    def start_next() -> None:
        for slot in waiting:
            running.append(asyncio.create_task(fetch_block(rpc, slot, commitment)))
            return

    try:
        for _ in range(concurrency):
            start_next()
        while running:
            block = await running[0]
            running.popleft()
            start_next()
            yield block
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
