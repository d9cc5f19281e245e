"""The first block of the index: the program's beginning, or a slot that the settings name."""

from __future__ import annotations

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.domain.ids import Address, Signature, Slot
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.source.errors import (
    BlockCleanedUpError,
    BlockNotAvailableError,
    SlotSkippedError,
)
from gridtokenx_indexer.source.fetch import FetchedBlock, fetch_block
from gridtokenx_indexer.source.rpc import Commitment, RpcClient

_SEARCH_SLOTS = 512
_REMEDY = (
    "use an endpoint with a longer ledger, or start later with [follower] start_slot "
    "and a database of its own"
)


class NotInitializedError(RetryableError):
    """The program has no transaction yet; there is nothing to index."""


async def fetch_anchor(rpc: RpcClient, config: FollowerConfig) -> FetchedBlock:
    """The finalized block where the index begins.

    Raises `NotInitializedError` before the program's first transaction is final, `StopError` when the node no
    longer has the slot.
    """
    if config.start_slot is not None:
        return await _block_at_or_after(rpc, config.start_slot)
    slot = await _first_slot_of(rpc, config.anchor_address or config.program)
    return await _block_at_or_after(rpc, slot)


async def _first_slot_of(rpc: RpcClient, address: Address) -> Slot:
    before: Signature | None = None
    first: Slot | None = None
    while True:
        page = await rpc.get_signatures_for_address(address, before=before)
        if not page:
            break
        before = page[-1].signature
        first = next((found.slot for found in reversed(page) if found.err is None), first)
    if first is None:
        raise NotInitializedError(
            f"no finalized transaction names {address} yet", remedy="initialize the program"
        )
    return first


async def _block_at_or_after(rpc: RpcClient, slot: Slot) -> FetchedBlock:
    """A start slot without a block is passed over only when the next block's parent proves it skipped."""
    try:
        return await fetch_block(rpc, slot, Commitment.FINALIZED)
    except BlockCleanedUpError as error:
        raise StopError(f"the node no longer has the start slot {slot}", remedy=_REMEDY) from error
    except BlockNotAvailableError as error:
        if await rpc.get_slot(Commitment.FINALIZED) < slot:
            raise NotInitializedError(f"the start slot {slot} is not final yet") from error
    except SlotSkippedError:
        pass
    following = await rpc.get_blocks(slot, Slot(slot + _SEARCH_SLOTS), Commitment.FINALIZED)
    if following:
        block = await fetch_block(rpc, following[0], Commitment.FINALIZED)
        if block.link.parent_slot < slot:
            return block
    raise StopError(f"the node no longer has the start slot {slot}", remedy=_REMEDY)
