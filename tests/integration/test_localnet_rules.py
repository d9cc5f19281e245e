"""Rules that the node adds to the virtual machine, at the size the local node sets them."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx
import msgspec
import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig, ProgramFile
from gridtokenx_indexer.localnet.addresses import LOOKUP_TABLE
from gridtokenx_indexer.resources import resource
from tests.support.localnet import SOL, STOPPED, funded, lamports, payment, send, stopped_node
from tests.support.node import NodeClient, NodeError
from tests.support.program import PROGRAM_ID, program_elf

MEMO = Pubkey.from_string("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")
CONFIRMED = {"commitment": "confirmed"}
NEVER = (2**64 - 1).to_bytes(8, "little")


def put_table(node: LocalNode, addresses: list[Pubkey]) -> AddressLookupTableAccount:
    """A finalized table, as if it had been there at genesis."""
    address = Keypair().pubkey()
    data = b"\1\0\0\0" + NEVER + bytes(8) + b"\0" + b"\0" + bytes(32) + b"\0\0"
    node.set_account(address, SOL, data=data + b"".join(map(bytes, addresses)), owner=LOOKUP_TABLE)
    return AddressLookupTableAccount(address, addresses)


async def with_accounts(node: LocalNode, client: NodeClient, count: int) -> VersionedTransaction:
    """A memo that names so many accounts in all; the memo program itself takes signers only, and fails."""
    alice = funded(node)
    others = [Keypair().pubkey() for _ in range(count - 2)]
    metas = [AccountMeta(each, is_signer=False, is_writable=True) for each in others]
    instruction = Instruction(MEMO, b"m", metas)
    blockhash = payment(node, alice, MEMO).message.recent_blockhash
    table = put_table(node, others)
    message = MessageV0.try_compile(alice.pubkey(), [instruction], [table], blockhash)
    return VersionedTransaction(message, [alice])


async def test_64_accounts_are_the_most() -> None:
    async with stopped_node() as (node, client):
        node.produce(1)
        for count, expected in ((64, {"InstructionError": [0, "MissingRequiredSignature"]}), (65, None)):
            transaction = await with_accounts(node, client, count)
            with pytest.raises(NodeError) as refused:
                await client.submit(transaction, preflightCommitment="processed")
            assert refused.value.data["err"] == (expected or "TooManyAccountLocks")
        assert refused.value.message.endswith("Transaction locked too many accounts")


async def test_a_full_block_leaves_the_rest_for_the_next() -> None:
    config = msgspec.structs.replace(STOPPED, block_compute_units=4_000)
    async with stopped_node(config) as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(1)
        for number in range(1, 6):
            await send(client, payment(node, alice, bob, number * SOL // 10), skipPreflight=True)
        node.produce(1)
        assert node.newest("processed").transaction_count == 3
        node.produce(1)
        assert node.newest("processed").transaction_count == 5
        assert lamports(node, bob) == 15 * SOL // 10


async def test_later_versions_are_refused() -> None:
    async with stopped_node() as (_, client):
        text = base64.b64encode(b"\x81\1\0\1" + bytes(100)).decode()
        with pytest.raises(NodeError, match="Transaction version is unsupported") as refused:
            await client.call("sendTransaction", text, {"encoding": "base64"})
        assert refused.value.code == -32602


async def test_cleaned_up_blocks_say_so() -> None:
    config = msgspec.structs.replace(STOPPED, history_blocks=50)
    async with stopped_node(config) as (node, client):
        node.produce(200)
        first = await client.call("getFirstAvailableBlock")
        assert first > 100
        with pytest.raises(NodeError, match=f"Block 7 cleaned up.*First available block: {first}") as refused:
            await client.call("getBlock", 7)
        assert refused.value.code == -32001
        assert (await client.call("getBlocks", 0, 199, CONFIRMED))[0] == first


async def test_programs_are_there_from_genesis_on() -> None:
    program = ProgramFile(
        program_id=str(PROGRAM_ID),
        path=resource("programs/gridtokenx/gridtokenx.so"),
        upgrade_authority=str(MEMO),
    )
    config = msgspec.structs.replace(STOPPED, programs=(program,))
    async with stopped_node(config) as (_, client):
        account = await client.value("getAccountInfo", str(PROGRAM_ID), {"encoding": "base64"})
        assert account["executable"] is True


async def test_programs_can_be_sent_over_the_wire() -> None:
    """Larger than the node's body limit: installation has a path of its own."""
    async with stopped_node() as (node, client), httpx.AsyncClient() as http:
        elf = base64.b64encode(program_elf()).decode()
        request = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "localnet_installProgram",
            "params": [str(PROGRAM_ID), elf, str(MEMO)],
        }
        answer = await http.post(f"{node.http_url}/localnet", json=request)
        assert answer.json()["result"] is True
        alice = funded(node)
        transaction = await client.signed([Instruction(PROGRAM_ID, b"\xff" * 8, [])], alice)
        with pytest.raises(NodeError) as refused:
            await client.submit(transaction)
        assert refused.value.data["unitsConsumed"] > 0


async def test_a_taken_port_and_a_missing_program_are_named() -> None:
    async with stopped_node() as (node, _):
        port = int(node.http_url.rpartition(":")[2])
        with pytest.raises(StopError, match=f"ports {port} and {port + 1}"):
            async with LocalNode(LocalNodeConfig(port=port)):
                pass
    missing = ProgramFile(program_id=str(PROGRAM_ID), path=Path("nowhere.so"))
    with pytest.raises(StopError, match=r"nowhere\.so"):
        async with LocalNode(LocalNodeConfig(port=0, programs=(missing,))):
            pass
