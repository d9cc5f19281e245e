"""Slots, blocks and the links between them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.support.node import CONFIRMED, NodeClient, NodeError

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
BLOCK = {"encoding": "json", "maxSupportedTransactionVersion": 0, "transactionDetails": "none", **CONFIRMED}


async def chain_of(client: NodeClient, length: int) -> list[tuple[int, dict[str, Any]]]:
    """At least `length` consecutive blocks with their slots."""
    start = await client.call("getSlot", CONFIRMED)
    end = await client.until_slot(start + length)
    slots = await client.call("getBlocks", start, end, CONFIRMED)
    return [(slot, await client.call("getBlock", slot, BLOCK)) for slot in slots]


async def test_slots_and_heights_rise(client: NodeClient) -> None:
    first = await client.call("getSlot", CONFIRMED)
    height = await client.call("getBlockHeight", CONFIRMED)
    second = await client.until_slot(first + 3)
    assert second > first
    assert await client.call("getBlockHeight", CONFIRMED) > height


async def test_each_block_names_the_one_before(client: NodeClient) -> None:
    """Parent slot, previous blockhash and height link up, over skipped slots too."""
    blocks = await chain_of(client, 8)
    assert len(blocks) >= 2
    for (slot, before), (_, after) in pairwise(blocks):
        assert after["parentSlot"] == slot
        assert after["previousBlockhash"] == before["blockhash"]
        assert after["blockHeight"] == before["blockHeight"] + 1
        assert after["blockTime"] >= before["blockTime"]


async def test_commitments_stand_in_order(client: NodeClient) -> None:
    await client.until_slot(3)
    finalized = await client.call("getSlot", {"commitment": "finalized"})
    confirmed = await client.call("getSlot", {"commitment": "confirmed"})
    processed = await client.call("getSlot", {"commitment": "processed"})
    assert finalized <= confirmed <= processed
    assert await client.call("getSlot") >= finalized


async def test_finalized_follows(client: NodeClient) -> None:
    slot = await client.call("getSlot", CONFIRMED)
    assert await client.until_slot(slot, "finalized") >= slot


async def test_a_finalized_block_is_the_confirmed_one(client: NodeClient) -> None:
    (slot, confirmed), *_ = await chain_of(client, 1)
    await client.until_slot(slot, "finalized")
    assert await client.call("getBlock", slot, {**BLOCK, "commitment": "finalized"}) == confirmed


async def test_a_future_block_is_not_available(client: NodeClient) -> None:
    with pytest.raises(NodeError, match="Block not available for slot 1000000000") as refused:
        await client.call("getBlock", 1_000_000_000, BLOCK)
    assert refused.value.code == -32004


async def test_blocks_are_not_read_at_processed(client: NodeClient) -> None:
    with pytest.raises(NodeError, match="below `confirmed`") as refused:
        await client.call("getBlock", 1, {**BLOCK, "commitment": "processed"})
    assert refused.value.code == -32602


async def test_min_context_slot_names_the_bank(client: NodeClient) -> None:
    with pytest.raises(NodeError) as refused:
        await client.call("getSlot", {"minContextSlot": 1_000_000_000, **CONFIRMED})
    assert refused.value.code == -32016
    assert refused.value.data["contextSlot"] <= await client.call("getSlot", CONFIRMED)


async def test_get_blocks_with_limit_agrees_with_get_blocks(client: NodeClient) -> None:
    start = await client.call("getSlot", CONFIRMED)
    end = await client.until_slot(start + 4)
    listed = await client.call("getBlocks", start, end, CONFIRMED)
    assert await client.call("getBlocksWithLimit", start, len(listed), CONFIRMED) == listed
    assert await client.call("getBlocks", end, start, CONFIRMED) == []
