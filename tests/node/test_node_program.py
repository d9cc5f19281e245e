"""Our program as a node carries it: a Program account that points to its ProgramData."""

from __future__ import annotations

import base64

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from tests.support.node import CONFIRMED, NodeClient, NodeError
from tests.support.program import PROGRAM_ID, program_elf

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
LOADER = Pubkey.from_string("BPFLoaderUpgradeab1e11111111111111111111111")
META_BYTES = 45


async def test_the_program_account_names_its_data(client: NodeClient) -> None:
    program = await client.value("getAccountInfo", str(PROGRAM_ID), {"encoding": "jsonParsed", **CONFIRMED})
    assert program["executable"] is True
    assert program["owner"] == str(LOADER)
    address, _ = Pubkey.find_program_address([bytes(PROGRAM_ID)], LOADER)
    assert program["data"]["parsed"]["info"]["programData"] == str(address)


async def test_the_program_data_carries_authority_and_code(client: NodeClient) -> None:
    address, _ = Pubkey.find_program_address([bytes(PROGRAM_ID)], LOADER)
    account = await client.value("getAccountInfo", str(address), {"encoding": "base64", **CONFIRMED})
    assert account["owner"] == str(LOADER)
    assert account["executable"] is False
    data = base64.b64decode(account["data"][0])
    assert int.from_bytes(data[:4], "little") == 3
    assert data[12] == 1
    assert data[META_BYTES:].rstrip(b"\0") == program_elf().rstrip(b"\0")


async def test_the_program_runs(client: NodeClient) -> None:
    """An instruction it does not know fails inside it, with its own log lines and compute units."""
    alice = await client.funded()
    transaction = await client.signed([Instruction(PROGRAM_ID, b"\xff" * 8, [])], alice)
    with pytest.raises(NodeError) as refused:
        await client.submit(transaction)
    data = refused.value.data
    assert refused.value.code == -32002
    assert data["err"]["InstructionError"][0] == 0
    assert data["logs"][0] == f"Program {PROGRAM_ID} invoke [1]"
    assert data["logs"][-1].startswith(f"Program {PROGRAM_ID} failed: ")
    assert data["unitsConsumed"] > 0


async def test_an_unknown_program_is_refused(client: NodeClient) -> None:
    alice = await client.funded()
    transaction = await client.signed([Instruction(Pubkey.new_unique(), b"", [])], alice)
    with pytest.raises(NodeError, match="Attempt to load a program that does not exist") as refused:
        await client.submit(transaction)
    assert refused.value.data["err"] == "ProgramAccountNotFound"


async def test_an_unknown_program_costs_the_fee_without_preflight(client: NodeClient) -> None:
    alice = await client.funded()
    landed = await client.sent([Instruction(Pubkey.new_unique(), b"", [])], alice, skipPreflight=True)
    assert landed["meta"]["err"] == "ProgramAccountNotFound"
    assert landed["meta"]["fee"] == 5_000
    assert await client.balance(alice.pubkey()) == 10_000_000_000 - 5_000
