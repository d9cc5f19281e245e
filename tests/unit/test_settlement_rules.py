"""What the end of an attempt means for a trade or a part."""

from __future__ import annotations

from typing import Any

import pytest

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import EpochNumber, OperationKey, Signature, Slot, ZoneId
from gridtokenx_indexer.market.settlement.chain_results import (
    AlreadyDone,
    Evidence,
    Executed,
    Rejected,
    TradeResult,
    trade_results,
)
from gridtokenx_indexer.market.settlement.keys import PartKey, TradeKey, part_key, trade_key
from gridtokenx_indexer.market.settlement.part_rules import (
    NeverOpen,
    OpenAgain,
    Opened,
    Opening,
    PublishedPart,
    decide_opening,
)
from gridtokenx_indexer.market.settlement.trade_rules import (
    Again,
    Failed,
    PublishedTrade,
    Review,
    Settled,
    TradeOutcome,
    decide_trade,
)
from gridtokenx_indexer.tx.outcome import Verdict

EPOCH, ZONE = EpochNumber(202611211000), ZoneId(3)
SLOT, SIGNATURE = Slot(77), Signature("this")
AMOUNTS = Executed(1_000, 30, 1)


def published(**changes: Any) -> PublishedTrade:
    fields = {"energy": 1_000, "payment": 30, "fee": 1, "tries": 0, "batch_limit": None, "shared_by": 4}
    return PublishedTrade(**{**fields, **changes})


def landed(result: TradeResult | None, earlier: Evidence | None = None) -> TradeOutcome:
    return decide_trade(
        Verdict.SPENT_OK, published(), slot=SLOT, signature=SIGNATURE, result=result, earlier=earlier
    )


def errored(error: Any, **changes: Any) -> TradeOutcome:
    return decide_trade(
        Verdict.SPENT_ERROR, published(**changes), slot=SLOT, signature=SIGNATURE, error=error
    )


def custom(code: int) -> dict[str, Any]:
    return {"InstructionError": [2, {"Custom": code}]}


def test_an_executed_trade_is_settled_by_its_own_event() -> None:
    assert landed(AMOUNTS) == Settled(SLOT, SIGNATURE)


def test_a_skipped_trade_is_settled_by_the_event_that_once_executed_it() -> None:
    earlier = Evidence(AMOUNTS, Slot(5), Signature("that"))
    assert landed(AlreadyDone(), earlier) == Settled(Slot(5), Signature("that"))


@pytest.mark.parametrize(
    ("result", "earlier"),
    [
        pytest.param(AlreadyDone(), None, id="skipped without evidence"),
        pytest.param(None, None, id="no event"),
        pytest.param(Executed(1_000, 31, 1), None, id="other payment"),
        pytest.param(AlreadyDone(), Evidence(Executed(999, 30, 1), SLOT, SIGNATURE), id="other energy then"),
    ],
)
def test_what_nobody_can_explain_goes_to_a_person(
    result: TradeResult | None, earlier: Evidence | None
) -> None:
    assert isinstance(landed(result, earlier), Review)


def test_a_rejected_trade_is_tried_again_after_a_pause_with_its_reason() -> None:
    assert landed(Rejected("InsufficientBalance")) == Again(
        reason="InsufficientBalance", batch_limit=None, tries=1, pause=True
    )


def test_an_unknown_error_of_several_trades_halves_the_batch_and_blames_none() -> None:
    assert errored(custom(6043)) == Again(reason="InvalidProof (6043)", batch_limit=2, tries=0, pause=False)


def test_only_the_closed_list_fails_a_single_trade() -> None:
    assert errored(custom(6043), shared_by=1) == Failed("InvalidProof (6043)")
    assert errored(custom(6044), shared_by=1) == Failed("PaymentNotAtPrice (6044)")
    assert errored(custom(1234), shared_by=1) == Again(
        reason="custom error (1234)", batch_limit=None, tries=1, pause=True
    )


@pytest.mark.parametrize("code", [6005, 6006, 6022, 6045])
def test_what_concerns_the_whole_part_halves_nothing(code: int) -> None:
    outcome = errored(custom(code), batch_limit=3)
    assert isinstance(outcome, Again)
    assert (outcome.batch_limit, outcome.pause) == (3, True)


