"""Transactions filled to the brim, and what filled them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.transaction_metadata import FailedTransactionMetadata

from gridtokenx_indexer.tx.gridtokenx.limits import MAX_ACCOUNT_LOCKS, MAX_TRANSACTION_BYTES
from tests.support.svm import Chain, Landed, key

LOOKUP_PROGRAM = Pubkey.from_string("AddressLookupTab1e1111111111111111111111111")


class Full(msgspec.Struct, frozen=True):
    """The largest transaction of a kind, and why one more item does not fit."""

    items: int
    landed: Landed
    limited_by: str


def lookup_table(
    chain: Chain, instructions: Sequence[Instruction], signers: Sequence[Keypair]
) -> AddressLookupTableAccount:
    """A table of every address that need not stand in the transaction itself."""
    programs = {instruction.program_id for instruction in instructions}
    fixed = programs | {signer.pubkey() for signer in signers}
    used = [meta.pubkey for instruction in instructions for meta in instruction.accounts]
    addresses = list(dict.fromkeys(address for address in used if address not in fixed))
    assert len(addresses) <= 256
    authority = b"\x01" + bytes(chain.payer.pubkey())
    header = (1).to_bytes(4, "little") + b"\xff" * 8 + bytes(8) + b"\x00" + authority + bytes(2)
    address = key("lookup table").pubkey()
    chain.put(address, header + b"".join(map(bytes, addresses)), owner=LOOKUP_PROGRAM)
    return AddressLookupTableAccount(address, addresses)


def problem(
    chain: Chain,
    instructions: Sequence[Instruction],
    signers: Sequence[Keypair],
    tables: Sequence[AddressLookupTableAccount],
) -> str | None:
    """Which limit the transaction breaks, None when it would land. Nothing is changed on the chain."""
    transaction = chain.transaction(instructions, signers, tables, payer=signers[0])
    message = transaction.message
    assert isinstance(message, MessageV0)
    if len(bytes(transaction)) > MAX_TRANSACTION_BYTES:
        return "bytes"
    loaded = sum(
        len(table.writable_indexes) + len(table.readonly_indexes) for table in message.address_table_lookups
    )
    if len(message.account_keys) + loaded > MAX_ACCOUNT_LOCKS:
        return "locks"
    result = chain.svm.simulate_transaction(transaction)
    if isinstance(result, FailedTransactionMetadata):
        text = str(result.err())
        if "MaxInstructionTraceLengthExceeded" in text:
            return "trace"
        raise AssertionError(f"{text}\n" + "\n".join(result.meta().logs()))
    return None


def fill(
    chain: Chain,
    make: Callable[[int], list[Instruction]],
    signers: Sequence[Keypair],
    *,
    with_table: bool,
    most: int = 40,
) -> Full:
    """Send the largest transaction that `make` gives, having seen that one item more breaks a limit.

    The first signer pays the fee, as the daemon's keys do.
    """
    tables = [lookup_table(chain, make(most), signers)] if with_table else []
    items = next(n for n in range(1, most + 1) if problem(chain, make(n + 1), signers, tables))
    limited_by = problem(chain, make(items + 1), signers, tables)
    assert limited_by is not None
    landed = chain.send(*make(items), signers=signers, tables=tables, payer=signers[0])
    return Full(items=items, landed=landed, limited_by=limited_by)
