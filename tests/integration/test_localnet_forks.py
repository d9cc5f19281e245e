"""A fork puts back everything that the replaced blocks had changed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.localnet import ForkMode, LocalNode
from tests.support.localnet import SOL, funded, lamports, payment, send, stopped_node
from tests.support.node import NodeClient, NodeError

CONFIRMED = {"commitment": "confirmed"}
PROCESSED = {"commitment": "processed"}
BLOCK = {"transactionDetails": "full", "maxSupportedTransactionVersion": 0, **CONFIRMED}
CLOCK = "SysvarC1ock11111111111111111111111111111111"
SLOT_HASHES = Pubkey.from_string("SysvarS1otHashes111111111111111111111111111")


async def state_of(client: NodeClient, node: LocalNode, addresses: list[Pubkey], signature: str) -> Any:
    """What the newest bank knows, as clients see it."""
    node._validator.set_slot_hashes()
    return {
        "slot": await client.call("getSlot", PROCESSED),
        "height": await client.call("getBlockHeight", PROCESSED),
        "count": await client.call("getTransactionCount", PROCESSED),
        "blockhash": await client.value("getLatestBlockhash", PROCESSED),
        "accounts": [
            await client.value("getAccountInfo", str(each), {"encoding": "base64", **PROCESSED})
            for each in addresses
        ],
        "status": await client.value("getSignatureStatuses", [signature]),
        "clock": await client.value("getAccountInfo", CLOCK, {"encoding": "base64", **PROCESSED}),
        "slot hashes": node._validator.bank.read_back(SLOT_HASHES),
        "history": await client.call("getSignaturesForAddress", str(addresses[0]), CONFIRMED),
    }


async def test_everything_goes_back_to_the_ancestor() -> None:
    """Accounts that changed, came to be or vanished; statuses, blockhashes, height, Clock, SlotHashes."""
    async with stopped_node() as (node, client):
        alice, poor, new = funded(node), funded(node, SOL + 5_000), Keypair().pubkey()
        node.produce(3)
        addresses = [alice.pubkey(), poor.pubkey(), new]
        transaction = payment(node, alice, new)
        before = await state_of(client, node, addresses, str(transaction.signatures[0]))
        signature = await send(client, transaction)
        await send(client, payment(node, poor, alice.pubkey()))
        node.produce(1)
        assert lamports(node, new) == SOL
        assert node.account(poor.pubkey()) is None
        lost_blockhash = node.newest("processed").blockhash
        node.produce(2)
        assert node.confirmed_slot == 5
        assert node.fork(3, ForkMode.STEP_OVER) == [4, 5, 6]
        assert await state_of(client, node, addresses, signature) == before
        assert await client.value("isBlockhashValid", lost_blockhash, PROCESSED) is False
        assert await send(client, transaction) == signature
        node.produce(1)
        assert lamports(node, new) == SOL


async def test_replacing_confirmed_blocks_keeps_their_slots() -> None:
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(3)
        signature = await send(client, payment(node, alice, bob))
        node.produce(3)
        old = [await client.call("getBlock", slot, BLOCK) for slot in (3, 4, 5)]
        assert (await client.transaction(signature))["slot"] == 4
        assert node.fork(3) == [4, 5, 6]
        new = [await client.call("getBlock", slot, BLOCK) for slot in (3, 4, 5)]
        assert old[0] == new[0]
        for replaced, block in zip(old[1:], new[1:], strict=True):
            assert block["blockhash"] != replaced["blockhash"]
            assert (block["blockHeight"], block["parentSlot"]) == (
                replaced["blockHeight"],
                replaced["parentSlot"],
            )
        for before, after in itertools.pairwise(new):
            assert after["previousBlockhash"] == before["blockhash"]
        assert await client.transaction(signature) is None
        assert new[1]["transactions"] == []
        assert lamports(node, bob) == 0


async def test_stepping_over_leaves_the_old_slots_skipped() -> None:
    async with stopped_node() as (node, client):
        node.produce(6)
        node.fork(3, ForkMode.STEP_OVER)
        assert await client.call("getSlot", PROCESSED) == 3
        node.produce(1)
        assert node.confirmed_slot == 3
        node.produce(1)
        block = await client.call("getBlock", 7, BLOCK)
        assert (block["parentSlot"], block["blockHeight"]) == (3, 4)
        assert await client.call("getBlocks", 0, 7, CONFIRMED) == [0, 1, 2, 3, 7]
        with pytest.raises(NodeError) as refused:
            await client.call("getBlock", 5, BLOCK)
        assert refused.value.code == -32004
        node.produce(8)
        with pytest.raises(NodeError) as refused:
            await client.call("getBlock", 5, BLOCK)
        assert refused.value.code == -32007


async def test_replayed_transactions_land_on_the_new_fork() -> None:
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(2)
        signature = await send(client, payment(node, alice, bob))
        node.produce(2)
        node.fork(2, replay=True)
        assert lamports(node, bob) == SOL
        (status,) = await client.value("getSignatureStatuses", [signature])
        assert status["slot"] == 3


async def test_finalized_blocks_cannot_be_replaced() -> None:
    async with stopped_node() as (node, client):
        node.produce(10)
        assert node.finalized_slot == 4
        with pytest.raises(UsageError, match="give 1 to 6"):
            node.fork(7)
        with pytest.raises(NodeError, match="give 1 to 6"):
            await client.call("localnet_fork", 7)
        assert await client.call("localnet_fork", 6) == [5, 6, 7, 8, 9, 10]
        assert node.slot == 10


async def test_forks_in_a_row_and_execution_afterwards() -> None:
    """The virtual machine agrees with the versions after several forks."""
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(1)
        for round_number in range(4):
            for _ in range(3):
                await send(client, payment(node, alice, bob, SOL // 10))
                node.produce(1)
            assert len(node.fork(2)) == 2
            expected = (round_number + 1) * SOL // 10
            assert lamports(node, bob) == expected
            assert node._validator.bank.read_back(bob) == node.account(bob)
        assert lamports(node, alice.pubkey()) == 10 * SOL - 4 * (SOL // 10 + 5_000)


async def test_versions_of_the_past_are_told_apart() -> None:
    """Balances differ by commitment until finality has caught up."""
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(1)
        await send(client, payment(node, alice, bob))
        node.produce(1)
        assert [await client.balance(bob, each) for each in ("processed", "confirmed", "finalized")] == [
            SOL,
            0,
            0,
        ]
        node.produce(1)
        assert [await client.balance(bob, each) for each in ("confirmed", "finalized")] == [SOL, 0]
        node.produce(6)
        assert await client.balance(bob, "finalized") == SOL


async def test_simulations_run_on_the_bank_that_was_asked() -> None:
    """At finalized alice has nothing yet: the same transaction passes at processed only."""
    async with stopped_node() as (node, client):
        rich, alice, bob = funded(node), Keypair(), Keypair().pubkey()
        node.produce(1)
        await send(client, payment(node, rich, alice.pubkey(), 2 * SOL))
        genesis = node._validator.ledger.finalized.blockhash
        node.produce(1)
        transaction = payment(node, alice, bob)
        transaction.partial_sign([alice], type(transaction.message.recent_blockhash).from_string(genesis))
        with pytest.raises(NodeError, match="no record of a prior credit"):
            await send(client, transaction, preflightCommitment="finalized")
        await send(client, transaction)
        node.produce(1)
        assert lamports(node, bob) == SOL


async def test_an_emptied_account_can_be_made_again() -> None:
    """Nothing of the account's data is left in the virtual machine, on either fork."""
    async with stopped_node() as (node, client):
        alice, poor = funded(node), funded(node, SOL + 5_000)
        node.produce(1)
        for _ in range(3):
            await send(client, payment(node, poor, alice.pubkey()))
            node.produce(1)
            assert node.account(poor.pubkey()) is None
            assert node._validator.bank.read_back(poor.pubkey()) is None
            await send(client, payment(node, alice, poor.pubkey(), SOL + 5_000))
            node.produce(1)
            assert lamports(node, poor.pubkey()) == SOL + 5_000
        node.fork(5)
        assert node.account(poor.pubkey()) is None
