"""Ordinary Solana clients talk to the node unchanged."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anchorpy
import pytest
from solana.rpc.async_api import AsyncClient
from solana.rpc.commitment import Confirmed
from solana.rpc.core import RPCException
from solana.rpc.types import TxOpts
from solana.rpc.websocket_api import connect
from solders.keypair import Keypair
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.rpc.config import RpcTransactionLogsFilterMentions
from solders.rpc.errors import SendTransactionPreflightFailureMessage
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction
from solders.transaction_status import TransactionConfirmationStatus
from spl.token.async_client import AsyncToken
from spl.token.constants import TOKEN_PROGRAM_ID

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from tests.support.agave_recording import PROGRAM_SO

SOL = 1_000_000_000
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "first_transfer.py"
NOTE_PROGRAM = Pubkey.from_string("9THuVXd5ov2APYhbMicVMV3xrUJrxY9oUenE17avwPy5")
NOTE_IDL = """{
  "version": "0.1.0", "name": "notes",
  "instructions": [{
    "name": "createNote",
    "accounts": [
      {"name": "payer", "isMut": true, "isSigner": true},
      {"name": "note", "isMut": true, "isSigner": false},
      {"name": "systemProgram", "isMut": false, "isSigner": false}
    ],
    "args": [{"name": "value", "type": "u64"}, {"name": "text", "type": "string"}]
  }],
  "accounts": [{"name": "Note", "type": {"kind": "struct", "fields": [
    {"name": "value", "type": "u64"}, {"name": "bump", "type": "u8"},
    {"name": "createdAt", "type": "i64"}, {"name": "text", "type": "string"}
  ]}}]
}"""


@pytest.fixture
async def node() -> AsyncIterator[LocalNode]:
    async with LocalNode(LocalNodeConfig(port=0, slot_ms=15, finality_slots=4)) as running:
        yield running


@pytest.fixture
async def client(node: LocalNode) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(node.http_url, commitment=Confirmed) as opened:
        yield opened


async def funded(client: AsyncClient) -> Keypair:
    key = Keypair()
    airdrop = await client.request_airdrop(key.pubkey(), 5 * SOL)
    await client.confirm_transaction(airdrop.value, Confirmed, sleep_seconds=0.02)
    return key


async def payment(
    client: AsyncClient, source: Keypair, target: Pubkey, lamports: int
) -> VersionedTransaction:
    latest = (await client.get_latest_blockhash()).value.blockhash
    params = TransferParams(from_pubkey=source.pubkey(), to_pubkey=target, lamports=lamports)
    message = MessageV0.try_compile(source.pubkey(), [transfer(params)], [], latest)
    return VersionedTransaction(message, [source])


async def test_solana_py_reads_every_answer(node: LocalNode, client: AsyncClient) -> None:
    """solders' parsers behind solana-py are stricter than JSON: each answer must fit its type."""
    alice = await funded(client)
    bob = Keypair().pubkey()
    sent = await client.send_transaction(
        await payment(client, alice, bob, SOL), opts=TxOpts(preflight_commitment=Confirmed)
    )
    await client.confirm_transaction(sent.value, Confirmed, sleep_seconds=0.02)
    landed = await client.get_transaction(sent.value, max_supported_transaction_version=0)
    assert landed.value is not None
    assert landed.value.transaction.meta.fee == 5_000
    slot = landed.value.slot
    await node.wait_for_slot(slot, "finalized")
    for encoding in ("json", "jsonParsed", "base58", "base64"):
        block = await client.get_block(slot, encoding=encoding, max_supported_transaction_version=0)
        assert block.value.block_height is not None
        again = await client.get_transaction(sent.value, encoding, max_supported_transaction_version=0)
        assert again.value.slot == slot
    assert (await client.get_balance(bob)).value == SOL
    assert (await client.get_account_info(bob)).value.lamports == SOL
    assert (await client.get_account_info_json_parsed(bob)).value.lamports == SOL
    assert len((await client.get_multiple_accounts([bob, Keypair().pubkey()])).value) == 2
    assert (await client.get_signatures_for_address(bob)).value[0].signature == sent.value
    assert (await client.get_blocks(slot, slot)).value == [slot]
    assert (await client.get_block_time(slot)).value == landed.value.block_time
    assert (await client.get_block_height()).value >= slot
    assert (await client.get_epoch_info()).value.absolute_slot >= slot
    assert (await client.get_epoch_schedule()).value.slots_per_epoch == 432_000
    assert (await client.get_first_available_block()).value == 0
    assert (await client.get_genesis_hash()).value is not None
    assert (await client.get_identity()).value.identity is not None
    assert (await client.get_minimum_balance_for_rent_exemption(165)).value == 2_039_280
    assert (await client.get_minimum_ledger_slot()).value == 0
    assert (await client.get_slot_leader()).value is not None
    assert (await client.get_transaction_count()).value >= 2
    assert (await client.get_version()).value.solana_core == "4.2.2"
    assert await client.is_connected()
    message = Message.new_with_blockhash(
        [], alice.pubkey(), (await client.get_latest_blockhash()).value.blockhash
    )
    assert (await client.get_fee_for_message(message)).value == 5_000
    simulated = await client.simulate_transaction(await payment(client, alice, bob, SOL))
    assert simulated.value.err is None
    statuses = await client.get_signature_statuses([sent.value])
    assert statuses.value[0].confirmation_status in (
        TransactionConfirmationStatus.Confirmed,
        TransactionConfirmationStatus.Finalized,
    )


