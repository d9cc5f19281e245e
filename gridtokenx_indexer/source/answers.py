"""What `RpcClient` returns: plain values in our own units."""

from __future__ import annotations

from typing import NamedTuple

from gridtokenx_indexer.domain.ids import Address, Blockhash, BlockHeight, Slot
from gridtokenx_indexer.source.wire import TransactionError


class LatestBlockhash(NamedTuple):
    blockhash: Blockhash
    last_valid_block_height: BlockHeight
    context_slot: Slot


class Account(NamedTuple):
    lamports: int
    owner: Address
    data: bytes
    executable: bool


class AccountAt(NamedTuple):
    """`account` is None when the address has none at `context_slot`."""

    context_slot: Slot
    account: Account | None


class AccountsAt(NamedTuple):
    """In the order asked; all read in one bank, that of `context_slot`."""

    context_slot: Slot
    accounts: tuple[Account | None, ...]


class TokenSupply(NamedTuple):
    base_units: int
    decimals: int
    context_slot: Slot


class Simulation(NamedTuple):
    context_slot: Slot
    error: TransactionError | None
    logs: tuple[str, ...]
    units_consumed: int | None
