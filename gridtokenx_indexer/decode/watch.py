"""Which transactions are ours to keep."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from gridtokenx_indexer.decode.transaction_wire import TransactionKeysWire, TransactionWire
from gridtokenx_indexer.domain.ids import Address, Slot


class WatchKind(StrEnum):
    PROGRAM = "program"
    MINT = "mint"
    LAMPORTS = "lamports"
    SIGNER = "signer"


@dataclass(frozen=True)
class WatchSet:
    programs: frozenset[Address] = frozenset()
    mints: frozenset[Address] = frozenset()
    lamports: frozenset[Address] = frozenset()
    """Accounts whose lamport balance is projected."""
    signers: frozenset[Address] = frozenset()
    """Our keys: everything they sign is kept, failed transactions too."""

    @cached_property
    def addresses(self) -> frozenset[Address]:
        return self.programs | self.mints | self.lamports | self.signers

    def of_kind(self, kind: WatchKind) -> frozenset[Address]:
        match kind:
            case WatchKind.PROGRAM:
                return self.programs
            case WatchKind.MINT:
                return self.mints
            case WatchKind.LAMPORTS:
                return self.lamports
            case WatchKind.SIGNER:
                return self.signers


class Watched(NamedTuple):
    """One address, watched in the slots [from_slot, until_slot)."""

    address: Address
    kind: WatchKind
    from_slot: Slot
    until_slot: Slot | None


class WatchHistory:
    """What was watched at each slot, so that a replay keeps to it."""

    def __init__(self, watched: Iterable[Watched]) -> None:
        entries = list(watched)
        self.entries = frozenset(entries)
        self.lasting = _watch_set(entry for entry in entries if entry.until_slot is None)
        """What is watched without an end, from now on or from a slot that is still to come."""
        starts = {Slot(0)} | {entry.from_slot for entry in entries}
        starts |= {entry.until_slot for entry in entries if entry.until_slot is not None}
        self._starts = sorted(starts)
        self._sets = [_watch_set(_watched_at(entries, start)) for start in self._starts]

    def at(self, slot: Slot) -> WatchSet:
        return self._sets[bisect_right(self._starts, slot) - 1]


def _watched_at(entries: Iterable[Watched], slot: Slot) -> list[Watched]:
    return [
        entry
        for entry in entries
        if entry.from_slot <= slot and (entry.until_slot is None or slot < entry.until_slot)
    ]


def _watch_set(entries: Iterable[Watched]) -> WatchSet:
    of: dict[WatchKind, set[Address]] = {kind: set() for kind in WatchKind}
    for entry in entries:
        of[entry.kind].add(entry.address)
    return WatchSet(
        programs=frozenset(of[WatchKind.PROGRAM]),
        mints=frozenset(of[WatchKind.MINT]),
        lamports=frozenset(of[WatchKind.LAMPORTS]),
        signers=frozenset(of[WatchKind.SIGNER]),
    )


def account_keys(transaction: TransactionWire | TransactionKeysWire) -> list[str]:
    """Static keys, then those loaded from lookup tables: writable before readonly."""
    meta = transaction.meta
    keys = transaction.transaction.message.account_keys
    if meta is None or meta.loaded_addresses is None:
        return keys
    return [*keys, *meta.loaded_addresses.writable, *meta.loaded_addresses.readonly]


def is_watched(transaction: TransactionKeysWire, watch: WatchSet) -> bool:
    """Whether any key is watched, or any token balance is of a watched mint.

    A plain token transfer names its accounts but not their mint: only the balances tell.
    """
    if not watch.addresses.isdisjoint(account_keys(transaction)):
        return True
    meta = transaction.meta
    if meta is None or not watch.mints:
        return False
    return any(
        balance.mint in watch.mints
        for balances in (meta.pre_token_balances, meta.post_token_balances)
        for balance in balances or ()
    )
