"""Mint and burn instructions of the token programs, batches of the newer token program included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gridtokenx_indexer.decode.calls import Call, MalformedCallsError
from gridtokenx_indexer.decode.event_bytes import base58_bytes
from gridtokenx_indexer.decode.facts import BalanceChange, SupplyChange, SupplyKind
from gridtokenx_indexer.domain.ids import Address

TOKEN_PROGRAMS = frozenset(
    {
        Address("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
        Address("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"),
    }
)
_MINT_TO, _BURN, _MINT_TO_CHECKED, _BURN_CHECKED, _BATCH = 7, 8, 14, 15, 255
_MINTS = (_MINT_TO, _MINT_TO_CHECKED)
_BURNS = (_BURN, _BURN_CHECKED)


def supply_changes(calls: Sequence[Call], keys: list[str], mints: frozenset[Address]) -> list[SupplyChange]:
    """In the order of execution; the transaction must have succeeded."""
    changes: list[SupplyChange] = []
    for call in calls:
        if call.program not in TOKEN_PROGRAMS:
            continue
        ordinal = 0
        for data, accounts in _single_instructions(base58_bytes(call.data), call.accounts):
            change = _change(call, ordinal, data, accounts, keys)
            if change is not None and change.mint in mints:
                changes.append(change)
                ordinal += 1
    return changes


def unexplained_supply(
    balances: Sequence[BalanceChange], supply: Sequence[SupplyChange], mints: frozenset[Address]
) -> dict[Address, int]:
    """Per mint the sum of balance changes that mint and burn instructions do not explain; only non-zero."""
    rest = dict.fromkeys(mints, 0)
    for balance in balances:
        if balance.mint is not None:
            rest[balance.mint] += balance.after - balance.before
    for change in supply:
        rest[change.mint] -= change.amount if change.kind is SupplyKind.MINT else -change.amount
    return {mint: amount for mint, amount in rest.items() if amount}


def _single_instructions(data: bytes, accounts: Sequence[int]) -> Iterator[tuple[bytes, Sequence[int]]]:
    """A batch is (number of accounts u8, length of data u8, data) for each instruction in it."""
    if data[:1] != bytes([_BATCH]):
        yield data, accounts
        return
    at = 1
    while at + 2 <= len(data):
        account_count, length = data[at], data[at + 1]
        yield data[at + 2 : at + 2 + length], accounts[:account_count]
        accounts = accounts[account_count:]
        at += 2 + length


def _change(
    call: Call, ordinal: int, data: bytes, accounts: Sequence[int], keys: list[str]
) -> SupplyChange | None:
    if not data or data[0] not in (*_MINTS, *_BURNS):
        return None
    if len(data) < 9 or len(accounts) < 2:
        raise MalformedCallsError(f"token call {call.path} succeeded with {len(data)} bytes of data")
    first, second = Address(keys[accounts[0]]), Address(keys[accounts[1]])
    amount = int.from_bytes(data[1:9], "little")
    if data[0] in _MINTS:
        return SupplyChange(call.path, ordinal, first, second, SupplyKind.MINT, amount)
    return SupplyChange(call.path, ordinal, second, first, SupplyKind.BURN, amount)
