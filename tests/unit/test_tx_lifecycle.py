"""What the index holds decides how an attempt ends; nothing else may."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, Slot
from gridtokenx_indexer.tx.lifecycle import (
    MAX_BLOCKHASH_AGE,
    Block,
    Coverage,
    Dead,
    Evidence,
    Hold,
    Resend,
    Review,
    Sighting,
    Spent,
    decide,
    expiry_height,
)

ORIGIN = Block(slot=Slot(1_000), blockhash=Blockhash("origin"), height=BlockHeight(900))
EXPIRY = ORIGIN.height + MAX_BLOCKHASH_AGE
PAST = Block(slot=Slot(1_170), blockhash=Blockhash("past"), height=BlockHeight(EXPIRY + 1))


def coverage(finalized_height: int, head_height: int | None = None, anchor: int = 10) -> Coverage:
    return Coverage(
        anchor_slot=Slot(anchor),
        finalized_slot=Slot(finalized_height + 119),
        finalized_height=BlockHeight(finalized_height),
        head_height=BlockHeight(finalized_height + 5 if head_height is None else head_height),
    )


ABSENT = Evidence(
    blockhash=ORIGIN.blockhash,
    last_valid_block_height=BlockHeight(EXPIRY),
    coverage=coverage(EXPIRY + 1),
    origin=ORIGIN,
    past_expiry=PAST,
    blocks_between=PAST.height - ORIGIN.height,
    watched_from=Slot(10),
)
"""Everything that a death certificate needs."""


def test_absence_from_the_complete_finalized_range_is_death() -> None:
    assert decide(ABSENT) == Dead(ORIGIN, PAST, MAX_BLOCKHASH_AGE + 1)


@pytest.mark.parametrize("error", [None, {"InstructionError": [0, {"Custom": 6024}]}, "AccountInUse"])
def test_a_finalized_sighting_is_spent_with_the_error_of_the_chain(error: object) -> None:
    seen = replace(ABSENT, sighting=Sighting(slot=Slot(1_020), error=error))
    assert decide(seen) == Spent(Slot(1_020), error)


def test_it_is_sent_again_while_it_can_land_and_nobody_has_seen_it() -> None:
    alive = replace(ABSENT, coverage=coverage(EXPIRY - 20, EXPIRY - 1))
    assert decide(alive) == Resend()


def test_it_is_not_sent_again_once_the_head_has_reached_its_last_height() -> None:
    assert decide(replace(ABSENT, coverage=coverage(EXPIRY - 20, EXPIRY))) == Hold()


def test_a_confirmed_sighting_is_held_and_a_rollback_makes_it_due_again() -> None:
    alive = replace(ABSENT, coverage=coverage(EXPIRY - 50, EXPIRY - 20))
    seen = replace(alive, sighting=Sighting(slot=Slot(alive.coverage.finalized_slot + 1)))
    assert decide(seen) == Hold()
    assert decide(replace(seen, sighting=None)) == Resend()


def test_the_height_of_expiry_itself_is_not_past_it() -> None:
    assert decide(replace(ABSENT, coverage=coverage(EXPIRY, EXPIRY + 30))) == Hold()


def test_a_last_valid_height_that_was_written_too_low_does_not_kill_early() -> None:
    lied = replace(ABSENT, last_valid_block_height=BlockHeight(ORIGIN.height + 10), coverage=coverage(EXPIRY))
    assert expiry_height(lied) == EXPIRY
    assert decide(lied) == Hold()


@pytest.mark.parametrize(
    "gap",
    [
        {"origin": None},
        {"origin": replace(ORIGIN, blockhash=Blockhash("another"))},
        {"coverage": coverage(EXPIRY + 1, anchor=1_001)},
        {"watched_from": None},
        {"watched_from": Slot(1_002)},
        {"watched_until": PAST.slot},
        {"past_expiry": None},
        {"past_expiry": replace(PAST, height=BlockHeight(EXPIRY))},
        {"past_expiry": replace(PAST, slot=Slot(EXPIRY + 500))},
        {"blocks_between": MAX_BLOCKHASH_AGE},
        {"blocks_between": MAX_BLOCKHASH_AGE + 2},
        {"unreadable": 1},
        {"sighting": Sighting(slot=Slot(EXPIRY + 400))},
    ],
)
def test_outside_complete_coverage_it_goes_to_review_never_to_dead(gap: dict[str, object]) -> None:
    assert isinstance(decide(replace(ABSENT, **gap)), Review)  # type: ignore[arg-type]


def test_a_watch_that_ended_after_the_search_was_long_enough() -> None:
    assert isinstance(decide(replace(ABSENT, watched_until=Slot(PAST.slot + 1))), Dead)


def chain_events(steps: st.SearchStrategy[int]) -> st.SearchStrategy[list[int]]:
    return st.lists(steps, min_size=1, max_size=40)


@given(
    landed_at=st.one_of(st.none(), st.integers(1, 149)),
    failed=st.booleans(),
    advances=chain_events(st.integers(0, 30)),
    lag=st.integers(0, 40),
)
def test_over_any_course_of_the_chain_the_end_is_unique_and_true(
    landed_at: int | None, failed: bool, advances: list[int], lag: int
) -> None:
    """A chain of one block per slot; the decision may change only from alive to the one true end."""
    error = "AccountInUse" if failed else None
    ends: list[object] = []
    for head in itertools.accumulate(advances):
        final = max(0, head - lag)
        past = MAX_BLOCKHASH_AGE + 1
        seen = landed_at is not None and landed_at <= head
        decision = decide(
            Evidence(
                blockhash=Blockhash("b0"),
                last_valid_block_height=BlockHeight(MAX_BLOCKHASH_AGE),
                coverage=Coverage(
                    anchor_slot=Slot(0),
                    finalized_slot=Slot(final),
                    finalized_height=BlockHeight(final),
                    head_height=BlockHeight(head),
                ),
                sighting=Sighting(slot=Slot(landed_at), error=error) if seen and landed_at else None,
                origin=Block(slot=Slot(0), blockhash=Blockhash("b0"), height=BlockHeight(0)),
                past_expiry=Block(slot=Slot(past), blockhash=Blockhash("e"), height=BlockHeight(past))
                if final >= past
                else None,
                blocks_between=past if final >= past else 0,
                watched_from=Slot(0),
            )
        )
        if isinstance(decision, Resend):
            assert not ends
            assert not seen
            assert head < MAX_BLOCKHASH_AGE
        elif isinstance(decision, Hold):
            assert not ends
        else:
            ends.append(decision)
    for end in ends:
        if landed_at is None:
            assert isinstance(end, Dead)
        else:
            assert end == Spent(Slot(landed_at), error)
