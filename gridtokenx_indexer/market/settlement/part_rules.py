"""What the end of an attempt means for the opening or closing of a part. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.tx.chain_errors import Reaction, react
from gridtokenx_indexer.tx.outcome import Verdict

OPEN_PERMANENT_CODES = {
    6032: "UnalignedEpoch",
    6034: "SettlementNotNewer",
    6035: "SettlementDiffers",
    6036: "InvalidTradeCount",
    6038: "DeadlineInPast",
}
"""The closed list: this part can never be opened as it was published."""
OPEN_PASSING_CODES = {
    1: "InsufficientFunds",
    6000: "Unauthorized",
    6022: "Paused",
    6033: "EpochInFuture",
    6037: "PriceOutOfLimits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPart:
    """What was published, as the row says; the deadline in unix seconds."""

    trades: int
    first_index: int
    price: int
    root: bytes
    deadline_unix: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A finalized `SettlementOpened` of the part."""

    data: Mapping[str, Any]
    slot: Slot
    signature: Signature


@dataclass(frozen=True, slots=True)
class Opened:
    slot: Slot
    signature: Signature


@dataclass(frozen=True, slots=True)
class OpenAgain:
    reason: str
    pause: bool


@dataclass(frozen=True, slots=True)
class NeverOpen:
    reason: str


OpenOutcome = Opened | OpenAgain | NeverOpen


def decide_opening(
    verdict: Verdict, part: PublishedPart, *, opening: Opening | None, error: Any = None
) -> OpenOutcome:
    """`opening` is the finalized opening of the part in this or any transaction."""
    if opening is not None:
        if published_in(opening.data) != part:
            return NeverOpen(f"opened with other arguments in {opening.signature}")
        return Opened(opening.slot, opening.signature)
    match verdict:
        case Verdict.SPENT_OK:
            return OpenAgain("its transaction has no event of it", pause=True)
        case Verdict.DEAD:
            return OpenAgain("proved absent from the chain", pause=False)
        case Verdict.SPENT_ERROR:
            reaction, why = react(
                error,
                operations=1,
                permanent_codes=OPEN_PERMANENT_CODES,
                passing_codes=OPEN_PASSING_CODES,
            )
            return NeverOpen(why) if reaction is Reaction.REJECT else OpenAgain(why, pause=True)
        case _:
            assert_never(verdict)


def published_in(data: Mapping[str, Any]) -> PublishedPart:
    """What a `SettlementOpened` event says was published."""
    return PublishedPart(
        trades=int(data["trades"]),
        first_index=int(data["first_index"]),
        price=int(data["price"]),
        root=bytes.fromhex(data["root"]),
        deadline_unix=int(data["deadline"]),
    )
