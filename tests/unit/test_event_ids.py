"""Ids of events: computed, unique, sorted as the chain is."""

from __future__ import annotations

from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.decode.facts import InstructionPath
from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.store.event_ids import event_id

POSITIONS = st.tuples(
    st.integers(0, 2**40),
    st.integers(0, 2**18),
    st.integers(0, 63),
    st.none() | st.integers(0, 255),
    st.integers(0, 500),
)
Position = tuple[int, int, int, int | None, int]


def of(position: Position, signature: str = "s") -> bytes:
    slot, tx_index, outer, inner, ordinal = position
    path = InstructionPath(outer, inner)
    return event_id(Slot(slot), tx_index, path, ordinal, Signature(signature)).bytes


def order(position: Position) -> tuple[int, ...]:
    slot, tx_index, outer, inner, ordinal = position
    return (slot, tx_index, outer, -1 if inner is None else inner, ordinal)


@given(first=POSITIONS, second=POSITIONS)
def test_ids_sort_as_the_events_stand_on_the_chain(first: Position, second: Position) -> None:
    assert (of(first) < of(second)) == (order(first) < order(second))
    assert (of(first) == of(second)) == (first == second)


def test_they_are_version_8_and_the_same_every_time() -> None:
    found = event_id(Slot(447_120_000), 3, InstructionPath(1, 4), 2, Signature("abc"))
    assert (found.version, found.variant) == (8, RFC_4122)
    assert str(found) == "00001aa6-8280-8000-80c0-405002b28960"
    assert found == event_id(Slot(447_120_000), 3, InstructionPath(1, 4), 2, Signature("abc"))


def test_the_same_place_on_another_branch_has_another_id() -> None:
    place: Position = (5, 1, 0, None, 0)
    assert of(place, "one") != of(place, "other")


def test_what_overflows_its_bits_stays_apart() -> None:
    assert of((5, 1, 300, None, 0)) != of((5, 1, 301, None, 0))
    assert of((5, 1, 0, 2_000, 0)) != of((5, 1, 0, 2_001, 0))
    assert of((5, 1, 0, None, 9_000)) != of((5, 1, 0, None, 9_001))
