from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gridtokenx_indexer.domain.statuses.chain import PartitionKind, PartitionMeasure
from gridtokenx_indexer.store.partition_plan import PartitionPolicy, plan_partitions

NOVEMBER = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
READINGS = PartitionPolicy("public.meter_readings", PartitionKind.MONTH, 1, 3)
EVENTS = PartitionPolicy("public.blockchain_events", PartitionKind.SLOT, 1_000_000, 3)
QUEUE = PartitionPolicy("public.minting_retry_queue", PartitionKind.WINDOW, 96, 3)


def names(*policies: PartitionPolicy, clock: datetime = NOVEMBER, slot: int | None = None) -> list[str]:
    return [each.name for each in plan_partitions(policies, clocks=[clock], slot=slot, existing=())]


def test_months_reach_ahead_over_the_end_of_the_year() -> None:
    assert names(READINGS) == [
        "public.meter_readings_p202611",
        "public.meter_readings_p202612",
        "public.meter_readings_p202701",
        "public.meter_readings_p202702",
    ]


def test_bounds_are_instants_in_utc_and_follow_one_another() -> None:
    plan = plan_partitions([READINGS], clocks=[NOVEMBER], slot=None, existing=())
    assert (plan[0].lower, plan[0].upper) == ("2026-11-01 00:00:00+00", "2026-12-01 00:00:00+00")
    assert [one.upper for one in plan[:-1]] == [two.lower for two in plan[1:]]
    assert plan[0].statement == (
        "SELECT indexer.ensure_partition('public.meter_readings', '2026-11-01 00:00:00+00'::text);"
    )


def test_what_exists_is_not_planned_again() -> None:
    everything = plan_partitions([READINGS, QUEUE], clocks=[NOVEMBER], slot=None, existing=())
    existing = {one.name for one in everything}
    assert plan_partitions([READINGS, QUEUE], clocks=[NOVEMBER], slot=None, existing=existing) == ()
    existing.remove("public.meter_readings_p202701")
    missing = plan_partitions([READINGS, QUEUE], clocks=[NOVEMBER], slot=None, existing=existing)
    assert [one.name for one in missing] == ["public.meter_readings_p202701"]


def test_both_clocks_have_their_partitions_once() -> None:
    market = datetime(2016, 5, 12, tzinfo=UTC)
    plan = plan_partitions([READINGS], clocks=[NOVEMBER, NOVEMBER, market], slot=None, existing=())
    assert len(plan) == 8
    assert "public.meter_readings_p201608" in {one.name for one in plan}


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (None, []),
        (0, ["public.blockchain_events_p0", "public.blockchain_events_p1000000"]),
        (999_999, ["public.blockchain_events_p0", "public.blockchain_events_p1000000"]),
        (300_000_000, ["public.blockchain_events_p300000000", "public.blockchain_events_p301000000"]),
    ],
)
def test_slots_have_the_present_range_and_the_next(slot: int | None, expected: list[str]) -> None:
    assert names(EVENTS, slot=slot) == expected


def test_epoch_numbers_have_their_month_and_the_next() -> None:
    leaves = PartitionPolicy("indexer.trade_leaves", PartitionKind.SLOT, 1_000_000, 3, PartitionMeasure.EPOCH)
    december = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert names(leaves, clock=december, slot=300_000_000) == [
        "indexer.trade_leaves_p202612000000",
        "indexer.trade_leaves_p202701000000",
    ]


def test_windows_reach_a_day_ahead() -> None:
    window = int(NOVEMBER.timestamp()) // 900
    assert names(QUEUE) == [
        f"public.minting_retry_queue_p{window - window % 96}",
        f"public.minting_retry_queue_p{window - window % 96 + 96}",
    ]


@pytest.mark.parametrize(
    ("clock", "last", "count"),
    [
        (datetime(2026, 11, 30, 12, tzinfo=UTC), "t_p20270228", 91),
        (datetime(2027, 11, 30, 12, tzinfo=UTC), "t_p20280229", 92),
        (datetime(2026, 12, 1, tzinfo=UTC), "t_p20270301", 91),
    ],
)
def test_days_reach_to_the_same_day_or_the_month_s_last(clock: datetime, last: str, count: int) -> None:
    found = names(PartitionPolicy("t", PartitionKind.DAY, 1, 3), clock=clock)
    assert (found[-1], len(found)) == (last, count)
    assert len(set(found)) == count


def test_hypertables_are_cut_by_timescaledb() -> None:
    assert names(PartitionPolicy("investment.weather_data", PartitionKind.HYPERTABLE, 1, 3), slot=5) == []
