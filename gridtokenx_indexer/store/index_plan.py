"""Which statements bring missing and unusable indexes back while writers go on: a pure function.

On a plain table an index is built CONCURRENTLY. A partitioned table cannot have that: its index is made ON
ONLY the table, which takes an instant, then built on each partition and attached; with the last one it is
valid. Each step leaves the database in a state from which a new plan goes on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

_DEFINITION = re.compile(
    r"CREATE (?P<unique>UNIQUE )?INDEX \S+ ON (?P<only>ONLY )?\S+ (?P<body>USING .*)", re.DOTALL
)
_LEFT_BY_REINDEX = re.compile(r"(?P<name>.*)_cc(?:new|old)\d*")
_NAME_BYTES = 63


class IndexLock(StrEnum):
    """What a statement shuts out, and for how long."""

    NOTHING = "no reader or writer; waits for transactions that are open"
    WRITERS = "writers of the table, for an instant"
    TABLE = "readers and writers of the table, for an instant"
    PARTITION = "readers and writers of the partition, for an instant"


@dataclass(frozen=True, slots=True)
class WantedIndex:
    """An index of the release. `constraint` is the definition of the constraint that it stands for."""

    table: str
    name: str
    definition: str
    constraint: str | None = None
    comment: str | None = None
    constraint_comment: str | None = None

    @property
    def unique(self) -> bool:
        return self._parsed()["unique"] is not None

    @property
    def on_partitioned_table(self) -> bool:
        return self._parsed()["only"] is not None

    @property
    def body(self) -> str:
        """From USING on: the same for a table and its partitions."""
        return self._parsed()["body"]

    def _parsed(self) -> re.Match[str]:
        parsed = _DEFINITION.fullmatch(self.definition)
        assert parsed is not None, self.definition
        return parsed


@dataclass(frozen=True, slots=True)
class FoundTable:
    name: str
    partitioned: bool
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class FoundIndex:
    """`part_of`: the index of the parent table that it is attached to; `builder`: a process at work on it."""

    table: str
    name: str
    valid: bool = True
    part_of: str | None = None
    is_constraint: bool = False
    comment: str | None = None
    constraint_comment: str | None = None
    builder: int | None = None


@dataclass(frozen=True, slots=True)
class IndexStep:
    """`whole` is the index of the release that it belongs to, by table and name."""

    whole: str
    statement: str
    index: str
    table: str
    shuts_out: IndexLock


@dataclass(frozen=True, slots=True)
class Obstacle:
    """An index that no step can bring back, and why."""

    index: str
    table: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexPlan:
    steps: tuple[IndexStep, ...]
    obstacles: tuple[Obstacle, ...]


def plan_indexes(
    wanted: Iterable[WantedIndex], tables: Iterable[FoundTable], indexes: Iterable[FoundIndex]
) -> IndexPlan:
    """Steps in the order in which they are to be taken."""
    return _Planner(wanted, tables, indexes).plan()


@dataclass(frozen=True, slots=True)
class _Target:
    """One index on one table; on a partition, one that is to be attached."""

    whole: str
    wanted: WantedIndex
    table: FoundTable
    name: str

    @property
    def qualified(self) -> str:
        return f"{self.table.name.rpartition('.')[0]}.{self.name}"

    def step(self, statement: str, lock: IndexLock) -> IndexStep:
        return IndexStep(self.whole, statement, self.name, self.table.name, lock)


class _Planner:
    def __init__(
        self,
        wanted: Iterable[WantedIndex],
        tables: Iterable[FoundTable],
        indexes: Iterable[FoundIndex],
    ) -> None:
        self._tables = {table.name: table for table in tables}
        self._wanted = [index for index in wanted if self._is_ours(index)]
        self._partitions: Mapping[str, list[FoundTable]] = defaultdict(list)
        for table in self._tables.values():
            if table.parent is not None:
                self._partitions[table.parent].append(table)
        self._found = {(index.table, index.name): index for index in indexes}
        self._attached = {
            (index.table, index.part_of): index for index in self._found.values() if index.part_of is not None
        }
        self._obstacles: list[Obstacle] = []

    def plan(self) -> IndexPlan:
        steps = [*self._leftovers()]
        for wanted in self._wanted:
            if not self._is_part(wanted):
                steps += self._restore(_target(wanted, self._tables[wanted.table]))
        return IndexPlan(tuple(steps), tuple(self._obstacles))

    def _is_ours(self, wanted: WantedIndex) -> bool:
        """A table that is missing waits for a migration; TimescaleDB makes the indexes of hypertables."""
        table = self._tables.get(wanted.table)
        return table is not None and (table.partitioned or not wanted.on_partitioned_table)

    def _leftovers(self) -> Iterator[IndexStep]:
        """What an interrupted REINDEX CONCURRENTLY left behind costs every write and serves nobody."""
        for index in self._found.values():
            made = _LEFT_BY_REINDEX.fullmatch(index.name)
            if made is None or index.valid or index.builder is not None:
                continue
            if (index.table, made["name"]) in self._found:
                schema = index.table.rpartition(".")[0]
                drop = f"DROP INDEX CONCURRENTLY {schema}.{index.name}"
                yield IndexStep(
                    f"{index.table}.{made['name']}", drop, index.name, index.table, IndexLock.NOTHING
                )

    def _is_part(self, wanted: WantedIndex) -> bool:
        """True for an index of a partition that comes with the one of its table."""
        parent = self._tables[wanted.table].parent
        return parent is not None and any(
            other.table == parent and (other.unique, other.body) == (wanted.unique, wanted.body)
            for other in self._wanted
        )

    def _restore(self, target: _Target) -> Iterator[IndexStep]:
        found = self._found.get((target.table.name, target.name))
        if found is not None and found.builder is not None:
            self._stop(target, f"process {found.builder} is building it; run this again when it has ended")
        elif _excludes(target) and (found is None or not found.valid):
            self._stop(target, _by_hand(target, found))
        else:
            restore = self._restore_partitioned if target.table.partitioned else self._restore_plain
            yield from restore(target, found)
            yield from self._comments(target, found)

    def _comments(self, target: _Target, found: FoundIndex | None) -> Iterator[IndexStep]:
        wanted = target.wanted
        rebuilt = found is None or not found.valid
        for subject, text, is_text in (
            (f"INDEX {target.qualified}", wanted.comment, found and found.comment),
            (
                f"CONSTRAINT {target.name} ON {target.table.name}",
                wanted.constraint_comment,
                found and found.constraint_comment,
            ),
        ):
            if text is not None and (rebuilt or text != is_text):
                quoted = text.replace("'", "''")
                yield target.step(f"COMMENT ON {subject} IS '{quoted}'", IndexLock.NOTHING)

    def _restore_plain(self, target: _Target, found: FoundIndex | None) -> Iterator[IndexStep]:
        unique = "UNIQUE " if target.wanted.unique else ""
        build = f"CREATE {unique}INDEX CONCURRENTLY {target.name} ON {target.table.name} {target.wanted.body}"
        if found is None:
            yield target.step(build, IndexLock.NOTHING)
        elif not found.valid and (found.is_constraint or found.part_of is not None):
            # What a constraint or a table's index stands on cannot be dropped alone.
            yield target.step(f"REINDEX INDEX CONCURRENTLY {target.qualified}", IndexLock.NOTHING)
        elif not found.valid:
            yield target.step(f"DROP INDEX CONCURRENTLY {target.qualified}", IndexLock.NOTHING)
            yield target.step(build, IndexLock.NOTHING)
        if target.wanted.constraint is not None and (found is None or not found.is_constraint):
            kind = target.wanted.constraint.partition(" (")[0]
            add = f"ALTER TABLE {target.table.name} ADD CONSTRAINT {target.name} {kind}"
            yield target.step(f"{add} USING INDEX {target.name}", IndexLock.TABLE)

    def _restore_partitioned(self, target: _Target, found: FoundIndex | None) -> Iterator[IndexStep]:
        table, wanted = target.table.name, target.wanted
        if found is None and wanted.constraint is not None:
            yield target.step(
                f"ALTER TABLE ONLY {table} ADD CONSTRAINT {target.name} {wanted.constraint}", IndexLock.TABLE
            )
        elif found is None:
            unique = "UNIQUE " if wanted.unique else ""
            yield target.step(
                f"CREATE {unique}INDEX {target.name} ON ONLY {table} {wanted.body}", IndexLock.WRITERS
            )
        for partition in self._partitions[table]:
            yield from self._restore_part(target, partition, whole_is_valid=found is not None and found.valid)

    def _restore_part(
        self, whole: _Target, partition: FoundTable, *, whole_is_valid: bool
    ) -> Iterator[IndexStep]:
        attached = self._attached.get((partition.name, whole.name))
        name = attached.name if attached else self._part_name(whole, partition)
        part = _Target(
            whole.whole,
            WantedIndex(partition.name, name, whole.wanted.definition, whole.wanted.constraint),
            partition,
            name,
        )
        obstacles = len(self._obstacles)
        steps = list(self._restore(part))
        yield from steps
        if len(self._obstacles) > obstacles:
            return
        if attached is None or (steps and not whole_is_valid):
            yield part.step(
                f"ALTER INDEX {whole.qualified} ATTACH PARTITION {part.qualified}", IndexLock.PARTITION
            )

    def _part_name(self, whole: _Target, partition: FoundTable) -> str:
        for index in self._wanted:
            if index.table == partition.name and (index.unique, index.body) == (
                whole.wanted.unique,
                whole.wanted.body,
            ):
                return index.name
        relation, table = partition.name.rpartition(".")[2], whole.table.name.rpartition(".")[2]
        return _fitting(f"{relation}_{whole.name.removeprefix(f'{table}_')}")

    def _stop(self, target: _Target, reason: str) -> None:
        self._obstacles.append(Obstacle(target.name, target.table.name, reason))


def _target(wanted: WantedIndex, table: FoundTable) -> _Target:
    return _Target(f"{wanted.table}.{wanted.name}", wanted, table, wanted.name)


def _excludes(target: _Target) -> bool:
    return (target.wanted.constraint or "").startswith("EXCLUDE")


def _by_hand(target: _Target, found: FoundIndex | None) -> str:
    statement = (
        f"ALTER TABLE {target.table.name} ADD CONSTRAINT {target.name} {target.wanted.constraint}"
        if found is None
        else f"REINDEX INDEX {target.qualified}"
    )
    return f"an exclusion constraint cannot be built beside writers; in a quiet hour run: {statement}"


def _fitting(name: str) -> str:
    if len(name.encode()) <= _NAME_BYTES:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _NAME_BYTES - 9]}_{digest}"


def missing_tables(wanted: Sequence[WantedIndex], tables: Iterable[FoundTable]) -> list[str]:
    """Tables of the release that the database does not have yet."""
    there = {table.name for table in tables}
    return sorted({index.table for index in wanted} - there)
