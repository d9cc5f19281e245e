"""Every base unit of surplus is minted once, whatever comes late and in which order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.mint.surplus import FrozenAmount, LateWindow, freeze

KWH = 10**9


def late(window: int, net: int, accounted: int) -> LateWindow:
    return LateWindow(window=Window(window), net_base_units=net, accounted_base_units=accounted)


def test_surplus_is_minted_and_a_deficit_is_nobodys_debt() -> None:
    assert freeze(3 * KWH, (), 0).amount_base_units == 3 * KWH
    assert freeze(-3 * KWH, (), 0) == FrozenAmount(
        amount_base_units=0, carried_base_units=0, surplus_base_units=0, owed_base_units=0, late_accounted=()
    )


def test_a_late_gain_is_added_to_the_next_window() -> None:
    frozen = freeze(KWH, (late(1, 5 * KWH, 2 * KWH),), 0)
    assert frozen.carried_base_units == 3 * KWH
    assert frozen.amount_base_units == 4 * KWH
    assert frozen.late_accounted == ((1, 5 * KWH),)


def test_a_late_loss_is_taken_from_the_next_window_and_its_rest_from_the_one_after() -> None:
    first = freeze(KWH, (late(1, -KWH, 3 * KWH),), 0)
    assert first.amount_base_units == 0
    assert first.owed_base_units == -2 * KWH
    second = freeze(5 * KWH, (), first.owed_base_units)
    assert second.amount_base_units == 3 * KWH
    assert second.carried_base_units == -2 * KWH
    assert second.owed_base_units == 0


def test_a_late_reading_of_a_window_in_deficit_changes_nothing_until_it_has_surplus() -> None:
    assert freeze(0, (late(1, -KWH, 0),), 0).amount_base_units == 0
    assert freeze(0, (late(1, KWH, 0),), 0).amount_base_units == KWH


amounts = st.integers(-5 * KWH, 5 * KWH)


@given(
    st.lists(st.tuples(amounts, st.lists(st.tuples(st.integers(0, 30), amounts), max_size=4)), max_size=12)
)
def test_minted_and_owed_always_equal_the_true_surplus_of_all_frozen_windows(
    course: list[tuple[int, list[tuple[int, int]]]],
) -> None:
    """Each step: a window with its own net closes, after late readings for earlier windows have come."""
    net: dict[int, int] = {}
    accounted: dict[int, int] = {}
    minted = owed = 0
    for window, (own, stragglers) in enumerate(course):
        touched = set()
        for earlier, amount in stragglers:
            if earlier in net:
                net[earlier] += amount
                touched.add(earlier)
        frozen = freeze(
            own, [late(earlier, net[earlier], accounted[earlier]) for earlier in sorted(touched)], owed
        )
        net[window] = own
        accounted[window] = frozen.surplus_base_units
        accounted.update(frozen.late_accounted)
        minted += frozen.amount_base_units
        owed = frozen.owed_base_units
        assert frozen.amount_base_units >= 0
        assert owed <= 0
        assert minted + owed == sum(max(0, total) for total in net.values())