async def test_solana_py_understands_a_preflight_failure(client: AsyncClient) -> None:
    alice = await funded(client)
    transaction = await payment(client, alice, Keypair().pubkey(), 100 * SOL)
    with pytest.raises(RPCException) as refused:
        await client.send_transaction(transaction, opts=TxOpts(preflight_commitment=Confirmed))
    (failure,) = refused.value.args
    assert isinstance(failure, SendTransactionPreflightFailureMessage)
    assert "custom program error: 0x1" in failure.message
    assert "insufficient lamports" in "".join(failure.data.logs or [])


async def test_solana_py_websocket(node: LocalNode, client: AsyncClient) -> None:
    alice, bob = await funded(client), Keypair().pubkey()
    transaction = await payment(client, alice, bob, SOL)
    async with connect(node.ws_url) as socket:
        subscriptions = {}
        for name, subscribe in (
            ("account", socket.account_subscribe(bob, Confirmed)),
            ("logs", socket.logs_subscribe(RpcTransactionLogsFilterMentions(bob), Confirmed)),
            ("program", socket.program_subscribe(Pubkey.default(), Confirmed)),
            ("slot", socket.slot_subscribe()),
            ("root", socket.root_subscribe()),
            ("signature", socket.signature_subscribe(transaction.signatures[0], Confirmed)),
        ):
            await subscribe
            while name not in subscriptions:
                for message in await socket.recv():
                    if type(message).__name__ == "SubscriptionResult":
                        subscriptions[name] = message.result
        await client.send_transaction(transaction, opts=TxOpts(preflight_commitment=Confirmed))
        seen: set[int] = set()
        while seen != set(subscriptions.values()):
            for message in await asyncio.wait_for(socket.recv(), 10):
                seen.add(message.subscription)


async def test_spl_token_client(node: LocalNode, client: AsyncClient) -> None:
    """Creates a mint and accounts, mints and pays, through the SPL client's own requests."""
    owner, holder = await funded(client), Keypair().pubkey()
    token = await AsyncToken.create_mint(client, owner, owner.pubkey(), 6, TOKEN_PROGRAM_ID)
    await node.wait_for_slot(node.slot, "finalized")
    source = await token.create_associated_token_account(owner.pubkey(), skip_confirmation=False)
    target = await token.create_associated_token_account(holder, skip_confirmation=False)
    minted = await token.mint_to(source, owner, 1_000_000)
    await client.confirm_transaction(minted.value, Confirmed, sleep_seconds=0.02)
    paid = await token.transfer(source, target, owner, 250_000)
    await client.confirm_transaction(paid.value, Confirmed, sleep_seconds=0.02)
    assert (await token.get_balance(target, Confirmed)).value.amount == "250000"
    assert (await client.get_token_supply(token.pubkey, Confirmed)).value.ui_amount_string == "1"
    accounts = await token.get_accounts_by_owner_json_parsed(holder, Confirmed)
    assert [each.pubkey for each in accounts.value] == [target]
    assert (await token.get_mint_info()).supply == 1_000_000


async def test_anchorpy_calls_a_program_and_reads_its_account(node: LocalNode, client: AsyncClient) -> None:
    node.install_program(NOTE_PROGRAM, PROGRAM_SO.read_bytes(), None)
    alice = await funded(client)
    provider = anchorpy.Provider(client, anchorpy.Wallet(alice), TxOpts(preflight_commitment=Confirmed))
    program = anchorpy.Program(anchorpy.Idl.from_json(NOTE_IDL), NOTE_PROGRAM, provider)
    note, _ = Pubkey.find_program_address([b"note", bytes(alice.pubkey())], NOTE_PROGRAM)
    accounts = {"payer": alice.pubkey(), "note": note, "system_program": Pubkey.default()}
    signature = await program.rpc["create_note"](77, "hello", ctx=anchorpy.Context(accounts=accounts))
    await client.confirm_transaction(signature, Confirmed, sleep_seconds=0.02)
    stored = await program.account["Note"].fetch(note, Confirmed)
    assert (stored.value, stored.text) == (77, "hello")
    assert len(await program.account["Note"].all()) == 1


async def test_the_example_of_the_documentation_runs(node: LocalNode) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLE),
        node.http_url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    lines = output.decode().splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["airdrop", "transfer", "block"]
    assert lines[-2:] == [f"alice    {SOL - 5_000} lamports", f"bob      {SOL} lamports"]
    assert lines[1].split()[1] in output.decode().split("block", 1)[1]
