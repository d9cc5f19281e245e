"""How long a blockhash lives."""

from __future__ import annotations

import pytest
from solders.hash import Hash
from solders.keypair import Keypair
from solders.system_program import TransferParams, transfer

from tests.support.node import CONFIRMED, SOL, NodeClient, NodeError

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
LIFETIME_BLOCKS = 150


async def test_the_latest_blockhash_is_that_of_its_block(client: NodeClient) -> None:
    answer = await client.call("getLatestBlockhash", CONFIRMED)
    slot = answer["context"]["slot"]
    config = {"transactionDetails": "none", "maxSupportedTransactionVersion": 0, **CONFIRMED}
    block = await client.call("getBlock", slot, config)
    assert answer["value"]["blockhash"] == block["blockhash"]
    assert answer["value"]["lastValidBlockHeight"] == block["blockHeight"] + LIFETIME_BLOCKS


async def test_an_unknown_blockhash_is_refused(client: NodeClient) -> None:
    alice = await client.funded()
    params = TransferParams(from_pubkey=alice.pubkey(), to_pubkey=Keypair().pubkey(), lamports=SOL)
    transaction = await client.signed([transfer(params)], alice, blockhash=Hash.new_unique())
    with pytest.raises(NodeError, match="Transaction simulation failed: Blockhash not found") as refused:
        await client.submit(transaction)
    assert (refused.value.code, refused.value.data["err"]) == (-32002, "BlockhashNotFound")
    assert await client.value("isBlockhashValid", str(Hash.new_unique()), CONFIRMED) is False


async def test_a_blockhash_expires_by_height(client: NodeClient) -> None:
    """An unsent transaction is valid for 150 blocks and then never lands, not even without preflight."""
    alice, bob = await client.funded(), Keypair()
    value = await client.value("getLatestBlockhash", CONFIRMED)
    blockhash, last_valid = value["blockhash"], value["lastValidBlockHeight"]
    assert await client.value("isBlockhashValid", blockhash, CONFIRMED) is True
    params = TransferParams(from_pubkey=alice.pubkey(), to_pubkey=bob.pubkey(), lamports=SOL)
    blockhash_bytes = Hash.from_string(blockhash)
    transaction = await client.signed([transfer(params)], alice, blockhash=blockhash_bytes)

    async def expired() -> bool:
        return not await client.value("isBlockhashValid", blockhash, CONFIRMED)

    await client.until("expiry", expired)
    assert await client.call("getBlockHeight", CONFIRMED) > last_valid
    with pytest.raises(NodeError, match="Blockhash not found"):
        await client.submit(transaction)
    slot = await client.call("getSlot", CONFIRMED)
    await client.until_slot(slot + 2)
    await client.submit(transaction, skipPreflight=True)
    await client.until_slot(slot + 5)
    assert await client.balance(bob.pubkey()) == 0
