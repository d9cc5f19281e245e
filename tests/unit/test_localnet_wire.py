"""Transaction bytes, read without solders and compared with it."""

from __future__ import annotations

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.localnet.svm.wire import SanitizeError, WireError, WireTransaction

PAYER = Keypair.from_seed(bytes(31) + b"\1")
SIGNER = Keypair.from_seed(bytes(31) + b"\2")
PROGRAM, WRITABLE, READONLY, LOOKED_UP = (
    Pubkey.from_bytes(bytes(31) + bytes([each])) for each in range(3, 7)
)
BLOCKHASH = Hash.from_bytes(bytes(31) + b"\7")


def instruction() -> Instruction:
    accounts = [
        AccountMeta(SIGNER.pubkey(), is_signer=True, is_writable=False),
        AccountMeta(WRITABLE, is_signer=False, is_writable=True),
        AccountMeta(READONLY, is_signer=False, is_writable=False),
        AccountMeta(LOOKED_UP, is_signer=False, is_writable=True),
    ]
    return Instruction(PROGRAM, b"payload" * 30, accounts)


def legacy() -> VersionedTransaction:
    message = Message.new_with_blockhash([instruction()], PAYER.pubkey(), BLOCKHASH)
    return VersionedTransaction(message, [PAYER, SIGNER])


def versioned() -> VersionedTransaction:
    table = AddressLookupTableAccount(Pubkey.from_bytes(bytes(31) + b"\x09"), [READONLY, LOOKED_UP])
    message = MessageV0.try_compile(PAYER.pubkey(), [instruction()], [table], BLOCKHASH)
    return VersionedTransaction(message, [PAYER, SIGNER])


@pytest.mark.parametrize("transaction", [legacy(), versioned()], ids=["legacy", "version 0"])
def test_reads_what_solders_reads(transaction: VersionedTransaction) -> None:
    wire = WireTransaction(bytes(transaction) + b"trailing bytes are ignored")
    message = transaction.message
    wire.sanitize()
    assert wire.data == bytes(transaction)
    assert wire.signature == str(transaction.signatures[0])
    assert list(wire.keys) == message.account_keys
    assert wire.message.blockhash == str(message.recent_blockhash)
    (read,), (expected,) = wire.message.instructions, message.instructions
    assert (read.program_index, read.accounts, read.data) == (
        expected.program_id_index,
        expected.accounts,
        expected.data,
    )
    writable = {key for index, key in enumerate(wire.keys) if wire.message.is_static_writable(index)}
    assert writable == {PAYER.pubkey(), WRITABLE, LOOKED_UP} & set(wire.keys)


def test_reads_lookups() -> None:
    message = WireTransaction(bytes(versioned())).message
    (lookup,) = message.lookups
    assert message.version == 0
    assert (lookup.writable, lookup.readonly) == (b"\1", b"\0")


def test_version_1_is_seen_but_not_read() -> None:
    wire = WireTransaction(b"\x81\1\0\1" + bytes(100))
    assert wire.message.version == 1
    assert not wire.message.is_supported


@pytest.mark.parametrize("transaction", [legacy(), versioned()], ids=["legacy", "version 0"])
def test_every_cut_is_noticed(transaction: VersionedTransaction) -> None:
    whole = bytes(transaction)
    for length in range(len(whole)):
        with pytest.raises(WireError, match="Attempting to read"):
            WireTransaction(whole[:length])


def test_contradictions_are_refused() -> None:
    good = bytes(legacy())
    header = 1 + 2 * 64
    WireTransaction(good).sanitize()
    for position, value in ((header, 1), (header, 100), (header + 1, 2), (header + 2, 100)):
        wrong = bytearray(good)
        wrong[position] = value
        with pytest.raises(SanitizeError):
            WireTransaction(bytes(wrong)).sanitize()
