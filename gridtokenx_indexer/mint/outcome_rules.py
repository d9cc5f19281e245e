"""What the end of an attempt means for one mint operation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.mint.status import ErrorClass, OperationStatus
from gridtokenx_indexer.tx.chain_errors import Reaction, half, react
from gridtokenx_indexer.tx.outcome import Verdict

PERMANENT_CODES = {6024: "ZeroAmount", 6027: "WindowTooOld"}
"""The closed list: no later attempt of the same operation can succeed."""
PASSING_CODES = {
    17: "AccountFrozen",
    6000: "Unauthorized",
    6022: "Paused",
    6025: "AmountAboveLimit",
    6026: "WindowInFuture",
    6029: "InvalidDestination",
}
"""An administrator or an owner can lift these."""
COMMON_CODES = frozenset({6000, 6022})
"""Of the passing ones those that meet every mint alike, whatever meter it is for."""
DEATHS_BEFORE_HALVING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Minted:
    """A finalized `EnergyMinted` of the operation's meter and window."""

    amount_base_units: int
    destination: str
    slot: Slot
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The operation as its row stands, with the number of operations that shared the attempt."""

    amount_base_units: int
    destination: str
    attempts: int
    batch_limit: int | None
    shared_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    slot: Slot
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Queued again; `pause` asks for a growing pause first."""

    error_class: ErrorClass
    message: str
    batch_limit: int | None
    pause: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Out of the queue until a person acts, or, parked as transient, until its long pause is over."""

    status: OperationStatus
    error_class: ErrorClass
    message: str


OperationOutcome: TypeAlias = Done | Again | Aside


def decide_outcome(
    verdict: Verdict,
    held: Held,
    *,
    minted: Minted | None = None,
    skipped: bool = False,
    earlier: Minted | None = None,
    error: Any = None,
    max_attempts: int,
) -> OperationOutcome:
    """`minted` and `skipped` are this transaction's own events, `earlier` a finalized mint of any
    transaction. Parked with `ErrorClass.TRANSIENT` means that it comes back by itself, later.
    """
    match verdict:
        case Verdict.SPENT_OK:
            return _landed(held, minted, skipped, earlier)
        case Verdict.SPENT_ERROR:
            return _limited(_failed(held, error), held, max_attempts)
        case Verdict.DEAD:
            # A death costs nothing but time, and an hour of congestion kills many attempts.
            return _died(held)
        case _:
            assert_never(verdict)


def _landed(held: Held, minted: Minted | None, skipped: bool, earlier: Minted | None) -> Done | Aside:
    evidence = minted or (earlier if skipped else None)
    if evidence is None:
        what = (
            "skipped as minted, but no mint of it is indexed"
            if skipped
            else "its transaction has no event of it"
        )
        return _review(what)
    if evidence.amount_base_units != held.amount_base_units:
        return _review(
            f"minted {evidence.amount_base_units} base units instead of {held.amount_base_units} "
            f"in {evidence.signature}"
        )
    if evidence.destination != held.destination:
        return _review(
            f"minted to {evidence.destination} instead of {held.destination} in {evidence.signature}"
        )
    return Done(slot=evidence.slot, signature=evidence.signature)


def _failed(held: Held, error: Any) -> Again | Aside:
    reaction, why = react(
        error,
        operations=held.shared_by,
        permanent_codes=PERMANENT_CODES,
        passing_codes=PASSING_CODES,
        common_codes=COMMON_CODES,
    )
    match reaction:
        case Reaction.HALVES:
            return Again(
                error_class=ErrorClass.BATCH, message=why, batch_limit=half(held.shared_by), pause=False
            )
        case Reaction.REJECT:
            return Aside(status=OperationStatus.REJECTED, error_class=ErrorClass.PERMANENT, message=why)
        case Reaction.RETRY:
            return Again(
                error_class=ErrorClass.TRANSIENT, message=why, batch_limit=held.batch_limit, pause=True
            )
        case Reaction.PARK:
            return Aside(status=OperationStatus.PARKED, error_class=ErrorClass.UNKNOWN, message=why)
        case _:
            assert_never(reaction)


def _died(held: Held) -> Again:
    """A node may drop one transaction for ever (say, over its content): after some deaths try fewer at
    once.
    """
    suspicious = held.attempts >= DEATHS_BEFORE_HALVING
    return Again(
        error_class=ErrorClass.EXPIRED,
        message="proved absent from the chain",
        batch_limit=half(held.shared_by) if suspicious else held.batch_limit,
        pause=suspicious,
    )


def _limited(outcome: Again | Aside, held: Held, max_attempts: int) -> Again | Aside:
    if isinstance(outcome, Again) and held.attempts >= max_attempts:
        return Aside(
            status=OperationStatus.PARKED,
            error_class=outcome.error_class,
            message=f"{outcome.message}; after {held.attempts} attempts",
        )
    return outcome


def _review(message: str) -> Aside:
    return Aside(status=OperationStatus.REVIEW, error_class=ErrorClass.UNKNOWN, message=message)
