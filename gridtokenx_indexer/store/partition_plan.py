"""Which partitions are missing: a pure function of policies, clocks, the chain's position and what exists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gridtokenx_indexer.domain.statuses.chain import PartitionKind, PartitionMeasure

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WINDOW = timedelta(seconds=900)
_WINDOWS_AHEAD = 96
"""A day: windows are created by their writer, this only saves it the wait."""


@dataclass(frozen=True, slots=True)
class PartitionPolicy:
    """A row of indexer.partition_policies.

    `step` is a number of slots or windows; `ahead_months` is for months and days, `counts` for slots.
    """

    table: str
    kind: PartitionKind
    step: int
    ahead_months: int
    counts: PartitionMeasure = PartitionMeasure.SLOT


@dataclass(frozen=True, slots=True)
class NewPartition:
    """`name` as the database will give it, `schema.table_pbound`; the range is [lower, upper)."""

    table: str
    name: str
    lower: str
    upper: str

    @property
    def statement(self) -> str:
        """SQL that creates it and may run again; the values hold no quotes."""
        return f"SELECT indexer.ensure_partition('{self.table}', '{self.lower}'::text);"


def plan_partitions(
    policies: Iterable[PartitionPolicy],
    *,
    clocks: Sequence[datetime],
    slot: int | None,
    existing: Collection[str],
) -> tuple[NewPartition, ...]:
    """Partitions to create, in the order of tables and ranges.

    `clocks` are moments (UTC) from which on writers must find their partition, such as the wall clock and the
    market clock; `slot` is the head of the index, None before the first block; `existing` holds names.
    """
    wanted: dict[str, NewPartition] = {}
    for policy in policies:
        for partition in _ranges(policy, clocks, slot):
            if partition.name not in existing:
                wanted.setdefault(partition.name, partition)
    return tuple(wanted.values())


def _ranges(policy: PartitionPolicy, clocks: Sequence[datetime], slot: int | None) -> Iterator[NewPartition]:
    match policy.kind:
        case PartitionKind.SLOT if policy.counts is PartitionMeasure.EPOCH:
            for clock in clocks:
                month = clock.astimezone(UTC).replace(day=1, hour=0, minute=0)
                for first in (month, _add_months(month, 1)):
                    yield from _numbers(policy, *[int(f"{first:%Y%m%d%H%M}")] * 2)
        case PartitionKind.SLOT:
            if slot is not None:
                yield from _numbers(policy, slot, slot + policy.step)
        case PartitionKind.WINDOW:
            for clock in clocks:
                window = (clock - _EPOCH) // _WINDOW
                yield from _numbers(policy, window, window + _WINDOWS_AHEAD)
        case PartitionKind.MONTH | PartitionKind.DAY:
            for clock in clocks:
                yield from _times(policy, clock.astimezone(UTC))
        case PartitionKind.HYPERTABLE:
            return


def _numbers(policy: PartitionPolicy, first: int, last: int) -> Iterator[NewPartition]:
    for lower in range(first - first % policy.step, last + 1, policy.step):
        name = f"{policy.table}_p{lower}"
        yield NewPartition(policy.table, name, str(lower), str(lower + policy.step))


def _times(policy: PartitionPolicy, clock: datetime) -> Iterator[NewPartition]:
    months = policy.kind is PartitionKind.MONTH
    lower = datetime(clock.year, clock.month, 1 if months else clock.day, tzinfo=UTC)
    end = _add_months(lower if months else clock, policy.ahead_months)
    while lower <= end:
        upper = _add_months(lower, 1) if months else lower + timedelta(days=1)
        name = f"{policy.table}_p{lower:{'%Y%m' if months else '%Y%m%d'}}"
        yield NewPartition(
            policy.table, name, f"{lower:%Y-%m-%d %H:%M:%S+00}", f"{upper:%Y-%m-%d %H:%M:%S+00}"
        )
        lower = upper


def _add_months(moment: datetime, count: int) -> datetime:
    """The first of the month `count` months later for a first, else the same day or the month's last."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + count, 12)
    if moment.day == 1:
        return moment.replace(year=year, month=month + 1)
    first_after = datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC)
    last_day = (first_after - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
