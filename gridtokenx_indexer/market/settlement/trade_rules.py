"""What the end of an attempt means for one trade of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.market.settlement.chain_results import (
    AlreadyDone,
    Evidence,
    Executed,
    Rejected,
    TradeResult,
)
from gridtokenx_indexer.tx.chain_errors import Reaction, half, react, read_error
from gridtokenx_indexer.tx.outcome import Verdict

PERMANENT_CODES = {6043: "InvalidProof", 6044: "PaymentNotAtPrice"}
"""The closed list: what was published can never be executed."""
PASSING_CODES = {
    6000: "Unauthorized",
    6017: "InvalidFeeRecipient",
    6022: "Paused",
    6045: "FeeAboveLimit",
}
"""An administrator can lift these, or the deadline decides."""
NOT_OPEN_CODES = {6005: "WrongAccountOwner", 6006: "WrongAccountType"}
"""The settlement account is not there: a fork took its opening back, and brings it again."""
EXPIRED_CODE = 6040
"""The deadline has passed; the trade then fails for what kept it from settling before."""
DEATHS_BEFORE_HALVING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTrade:
    """The trade as published and how far it has come; `shared_by` trades were in the attempt."""

    energy: int
    payment: int
    fee: int
    tries: int
    batch_limit: int | None
    shared_by: int


@dataclass(frozen=True, slots=True)
class Settled:
    slot: Slot
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Still to be settled, after `tries` in vain; `pause` asks for a growing pause first.

    Without a `reason`, the one before it stands.
    """

    reason: str | None
    batch_limit: int | None
    tries: int
    pause: bool


@dataclass(frozen=True, slots=True)
class Failed:
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    reason: str


TradeOutcome = Settled | Again | Failed | Review


def decide_trade(
    verdict: Verdict,
    trade: PublishedTrade,
    *,
    slot: Slot | None,
    signature: Signature,
    result: TradeResult | None = None,
    earlier: Evidence | None = None,
    error: Any = None,
) -> TradeOutcome:
    """`result` is what this transaction's own event says, `earlier` a finalized execution in any other."""
    match verdict:
        case Verdict.SPENT_OK:
            return _landed(trade, slot, signature, result, earlier)
        case Verdict.SPENT_ERROR:
            return _errored(trade, error)
        case Verdict.DEAD:
            return _again(trade, "proved absent from the chain", failed=False)
        case _:
            assert_never(verdict)


def _landed(
    trade: PublishedTrade,
    slot: Slot | None,
    signature: Signature,
    result: TradeResult | None,
    earlier: Evidence | None,
) -> TradeOutcome:
    match result:
        case Executed() if slot is not None:
            return agreed(trade, Evidence(result, slot, signature))
        case AlreadyDone() if earlier is not None:
            return agreed(trade, earlier)
        case AlreadyDone():
            return Review("skipped as settled, but no settlement of it is indexed")
        case Rejected(reason):
            return _again(trade, reason, failed=True)
        case _:
            return Review("its transaction has no event of it")


def agreed(trade: PublishedTrade, evidence: Evidence) -> Settled | Review:
    """What a finalized execution says about the trade that was published."""
    if evidence.executed != Executed(trade.energy, trade.payment, trade.fee):
        return Review(f"settled with other amounts in {evidence.signature}: {evidence.executed}")
    return Settled(evidence.slot, evidence.signature)


def _errored(trade: PublishedTrade, error: Any) -> TradeOutcome:
    code = read_error(error).custom_code
    if code in NOT_OPEN_CODES:
        return _again(trade, f"{NOT_OPEN_CODES[code]} ({code}): not open on chain", failed=True)
    if code == EXPIRED_CODE:
        return _again(trade, None, failed=True)
    if code in PASSING_CODES:
        return _again(trade, f"{PASSING_CODES[code]} ({code})", failed=True)
    reaction, why = react(
        error, operations=trade.shared_by, permanent_codes=PERMANENT_CODES, passing_codes=PASSING_CODES
    )
    match reaction:
        case Reaction.HALVES:
            return Again(reason=why, batch_limit=half(trade.shared_by), tries=trade.tries, pause=False)
        case Reaction.REJECT:
            return Failed(why)
        case Reaction.RETRY | Reaction.PARK:
            # Nothing is parked here: the deadline ends every trade that stays unsettled.
            return _again(trade, why, failed=True)
        case _:
            assert_never(reaction)


def _again(trade: PublishedTrade, reason: str | None, *, failed: bool) -> Again:
    tries = trade.tries + 1
    halve = not failed and tries > DEATHS_BEFORE_HALVING
    return Again(
        reason=reason,
        batch_limit=half(trade.shared_by) if halve else trade.batch_limit,
        tries=tries,
        pause=failed,
    )
