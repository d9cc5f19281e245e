"""What a node refuses to take at all."""

from __future__ import annotations

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from tests.support.node import SOL, NodeClient, NodeError

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
MEMO = Pubkey.from_string("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")
MAX_BYTES = 1_232


async def memo_of(client: NodeClient, payer: Keypair, size: int) -> VersionedTransaction:
    return await client.signed([Instruction(MEMO, b"a" * size, [])], payer)


async def test_1232_bytes_are_the_limit(client: NodeClient) -> None:
    alice = await client.funded()
    empty = len(bytes(await memo_of(client, alice, 500))) - 500
    fitting = await memo_of(client, alice, MAX_BYTES - empty)
    assert len(bytes(fitting)) == MAX_BYTES
    await client.landed(await client.submit(fitting, skipPreflight=True))
    too_large = await memo_of(client, alice, MAX_BYTES - empty + 1)
    with pytest.raises(NodeError, match=r"too large: 1233 bytes \(max: 1232 bytes\)") as refused:
        await client.submit(too_large)
    assert refused.value.code == -32602


async def test_a_message_that_repeats_an_account_is_refused(client: NodeClient) -> None:
    """Compilers merge repeated accounts; here one is added behind their back."""
    alice, bob = await client.funded(), Keypair()
    params = TransferParams(from_pubkey=alice.pubkey(), to_pubkey=bob.pubkey(), lamports=SOL)
    good = await client.signed([transfer(params)], alice)
    wire = bytearray(bytes(good.message))
    keys_at = 4
    wire[keys_at + 32 : keys_at + 64] = wire[keys_at : keys_at + 32]
    signature = bytes(alice.sign_message(bytes(wire)))
    repeated = VersionedTransaction.from_bytes(b"\x01" + signature + bytes(wire))
    with pytest.raises(NodeError, match="Account loaded twice") as refused:
        await client.submit(repeated)
    assert (refused.value.code, refused.value.data["err"]) == (-32002, "AccountLoadedTwice")


async def test_a_compute_limit_below_need_fails_the_program(client: NodeClient) -> None:
    alice = await client.funded()
    budget = Pubkey.from_string("ComputeBudget111111111111111111111111111111")
    limit = Instruction(budget, b"\x02" + (500).to_bytes(4, "little"), [])
    signer = AccountMeta(alice.pubkey(), is_signer=True, is_writable=False)
    landed = await client.sent([limit, Instruction(MEMO, b"hello", [signer])], alice, skipPreflight=True)
    assert landed["meta"]["err"] == {"InstructionError": [1, "ProgramFailedToComplete"]}
    assert landed["meta"]["computeUnitsConsumed"] <= 500


async def test_two_compute_limits_make_it_invalid(client: NodeClient) -> None:
    alice = await client.funded()
    budget = Pubkey.from_string("ComputeBudget111111111111111111111111111111")
    limits = [Instruction(budget, b"\x02" + each.to_bytes(4, "little"), []) for each in (500, 600)]
    transaction = await client.signed(limits, alice)
    with pytest.raises(NodeError, match=r"duplicate instruction \(1\) that is not allowed") as refused:
        await client.submit(transaction, skipPreflight=True)
    assert refused.value.code == -32602


async def test_bytes_that_are_no_transaction_are_refused(client: NodeClient) -> None:
    with pytest.raises(NodeError, match="failed to deserialize") as refused:
        await client.call("sendTransaction", "YWJj", {"encoding": "base64"})
    assert refused.value.code == -32602
