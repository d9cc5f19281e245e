"""An operation is done by its event alone; everything uncertain goes to review, never to done or failed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.mint.outcome_rules import (
    COMMON_CODES,
    DEATHS_BEFORE_HALVING,
    PASSING_CODES,
    PERMANENT_CODES,
    Again,
    Aside,
    Done,
    Held,
    Minted,
    decide_outcome,
)
from gridtokenx_indexer.mint.status import ErrorClass, OperationStatus
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.tx.outcome import Verdict


def held(**changes: Any) -> Held:
    values: dict[str, Any] = {
        "amount_base_units": 100,
        "destination": "wallet",
        "attempts": 1,
        "batch_limit": None,
        "shared_by": 1,
    }
    return Held(**{**values, **changes})


def minted(amount: int = 100, destination: str = "wallet") -> Minted:
    return Minted(
        amount_base_units=amount, destination=destination, slot=Slot(7), signature=Signature("theirs")
    )


def custom(code: int) -> dict[str, Any]:
    return {"InstructionError": [3, {"Custom": code}]}


def test_its_own_event_makes_it_done() -> None:
    outcome = decide_outcome(Verdict.SPENT_OK, held(), minted=minted(), max_attempts=5)
    assert outcome == Done(slot=Slot(7), signature=Signature("theirs"))


def test_success_without_an_event_is_no_evidence() -> None:
    outcome = decide_outcome(Verdict.SPENT_OK, held(), max_attempts=5)
    assert isinstance(outcome, Aside)
    assert outcome.status is OperationStatus.REVIEW


def test_a_skip_is_done_by_the_earlier_mint_and_review_without_one() -> None:
    done = decide_outcome(Verdict.SPENT_OK, held(), skipped=True, earlier=minted(), max_attempts=5)
    assert done == Done(slot=Slot(7), signature=Signature("theirs"))
    lost = decide_outcome(Verdict.SPENT_OK, held(), skipped=True, max_attempts=5)
    assert isinstance(lost, Aside)
    assert lost.status is OperationStatus.REVIEW


def test_an_earlier_mint_counts_only_when_the_program_skipped() -> None:
    outcome = decide_outcome(Verdict.SPENT_OK, held(), earlier=minted(), max_attempts=5)
    assert isinstance(outcome, Aside)


@pytest.mark.parametrize("evidence", [minted(amount=99), minted(destination="thief")])
def test_another_amount_or_destination_goes_to_review(evidence: Minted) -> None:
    for outcome in (
        decide_outcome(Verdict.SPENT_OK, held(), minted=evidence, max_attempts=5),
        decide_outcome(Verdict.SPENT_OK, held(), skipped=True, earlier=evidence, max_attempts=5),
    ):
        assert isinstance(outcome, Aside)
        assert outcome.status is OperationStatus.REVIEW


def test_a_failed_batch_is_tried_in_halves_whatever_the_code() -> None:
    for code in {*PERMANENT_CODES, *PASSING_CODES, 1} - COMMON_CODES:
        outcome = decide_outcome(Verdict.SPENT_ERROR, held(shared_by=19), error=custom(code), max_attempts=5)
        assert isinstance(outcome, Again)
        assert outcome.batch_limit == 10
        assert not outcome.pause


@pytest.mark.parametrize("code", COMMON_CODES)
def test_a_batch_that_met_what_meets_every_mint_is_not_cut(code: int) -> None:
    outcome = decide_outcome(
        Verdict.SPENT_ERROR, held(shared_by=19, batch_limit=19), error=custom(code), max_attempts=5
    )
    assert isinstance(outcome, Again)
    assert (outcome.batch_limit, outcome.pause) == (19, True)


def test_deaths_never_park() -> None:
    outcome = decide_outcome(Verdict.DEAD, held(attempts=1_000), max_attempts=5)
    assert isinstance(outcome, Again)
    assert outcome.pause


def test_halving_ends_at_one() -> None:
    shared, rounds = 19, 0
    while shared > 1:
        outcome = decide_outcome(
            Verdict.SPENT_ERROR, held(shared_by=shared), error=custom(1), max_attempts=99
        )
        assert isinstance(outcome, Again)
        assert outcome.batch_limit is not None
        assert outcome.batch_limit < shared
        shared, rounds = outcome.batch_limit, rounds + 1
    assert rounds == 5


@pytest.mark.parametrize("code", PERMANENT_CODES)
def test_a_single_operation_with_a_permanent_code_is_rejected(code: int) -> None:
    outcome = decide_outcome(Verdict.SPENT_ERROR, held(), error=custom(code), max_attempts=5)
    assert isinstance(outcome, Aside)
    assert outcome.status is OperationStatus.REJECTED
    assert outcome.error_class is ErrorClass.PERMANENT
    assert PERMANENT_CODES[code] in outcome.message


@pytest.mark.parametrize("error", [*map(custom, PASSING_CODES), "InsufficientFundsForFee", "AccountInUse"])
def test_what_may_pass_is_retried_after_a_pause_and_parked_at_the_limit(error: Any) -> None:
    again = decide_outcome(Verdict.SPENT_ERROR, held(attempts=4), error=error, max_attempts=5)
    assert isinstance(again, Again)
    assert again.pause
    parked = decide_outcome(Verdict.SPENT_ERROR, held(attempts=5), error=error, max_attempts=5)
    assert isinstance(parked, Aside)
    assert parked.status is OperationStatus.PARKED


@pytest.mark.parametrize("error", [custom(6004), custom(1), "SanitizeFailure", {"odd": []}, None])
def test_an_unknown_error_parks_instead_of_failing(error: Any) -> None:
    outcome = decide_outcome(Verdict.SPENT_ERROR, held(), error=error, max_attempts=5)
    assert isinstance(outcome, Aside)
    assert outcome.status is OperationStatus.PARKED


def test_a_dead_attempt_goes_again_at_once_and_in_halves_when_it_keeps_dying() -> None:
    first = decide_outcome(Verdict.DEAD, held(shared_by=8), max_attempts=9)
    assert first == Again(
        error_class=ErrorClass.EXPIRED, message="proved absent from the chain", batch_limit=None, pause=False
    )
    later = decide_outcome(Verdict.DEAD, held(shared_by=8, attempts=DEATHS_BEFORE_HALVING), max_attempts=9)
    assert isinstance(later, Again)
    assert later.batch_limit == 4
    assert later.pause


def test_the_closed_lists_use_the_programs_own_codes() -> None:
    idl = json.loads(resource("programs/gridtokenx/idl.json").read_text())
    names = {error["code"]: error["name"] for error in idl["errors"]}
    assert not set(PERMANENT_CODES) & set(PASSING_CODES)
    for code, name in {**PERMANENT_CODES, **PASSING_CODES}.items():
        if code >= 6000:
            assert names[code] == name
