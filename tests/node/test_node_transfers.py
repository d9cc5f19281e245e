"""Lamport transfers: landing, failing, fees, balances, repetition."""

from __future__ import annotations

import base64

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from tests.support.node import SOL, NodeClient, NodeError

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
FEE = 5_000


def pay(source: Keypair, target: Keypair, lamports: int) -> list[Instruction]:
    params = TransferParams(from_pubkey=source.pubkey(), to_pubkey=target.pubkey(), lamports=lamports)
    return [transfer(params)]


async def test_an_airdrop_arrives(client: NodeClient) -> None:
    key = await client.funded(3 * SOL)
    assert await client.balance(key.pubkey()) == 3 * SOL


async def test_a_transfer_moves_lamports_and_costs_the_fee(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    landed = await client.sent(pay(alice, bob, SOL), alice)
    meta = landed["meta"]
    assert meta["err"] is None
    assert meta["fee"] == FEE
    assert meta["preBalances"][:2] == [10 * SOL, 0]
    assert meta["postBalances"][:2] == [9 * SOL - FEE, SOL]
    assert await client.balance(bob.pubkey()) == SOL
    assert "Program 11111111111111111111111111111111 success" in meta["logMessages"]
    block = {"encoding": "json", "maxSupportedTransactionVersion": 0, "commitment": "confirmed"}
    found = await client.call("getBlock", landed["slot"], block)
    signatures = [each["transaction"]["signatures"][0] for each in found["transactions"]]
    assert landed["transaction"]["signatures"][0] in signatures
    assert landed["blockTime"] == found["blockTime"]


async def test_finalized_comes_after_confirmed(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    signature = (await client.sent(pay(alice, bob, SOL), alice))["transaction"]["signatures"][0]
    status = await client.landed(signature, "finalized")
    assert status["confirmations"] is None
    assert (await client.transaction(signature, "finalized"))["meta"]["err"] is None
    assert await client.balance(bob.pubkey(), "finalized") == SOL


async def test_preflight_tells_why(client: NodeClient) -> None:
    alice = await client.funded()
    transaction = await client.signed(pay(alice, Keypair(), 100 * SOL), alice)
    with pytest.raises(NodeError) as refused:
        await client.submit(transaction)
    assert refused.value.code == -32002
    expected = "Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1"
    assert refused.value.message == expected
    assert refused.value.data["err"] == {"InstructionError": [0, {"Custom": 1}]}
    assert any("insufficient lamports" in line for line in refused.value.data["logs"])
    assert await client.balance(alice.pubkey()) == 10 * SOL


async def test_without_preflight_a_failure_lands_and_costs_the_fee(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    landed = await client.sent(pay(alice, bob, 100 * SOL), alice, skipPreflight=True)
    assert landed["meta"]["err"] == {"InstructionError": [0, {"Custom": 1}]}
    assert landed["meta"]["status"] == {"Err": landed["meta"]["err"]}
    assert await client.balance(alice.pubkey()) == 10 * SOL - FEE
    assert await client.balance(bob.pubkey()) == 0


async def test_an_account_below_the_rent_minimum_cannot_come_to_be(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    landed = await client.sent(pay(alice, bob, 1), alice, skipPreflight=True)
    assert landed["meta"]["err"] == {"InsufficientFundsForRent": {"account_index": 1}}
    assert landed["meta"]["postBalances"][:2] == [10 * SOL - FEE, 0]
    assert await client.balance(bob.pubkey()) == 0


async def test_the_same_bytes_land_once(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    transaction = await client.signed(pay(alice, bob, SOL), alice)
    first = await client.submit(transaction)
    assert await client.submit(transaction, skipPreflight=True) == first
    await client.landed(first)
    assert await client.submit(transaction, skipPreflight=True) == first
    with pytest.raises(NodeError, match="This transaction has already been processed") as refused:
        await client.submit(transaction)
    assert refused.value.data["err"] == "AlreadyProcessed"
    status = await client.landed(first)
    await client.until_slot(status["slot"] + 3)
    assert await client.balance(bob.pubkey()) == SOL


async def test_a_bad_signature_is_refused_in_preflight(client: NodeClient) -> None:
    alice = await client.funded()
    good = await client.signed(pay(alice, Keypair(), SOL), alice)
    bad = VersionedTransaction.populate(good.message, [alice.sign_message(b"something else")])
    with pytest.raises(NodeError, match="did not pass signature verification") as refused:
        await client.submit(bad)
    assert (refused.value.code, refused.value.data["err"]) == (-32002, "SignatureFailure")


async def test_a_payer_without_account_is_refused(client: NodeClient) -> None:
    nobody = Keypair()
    transaction = await client.signed(pay(nobody, Keypair(), SOL), nobody)
    with pytest.raises(NodeError, match="found no record of a prior credit") as refused:
        await client.submit(transaction)
    assert refused.value.data["err"] == "AccountNotFound"


async def test_a_simulation_changes_nothing(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    transaction = await client.signed(pay(alice, bob, SOL), alice)
    config = {
        "encoding": "base64",
        "commitment": "confirmed",
        "accounts": {"encoding": "base64", "addresses": [str(bob.pubkey())]},
    }
    text = base64.b64encode(bytes(transaction)).decode()
    value = await client.value("simulateTransaction", text, config)
    assert value["err"] is None
    assert value["accounts"][0]["lamports"] == SOL
    assert value["fee"] == FEE
    slot = await client.call("getSlot", {"commitment": "confirmed"})
    await client.until_slot(slot + 2)
    assert await client.balance(bob.pubkey()) == 0


async def test_a_version_0_transaction_lands(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    landed = await client.sent(pay(alice, bob, SOL), alice, tables=[])
    assert landed["version"] == 0
    signature = landed["transaction"]["signatures"][0]
    with pytest.raises(NodeError, match=r"Transaction version \(0\) is not supported") as refused:
        await client.call("getTransaction", signature, {"encoding": "json", "commitment": "confirmed"})
    assert refused.value.code == -32015
