"""One transaction to its facts."""

from __future__ import annotations

from gridtokenx_indexer.decode.balances import lamport_changes, token_changes
from gridtokenx_indexer.decode.calls import Call, MalformedCallsError, calls_of
from gridtokenx_indexer.decode.event_bytes import find_events
from gridtokenx_indexer.decode.events import decode_events
from gridtokenx_indexer.decode.facts import (
    BalanceChange,
    EventFact,
    ParkedFact,
    ParkReason,
    SupplyChange,
    TransactionFacts,
)
from gridtokenx_indexer.decode.logs import LogWalk, walk_logs
from gridtokenx_indexer.decode.supply import supply_changes, unexplained_supply
from gridtokenx_indexer.decode.transaction_wire import MetaWire, TransactionWire
from gridtokenx_indexer.decode.watch import WatchSet
from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import Address, Blockhash, Signature, Slot
from gridtokenx_indexer.idl.registry import IdlRegistry


class IncompleteBlockError(RetryableError):
    """The node gave a transaction without its outcome; another answer or another node may have it."""


def decode_transaction(
    transaction: TransactionWire, keys: list[str], slot: Slot, registry: IdlRegistry, watch: WatchSet
) -> TransactionFacts:
    """Raises `IncompleteBlockError` when the outcome is missing, `ParkError` when the content contradicts
    itself."""
    signed = transaction.transaction
    meta = transaction.meta
    if meta is None:
        raise IncompleteBlockError(f"slot {slot}: {signed.signatures[0]} has no meta", remedy=_REMEDY)
    signers = keys[: signed.message.header.num_required_signatures]
    if not signers:
        raise MalformedCallsError("a transaction without signers")
    calls = calls_of(transaction, keys)
    walk = walk_logs(meta.log_messages)
    events: list[EventFact] = []
    parked: list[ParkedFact] = []
    forged = 0
    balances: list[BalanceChange] = token_changes(meta, keys, watch.mints)
    supply: list[SupplyChange] = []
    if meta.err is None:
        called = watch.programs.intersection(call.program for call in calls)
        _require_inner_instructions(meta, slot, signed.signatures[0])
        events, parked, forged = _events(calls, walk, slot, registry, frozenset(called))
        supply = supply_changes(calls, keys, watch.mints)
        parked += _supply_mismatches(balances, supply, watch.mints, len(parked))
    token_accounts = frozenset(change.account for change in balances)
    balances += lamport_changes(meta, keys, watch.lamports, token_accounts)
    return TransactionFacts(
        signature=Signature(signed.signatures[0]),
        signers=tuple(Address(key) for key in signers),
        programs=tuple(dict.fromkeys(call.program for call in calls)),
        version=None if transaction.version == "legacy" else transaction.version,
        error=meta.err,
        fee_lamports=meta.fee,
        compute_units=meta.compute_units_consumed,
        recent_blockhash=Blockhash(signed.message.recent_blockhash),
        log_truncated=walk.truncated,
        forged_events=forged,
        events=tuple(events),
        balances=tuple(balances),
        supply=tuple(supply),
        parked=tuple(parked),
    )


_REMEDY = "use a node that records transaction outcomes and inner instructions"


def _require_inner_instructions(meta: MetaWire, slot: Slot, signature: str) -> None:
    """Without them neither self-CPI events nor burns by another program can be seen."""
    if meta.inner_instructions is None:
        raise IncompleteBlockError(f"slot {slot}: {signature} has no inner instructions", remedy=_REMEDY)


def _events(
    calls: list[Call], walk: LogWalk, slot: Slot, registry: IdlRegistry, called: frozenset[Address]
) -> tuple[list[EventFact], list[ParkedFact], int]:
    if not called:
        return [], [], 0
    found = find_events(calls, walk, called)
    events, parked = decode_events(found, registry, slot, called)
    return events, parked, found.forged


def _supply_mismatches(
    balances: list[BalanceChange], supply: list[SupplyChange], mints: frozenset[Address], first: int
) -> list[ParkedFact]:
    unexplained = unexplained_supply(balances, supply, mints)
    return [
        ParkedFact(
            None,
            None,
            first + position,
            ParkReason.SUPPLY_MISMATCH,
            f"balances of {mint} changed by {amount} base units that no mint or burn explains",
            b"",
        )
        for position, (mint, amount) in enumerate(sorted(unexplained.items()))
    ]
