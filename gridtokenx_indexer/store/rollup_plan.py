"""Which half hours of telemetry are computed next: pure decisions about positions, pages and batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Position:
    """Rows are looked at in the order of their transaction and then of their half hour.

    A position lies behind the rows of its pair; without a half hour, before the transaction's first row.
    """

    transaction_id: int
    bucket_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayBatch:
    """Half hours of one UTC day that are computed in one database transaction, newest first."""

    day: date
    half_hours: tuple[datetime, ...]


def behind(page: Sequence[Position], horizon: int) -> Position:
    """Where to go on after `page`; an empty one means that everything before the horizon has been seen.

    No row can come any more of a transaction before `horizon`. Rows at or behind it are left for later, since
    one of an older transaction may still commit between them.
    """
    return page[-1] if page else Position(horizon)


def is_from_elsewhere(position: Position, horizon: int) -> bool:
    """True for a position that this server has not reached: its rows were brought here by a dump."""
    return position.transaction_id > horizon


def next_batch(touched: Sequence[datetime], limit: int) -> DayBatch | None:
    """At most `limit` half hours of the newest day of `touched`, which comes newest first."""
    if not touched:
        return None
    day = touched[0].astimezone(UTC).date()
    same_day = [half_hour for half_hour in touched if half_hour.astimezone(UTC).date() == day]
    return DayBatch(day, tuple(same_day[:limit]))


def days_between(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The range [start, end) cut at midnights UTC."""
    while start < end:
        midnight = datetime.combine(start.astimezone(UTC).date(), time(), UTC) + _DAY
        yield start, min(midnight, end)
        start = midnight
