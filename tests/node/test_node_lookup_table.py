"""The life of an address lookup table."""

from __future__ import annotations

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from tests.support.node import CONFIRMED, FINALIZED, SOL, NodeClient, NodeError

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
TABLE_PROGRAM = Pubkey.from_string("AddressLookupTab1e1111111111111111111111111")


def create_table(authority: Pubkey, recent_slot: int) -> tuple[Instruction, Pubkey]:
    seeds = [bytes(authority), recent_slot.to_bytes(8, "little")]
    table, bump = Pubkey.find_program_address(seeds, TABLE_PROGRAM)
    data = (0).to_bytes(4, "little") + recent_slot.to_bytes(8, "little") + bytes([bump])
    return Instruction(TABLE_PROGRAM, data, _accounts(table, authority)), table


def extend_table(table: Pubkey, authority: Pubkey, addresses: list[Pubkey]) -> Instruction:
    data = (2).to_bytes(4, "little") + len(addresses).to_bytes(8, "little")
    return Instruction(TABLE_PROGRAM, data + b"".join(map(bytes, addresses)), _accounts(table, authority))


def _accounts(table: Pubkey, authority: Pubkey) -> list[AccountMeta]:
    return [
        AccountMeta(table, is_signer=False, is_writable=True),
        AccountMeta(authority, is_signer=True, is_writable=False),
        AccountMeta(authority, is_signer=True, is_writable=True),
        AccountMeta(Pubkey.default(), is_signer=False, is_writable=False),
    ]


async def made_table(client: NodeClient, owner: Keypair, addresses: list[Pubkey]) -> tuple[Pubkey, int]:
    """A table with the addresses and the slot that filled it."""
    recent = await client.call("getSlot", FINALIZED)
    create, table = create_table(owner.pubkey(), recent)
    landed = await client.sent([create, extend_table(table, owner.pubkey(), addresses)], owner)
    assert landed["meta"]["err"] is None
    return table, landed["slot"]


async def test_a_table_serves_once_it_is_finalized(client: NodeClient) -> None:
    """Preflight passes at once; the transaction lands only after the table's block is finalized."""
    owner = await client.funded()
    targets = [Keypair().pubkey() for _ in range(3)]
    table, filled = await made_table(client, owner, targets)
    await client.until_slot(filled + 1)
    payments = [
        transfer(TransferParams(from_pubkey=owner.pubkey(), to_pubkey=target, lamports=SOL))
        for target in targets
    ]
    account = AddressLookupTableAccount(table, targets)
    landed = await client.sent(payments, owner, tables=[account])
    assert landed["meta"]["err"] is None
    (lookup,) = landed["transaction"]["message"]["addressTableLookups"]
    assert (lookup["accountKey"], sorted(lookup["writableIndexes"])) == (str(table), [0, 1, 2])
    loaded = [str(targets[index]) for index in lookup["writableIndexes"]]
    assert landed["meta"]["loadedAddresses"] == {"writable": loaded, "readonly": []}
    assert not set(loaded) & set(landed["transaction"]["message"]["accountKeys"])
    assert await client.call("getSlot", FINALIZED) >= filled
    for target in targets:
        assert await client.balance(target) == SOL
        (known,) = await client.call("getSignaturesForAddress", str(target), CONFIRMED)
        assert known["signature"] == landed["transaction"]["signatures"][0]


async def test_a_finalized_table_serves_at_once(client: NodeClient) -> None:
    owner, target = await client.funded(), Keypair().pubkey()
    table, filled = await made_table(client, owner, [target])
    await client.until_slot(filled, "finalized")
    payment = transfer(TransferParams(from_pubkey=owner.pubkey(), to_pubkey=target, lamports=SOL))
    landed = await client.sent([payment], owner, tables=[AddressLookupTableAccount(table, [target])])
    assert landed["meta"]["preBalances"][-1] == 0
    assert landed["meta"]["postBalances"][-1] == SOL


async def test_an_unknown_table_is_refused(client: NodeClient) -> None:
    owner, target = await client.funded(), Keypair().pubkey()
    payment = transfer(TransferParams(from_pubkey=owner.pubkey(), to_pubkey=target, lamports=SOL))
    table = AddressLookupTableAccount(Keypair().pubkey(), [target])
    transaction = await client.signed([payment], owner, tables=[table])
    for skip_preflight in (False, True):
        with pytest.raises(NodeError, match="loads an address table account that doesn't exist") as refused:
            await client.submit(transaction, skipPreflight=skip_preflight)
        assert refused.value.code == -32602


async def test_a_table_can_be_read_parsed(client: NodeClient) -> None:
    owner, target = await client.funded(), Keypair().pubkey()
    table, filled = await made_table(client, owner, [target])
    account = await client.value("getAccountInfo", str(table), {"encoding": "jsonParsed", **CONFIRMED})
    info = account["data"]["parsed"]["info"]
    assert info["addresses"] == [str(target)]
    assert info["authority"] == str(owner.pubkey())
    assert info["lastExtendedSlot"] == str(filled)
