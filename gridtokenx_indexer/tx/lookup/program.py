"""Instructions of the address lookup table program."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

PROGRAM_ID = Pubkey.from_string("AddressLookupTab1e1111111111111111111111111")
MAX_ADDRESSES = 256
MAX_ADDRESSES_PER_TRANSACTION = 24
"""With room for a creation in the same transaction."""
CREATE_COMPUTE_UNITS = 20_000
EXTEND_COMPUTE_UNITS = 20_000
_HEADER_BYTES = 56
_SYSTEM = Pubkey.default()
_CREATE = struct.Struct("<IQB")
_EXTEND = struct.Struct("<IQ")


def table_address(authority: Pubkey, recent_slot: int) -> tuple[Pubkey, int]:
    """The address of the table that `authority` creates under `recent_slot`, and its bump."""
    return Pubkey.find_program_address([bytes(authority), recent_slot.to_bytes(8, "little")], PROGRAM_ID)


def table_contents(data: bytes) -> list[Pubkey]:
    """The addresses that a table's account holds, in the order of their positions."""
    return [Pubkey(data[at : at + 32]) for at in range(_HEADER_BYTES, len(data) - 31, 32)]


def create_table(authority: Pubkey, recent_slot: int) -> Instruction:
    """Creates the table; `authority` signs and pays. `recent_slot` must hold a block of the last 512
    slots.
    """
    table, bump = table_address(authority, recent_slot)
    return Instruction(PROGRAM_ID, _CREATE.pack(0, recent_slot, bump), _accounts(table, authority))


def extend_table(table: Pubkey, authority: Pubkey, addresses: Sequence[Pubkey]) -> Instruction:
    """Appends `addresses`; `authority` signs and pays the rent."""
    data = _EXTEND.pack(2, len(addresses)) + b"".join(bytes(address) for address in addresses)
    return Instruction(PROGRAM_ID, data, _accounts(table, authority))


def _accounts(table: Pubkey, authority: Pubkey) -> list[AccountMeta]:
    return [
        AccountMeta(table, is_signer=False, is_writable=True),
        AccountMeta(authority, is_signer=True, is_writable=False),
        AccountMeta(authority, is_signer=True, is_writable=True),
        AccountMeta(_SYSTEM, is_signer=False, is_writable=False),
    ]
