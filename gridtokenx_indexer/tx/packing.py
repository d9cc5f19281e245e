"""How much fits into one transaction: bytes, account locks, instruction trace, compute. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Blockhash
from gridtokenx_indexer.tx.compute_budget import (
    COMPUTE_BUDGET_INSTRUCTIONS,
    MAX_COMPUTE_UNITS,
    compute_budget,
)
from gridtokenx_indexer.tx.errors import TransactionTooLargeError
from gridtokenx_indexer.tx.message import MAX_TRANSACTION_BYTES, compile_message, transaction_size_bytes

MAX_ACCOUNT_LOCKS = 64
MAX_TRACE_ENTRIES = 64
_ANY_BLOCKHASH = Blockhash(str(Hash.default()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What a transaction takes of each limit. Trace entries are instructions at every depth."""

    size_bytes: int
    account_locks: int
    trace_entries: int
    compute_units: int

    def overflow(self) -> str | None:
        """The first limit it breaks, in words; None when it fits."""
        for what, used, limit in (
            ("bytes", self.size_bytes, MAX_TRANSACTION_BYTES),
            ("account locks", self.account_locks, MAX_ACCOUNT_LOCKS),
            ("trace entries", self.trace_entries, MAX_TRACE_ENTRIES),
            ("compute units", self.compute_units, MAX_COMPUTE_UNITS),
        ):
            if used > limit:
                return f"{used} {what} of {limit}"
        return None


def measure(
    payer: Pubkey,
    instructions: Sequence[Instruction],
    *,
    lookup_tables: Sequence[AddressLookupTableAccount] = (),
    trace_entries: int,
    compute_units: int,
) -> Footprint:
    """The footprint with the compute-budget instructions that the engine adds.

    `trace_entries` and `compute_units` are those of `instructions`, inner ones included. Raises
    `TransactionTooLargeError` when the message cannot even be compiled.
    """
    message = compile_message(
        payer, (*compute_budget(MAX_COMPUTE_UNITS, 0), *instructions), lookup_tables, _ANY_BLOCKHASH
    )
    looked_up = sum(
        len(lookup.writable_indexes) + len(lookup.readonly_indexes)
        for lookup in message.address_table_lookups
    )
    return Footprint(
        size_bytes=transaction_size_bytes(message),
        account_locks=len(message.account_keys) + looked_up,
        trace_entries=trace_entries + COMPUTE_BUDGET_INSTRUCTIONS,
        compute_units=compute_units,
    )


def largest_fitting(upper: int, footprint: Callable[[int], Footprint]) -> int:
    """The largest n in 1..upper whose first n items fit; 0 when not even one does.

    `footprint(n)` must not shrink as n grows.
    """

    def fits(count: int) -> bool:
        try:
            return footprint(count).overflow() is None
        except TransactionTooLargeError:
            return False

    low, high = 0, upper
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