def test_an_expired_deadline_keeps_the_reason_before_it() -> None:
    assert errored(custom(6040)) == Again(reason=None, batch_limit=None, tries=1, pause=True)


def test_a_dead_attempt_is_repeated_at_once_and_smaller_after_some_deaths() -> None:
    def died(tries: int) -> TradeOutcome:
        return decide_trade(Verdict.DEAD, published(tries=tries), slot=None, signature=SIGNATURE)

    assert died(0) == Again(reason="proved absent from the chain", batch_limit=None, tries=1, pause=False)
    again = died(3)
    assert isinstance(again, Again)
    assert again.batch_limit == 2


def test_results_are_named_by_their_index_in_the_epoch() -> None:
    event = {
        "epoch": str(EPOCH),
        "zone": ZONE,
        "part": 1,
        "first_index": 65_536,
        "results": [
            {"energy": "1000", "payment": "30", "fee": "1", "outcome": "Settled"},
            {"energy": "5", "payment": "6", "fee": "0", "outcome": "Skipped"},
            {"energy": "5", "payment": "6", "fee": "0", "outcome": {"Rejected": {"reason": "Frozen"}}},
        ],
    }
    assert trade_results([event]) == {
        TradeKey(EPOCH, ZONE, 65_536): AMOUNTS,
        TradeKey(EPOCH, ZONE, 65_537): AlreadyDone(),
        TradeKey(EPOCH, ZONE, 65_538): Rejected("Frozen"),
    }
    event["results"][0]["outcome"] = "Exploded"  # type: ignore[index]
    with pytest.raises(ParkError, match="Exploded"):
        trade_results([event])


def test_operations_name_their_parts_and_trades() -> None:
    part, trade = PartKey(EPOCH, ZONE, 2), TradeKey(EPOCH, ZONE, 9)
    assert part_key(part.open_operation) == part_key(part.close_operation) == part
    assert trade_key(trade.operation) == trade
    for wrong in ("trade:1:2", "mint:1:2:3", "trade:1:2:x", "open:1:2:3"):
        with pytest.raises(ParkError, match="not an operation"):
            trade_key(OperationKey(wrong))


PART = PublishedPart(trades=5, first_index=0, price=3_000_000, root=b"\1" * 32, deadline_unix=1_000)
OPENED = {
    "trades": 5,
    "first_index": 0,
    "price": "3000000",
    "root": "01" * 32,
    "deadline": "1000",
}


def test_an_opening_counts_by_its_event_whatever_the_attempt_says() -> None:
    opening = Opening(OPENED, SLOT, SIGNATURE)
    for verdict, error in (
        (Verdict.SPENT_OK, None),
        (Verdict.SPENT_ERROR, custom(6034)),
        (Verdict.DEAD, None),
    ):
        assert decide_opening(verdict, PART, opening=opening, error=error) == Opened(SLOT, SIGNATURE)


def test_an_opening_with_other_arguments_is_never_ours() -> None:
    opening = Opening({**OPENED, "root": "02" * 32}, SLOT, SIGNATURE)
    assert decide_opening(Verdict.SPENT_OK, PART, opening=opening) == NeverOpen(
        "opened with other arguments in this"
    )


@pytest.mark.parametrize("code", [6034, 6035, 6036, 6038])
def test_the_closed_list_ends_a_part(code: int) -> None:
    assert isinstance(decide_opening(Verdict.SPENT_ERROR, PART, opening=None, error=custom(code)), NeverOpen)


@pytest.mark.parametrize(
    ("verdict", "error", "pause"),
    [
        (Verdict.DEAD, None, False),
        (Verdict.SPENT_OK, None, True),
        (Verdict.SPENT_ERROR, custom(6037), True),
        (Verdict.SPENT_ERROR, custom(6022), True),
        (Verdict.SPENT_ERROR, "Unheard", True),
    ],
)
def test_any_other_end_of_an_opening_is_tried_again(verdict: Verdict, error: Any, pause: bool) -> None:
    outcome = decide_opening(verdict, PART, opening=None, error=error)
    assert isinstance(outcome, OpenAgain)
    assert outcome.pause is pause
