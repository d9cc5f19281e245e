from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gridtokenx_indexer.store.retention_plan import (
    RULES,
    Action,
    ExistingPartition,
    RetentionStep,
    plan_retention,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TELEMETRY = "hosting.miner_telemetry"


def steps(table: str, **given: object) -> list[RetentionStep]:
    arguments: dict[str, object] = {"now": NOW, "partitions": [], "oldest": {}, **given}
    plan = plan_retention(RULES, **arguments)  # type: ignore[arg-type]
    return [step for step in plan if step.table == table]


def month(upper: datetime, *, archived: bool = False) -> ExistingPartition:
    return ExistingPartition(TELEMETRY, f"{TELEMETRY}_p{upper:%Y%m%d}", upper, archived)


def test_telemetry_of_90_days_stays_and_what_is_older_is_archived_by_the_month() -> None:
    edge = NOW - timedelta(days=90)
    kept, gone = month(edge + timedelta(microseconds=1)), month(edge)
    found = steps(TELEMETRY, partitions=[kept, gone])
    assert [(step.action, step.target) for step in found] == [(Action.ARCHIVE, gone.name)]


def test_a_month_is_dropped_only_when_archived() -> None:
    old, older = month(NOW - timedelta(days=100)), month(NOW - timedelta(days=130), archived=True)
    found = steps(TELEMETRY, partitions=[old, older])
    assert [(step.action, step.target) for step in found] == [
        (Action.DROP, older.name),
        (Action.ARCHIVE, old.name),
    ]


@pytest.mark.requirement("S3-D02", "S3-D06")
@pytest.mark.parametrize("table", ["analytics.market_analytics", "analytics.technical_indicators"])
def test_market_figures_are_kept_for_ever(table: str) -> None:
    found = steps(table, oldest={table: datetime(1970, 1, 1, tzinfo=UTC)})
    assert [step.action for step in found] == [Action.KEEP]


@pytest.mark.parametrize(
    ("table", "days", "action"),
    [
        pytest.param("hosting.login_records", 365, Action.DELETE, marks=pytest.mark.requirement("S3-D03")),
        ("hosting.miner_operation_log", 365, Action.ARCHIVE),
        pytest.param("hosting.outbox_events", 30, Action.DELETE, marks=pytest.mark.requirement("S3-D05")),
    ],
)
def test_rows_go_after_their_days(table: str, days: int, action: Action) -> None:
    edge = NOW - timedelta(days=days)
    assert steps(table, oldest={table: edge}) == []
    (step,) = steps(table, oldest={table: edge - timedelta(microseconds=1)})
    assert (step.action, step.before) == (action, edge)


def test_a_year_is_365_days_in_a_leap_year_too() -> None:
    now = datetime(2028, 3, 1, tzinfo=UTC)
    (step,) = steps(
        "hosting.login_records", now=now, oldest={"hosting.login_records": now - timedelta(days=400)}
    )
    assert step.before == datetime(2027, 3, 2, tzinfo=UTC)


def test_an_empty_database_has_nothing_to_lose() -> None:
    plan = plan_retention(RULES, now=NOW, partitions=[], oldest={})
    assert {step.action for step in plan} == {Action.KEEP}
