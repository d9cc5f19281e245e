from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.market.ids import IdKind, derived_id

EPOCHS = st.integers(197001010000, 999912312345).map(EpochNumber)
U32 = st.integers(0, 2**32 - 1)


@given(EPOCHS, st.sampled_from(IdKind), U32, U32)
def test_is_a_uuid_of_version_8(epoch: EpochNumber, kind: IdKind, zone: int, index: int) -> None:
    made = derived_id(kind, epoch, zone, index)

    assert made.version == 8
    assert made.variant == "specified in RFC 4122"


@given(*[st.tuples(EPOCHS, st.sampled_from(IdKind), U32, U32)] * 2)
def test_order_and_equality_are_those_of_the_source(
    first: tuple[EpochNumber, IdKind, int, int], second: tuple[EpochNumber, IdKind, int, int]
) -> None:
    ids = [derived_id(kind, epoch, zone, index) for epoch, kind, zone, index in (first, second)]

    assert (ids[0] < ids[1]) == (first < second)
    assert (ids[0] == ids[1]) == (first == second)
