"""What may go, and when: a pure function of rules, the clock and what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Disposal(StrEnum):
    """What happens to rows past their time."""

    KEEP = "keep"
    ARCHIVE_PARTITIONS = "archive_partitions"
    """Whole partitions go to the archive; only then may they be dropped."""
    ARCHIVE_ROWS = "archive_rows"
    DELETE_ROWS = "delete_rows"


class Action(StrEnum):
    KEEP = "keep"
    ARCHIVE = "archive"
    DROP = "drop"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """`column` holds the time that counts; rows are kept for `keep` after it; `only` narrows what may go."""

    table: str
    disposal: Disposal
    column: str = ""
    keep: timedelta = timedelta.max
    only: str = "true"


@dataclass(frozen=True, slots=True)
class ExistingPartition:
    """A range partition of a table under a rule; `upper` is the first moment after it."""

    table: str
    name: str
    upper: datetime
    archived: bool


@dataclass(frozen=True, slots=True)
class RetentionStep:
    """One thing to do. `target` is a partition or a table; `before` the moment before which rows go."""

    action: Action
    table: str
    target: str
    reason: str
    before: datetime | None = None


RULES: tuple[RetentionRule, ...] = (
    RetentionRule(
        "hosting.miner_telemetry", Disposal.ARCHIVE_PARTITIONS, column="recorded_at", keep=timedelta(days=90)
    ),
    RetentionRule("analytics.market_analytics", Disposal.KEEP),
    RetentionRule("analytics.technical_indicators", Disposal.KEEP),
    RetentionRule(
        "hosting.login_records", Disposal.DELETE_ROWS, column="login_time", keep=timedelta(days=365)
    ),
    RetentionRule(
        "hosting.miner_operation_log", Disposal.ARCHIVE_ROWS, column="timestamp", keep=timedelta(days=365)
    ),
    # What is not processed yet stays, however old.
    RetentionRule(
        "hosting.outbox_events",
        Disposal.DELETE_ROWS,
        column="processed_at",
        keep=timedelta(days=30),
        only="status = 'processed'",
    ),
)


def plan_retention(
    rules: Iterable[RetentionRule],
    *,
    now: datetime,
    partitions: Sequence[ExistingPartition],
    oldest: Mapping[str, datetime],
) -> tuple[RetentionStep, ...]:
    """The steps, in the order of the rules.

    `oldest` is the earliest time among the rows of a table that its rule may take, absent when it has none.
    A partition goes when all of it is past its time, so its rows stay up to one partition longer.
    """
    steps: list[RetentionStep] = []
    for rule in rules:
        match rule.disposal:
            case Disposal.KEEP:
                steps.append(RetentionStep(Action.KEEP, rule.table, rule.table, "kept for ever"))
            case Disposal.ARCHIVE_PARTITIONS:
                steps += _partition_steps(rule, now, partitions)
            case Disposal.ARCHIVE_ROWS | Disposal.DELETE_ROWS:
                steps += _row_steps(rule, now, oldest.get(rule.table))
    return tuple(steps)


def _partition_steps(
    rule: RetentionRule, now: datetime, partitions: Sequence[ExistingPartition]
) -> list[RetentionStep]:
    steps = []
    for partition in sorted(partitions, key=lambda each: each.upper):
        if partition.table != rule.table or partition.upper > now - rule.keep:
            continue
        action = Action.DROP if partition.archived else Action.ARCHIVE
        reason = "archived and past its time" if partition.archived else "past its time"
        steps.append(RetentionStep(action, rule.table, partition.name, reason, partition.upper))
    return steps


def _row_steps(rule: RetentionRule, now: datetime, oldest: datetime | None) -> list[RetentionStep]:
    before = now - rule.keep
    if oldest is None or oldest >= before:
        return []
    action = Action.DELETE if rule.disposal is Disposal.DELETE_ROWS else Action.ARCHIVE
    return [RetentionStep(action, rule.table, rule.table, f"older than {rule.keep.days} days", before)]
