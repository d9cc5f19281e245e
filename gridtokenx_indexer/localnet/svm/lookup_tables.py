"""Address lookup tables: reading them and resolving a message's lookups."""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import LOOKUP_TABLE
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.svm.wire import WireMessage

META_BYTES = 56
NEVER = 2**64 - 1
_META = struct.Struct("<IQQBB32s")


class TableLookupError(Exception):
    """A lookup that cannot be resolved; `err` is the TransactionError."""

    def __init__(self, err: str) -> None:
        super().__init__(err)
        self.err = err


class LookupTable(msgspec.Struct, frozen=True):
    deactivation_slot: int
    last_extended_slot: int
    last_extended_start: int
    authority: Pubkey | None
    addresses: tuple[Pubkey, ...]


def read_table(state: AccountState | None) -> LookupTable:
    if state is None:
        raise TableLookupError("AddressLookupTableNotFound")
    if state.owner != LOOKUP_TABLE:
        raise TableLookupError("InvalidAddressLookupTableOwner")
    if len(state.data) < META_BYTES or state.data[0] != 1:
        raise TableLookupError("InvalidAddressLookupTableData")
    _, deactivation, extended, start, has_authority, authority = _META.unpack_from(state.data)
    raw = state.data[META_BYTES:]
    return LookupTable(
        deactivation,
        extended,
        start,
        Pubkey(authority) if has_authority else None,
        tuple(Pubkey(raw[at : at + 32]) for at in range(0, len(raw) - 31, 32)),
    )


def resolve(
    message: WireMessage, slot: int, account: Callable[[Pubkey], AccountState | None]
) -> tuple[tuple[Pubkey, ...], tuple[Pubkey, ...]]:
    """The writable and read-only addresses that the lookups load in the bank of `slot`."""
    writable: list[Pubkey] = []
    readonly: list[Pubkey] = []
    for lookup in message.lookups:
        table = read_table(account(lookup.table))
        active = len(table.addresses) if slot > table.last_extended_slot else table.last_extended_start
        if max(lookup.writable + lookup.readonly) >= active:
            raise TableLookupError("InvalidAddressLookupTableIndex")
        writable.extend(table.addresses[index] for index in lookup.writable)
        readonly.extend(table.addresses[index] for index in lookup.readonly)
    return tuple(writable), tuple(readonly)
