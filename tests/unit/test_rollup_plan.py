from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from gridtokenx_indexer.store.rollup_plan import (
    DayBatch,
    Position,
    behind,
    days_between,
    is_from_elsewhere,
    next_batch,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HALF = timedelta(minutes=30)


def test_the_position_follows_the_page() -> None:
    page = [Position(7, NOON), Position(7, NOON + HALF), Position(9, NOON)]
    assert behind(page, horizon=12) == Position(9, NOON)


def test_an_empty_page_moves_the_position_to_the_horizon_and_not_past_it() -> None:
    assert behind([], horizon=12) == Position(12)


@pytest.mark.parametrize(("transaction", "expected"), [(11, False), (12, False), (13, True)])
def test_a_position_that_the_server_has_not_reached_came_from_elsewhere(
    transaction: int, expected: bool
) -> None:
    assert is_from_elsewhere(Position(transaction, NOON), horizon=12) is expected


def test_nothing_waits() -> None:
    assert next_batch([], limit=12) is None


def test_a_batch_is_the_newest_half_hours_of_one_day() -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    touched = [midnight + HALF, midnight, midnight - HALF, midnight - 2 * HALF]
    assert next_batch(touched, limit=12) == DayBatch(date(2026, 11, 21), (midnight + HALF, midnight))
    assert next_batch(touched, limit=1) == DayBatch(date(2026, 11, 21), (midnight + HALF,))
    assert next_batch(touched[2:], limit=12) == DayBatch(date(2026, 11, 20), tuple(touched[2:]))


def test_days_are_those_of_utc_whatever_the_offset() -> None:
    bangkok = timezone(timedelta(hours=7))
    early = datetime(2026, 11, 22, 6, 30, tzinfo=bangkok)
    assert next_batch([early], limit=1) == DayBatch(date(2026, 11, 21), (early,))


def test_a_range_is_cut_at_midnights() -> None:
    start, end = NOON, NOON + timedelta(days=2)
    assert list(days_between(start, end)) == [
        (NOON, datetime(2026, 11, 22, tzinfo=UTC)),
        (datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (datetime(2026, 11, 23, tzinfo=UTC), end),
    ]
    assert list(days_between(start, start + HALF)) == [(start, start + HALF)]
    assert list(days_between(end, start)) == []
