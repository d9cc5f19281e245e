"""The gap and fork tracker, case by case."""

from __future__ import annotations

import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, Slot
from gridtokenx_indexer.source.chain import (
    BlockLink,
    ChainWindow,
    Extend,
    Finalize,
    Held,
    Known,
    Missing,
    NeedParent,
    RollBack,
)


def block(slot: int, parent: int, height: int, branch: str = "a", parent_branch: str = "a") -> BlockLink:
    return BlockLink(
        Slot(slot),
        Slot(parent),
        Blockhash(f"{branch}{slot}"),
        Blockhash(f"{parent_branch}{parent}"),
        BlockHeight(height),
        None,
    )


ANCHOR = block(10, 9, 5)
B11, B12, B14 = block(11, 10, 6), block(12, 11, 7), block(14, 12, 8)


def window() -> ChainWindow:
    """10 is final; 11, 12, 14 are accepted; 13 was stepped over."""
    return ChainWindow([ANCHOR, B11, B12, B14])


def test_a_linked_block_extends_the_head() -> None:
    assert window().offer_confirmed(block(15, 14, 9)) == Extend(block(15, 14, 9), range(15, 15))


def test_the_slots_that_a_linked_block_steps_over_are_proved_skipped() -> None:
    decision = window().offer_confirmed(block(18, 14, 9))
    assert isinstance(decision, Extend)
    assert list(decision.skipped) == [15, 16, 17]


def test_offering_changes_nothing_until_extend_is_called() -> None:
    chain = window()
    chain.offer_confirmed(block(15, 14, 9))
    assert chain.head == B14
    chain.extend(block(15, 14, 9))
    assert chain.head.slot == 15


def test_a_parent_above_the_head_is_missing_not_skipped() -> None:
    assert window().offer_confirmed(block(18, 16, 10)) == Missing(Slot(16))
    assert window().offer_finalized(block(18, 16, 10)) == Missing(Slot(16))


@pytest.mark.parametrize("again", [ANCHOR, B11, B14, block(4, 3, 1)])
def test_a_block_that_comes_again_is_known(again: BlockLink) -> None:
    assert window().offer_confirmed(again) == Known()


@pytest.mark.parametrize(
    "other",
    [
        block(15, 14, 9, parent_branch="b"),
        block(15, 14, 10),
        block(15, 12, 8),
        block(14, 12, 8, "b"),
        block(13, 12, 8, "b"),
    ],
    ids=["parent hash", "height", "steps over the head", "another block in its slot", "in a skipped slot"],
)
def test_a_confirmed_block_of_another_branch_is_held(other: BlockLink) -> None:
    assert isinstance(window().offer_confirmed(other), Held)


def test_a_finalized_match_finalizes_all_below_it() -> None:
    chain = window()
    decision = chain.offer_finalized(B12)
    assert decision == Finalize(B12)
    chain.finalize(B12)
    assert chain.finalized == B12
    assert chain.at(Slot(11)) is None
    assert chain.head == B14


def test_what_is_final_already_is_known() -> None:
    assert window().offer_finalized(ANCHOR) == Known()
    assert window().offer_finalized(block(8, 7, 3)) == Known()


def test_a_finalized_block_in_place_of_ours_rolls_back_to_their_common_parent() -> None:
    assert window().offer_finalized(block(12, 11, 7, "b")) == RollBack(B11)


def test_a_finalized_block_in_a_slot_we_called_skipped_rolls_back() -> None:
    assert window().offer_finalized(block(13, 12, 8, "b")) == RollBack(B12)


def test_a_finalized_block_that_steps_over_our_slots_rolls_back() -> None:
    assert window().offer_finalized(block(16, 11, 7)) == RollBack(B11)


def test_the_common_ancestor_is_searched_downwards() -> None:
    chain = window()
    assert chain.offer_finalized(block(15, 14, 9, "b", "b")) == NeedParent(Slot(14))
    assert chain.offer_finalized(block(14, 12, 8, "b", "b")) == NeedParent(Slot(12))
    assert chain.offer_finalized(block(12, 11, 7, "b")) == RollBack(B11)


def test_a_finalized_block_extends_the_head_directly() -> None:
    assert window().offer_finalized(block(15, 14, 9)) == Extend(block(15, 14, 9), range(15, 15))


@pytest.mark.parametrize(
    "contradiction",
    [block(10, 9, 5, "b"), block(12, 9, 6, "b"), block(10, 8, 5, "b")],
    ids=["another final block", "steps over the final block", "another parent"],
)
def test_finality_that_contradicts_finality_stops(contradiction: BlockLink) -> None:
    with pytest.raises(StopError, match="finalized another history"):
        window().offer_finalized(contradiction)


def test_a_roll_back_forgets_what_lay_above_the_ancestor() -> None:
    chain = window()
    chain.roll_back(B11)
    assert chain.head == B11
    assert chain.at(Slot(12)) is None
    assert chain.offer_finalized(block(12, 11, 7, "b")) == Extend(block(12, 11, 7, "b"), range(12, 12))
