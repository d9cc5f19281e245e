"""What a database has less, more or otherwise than the release says; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class ObjectId(NamedTuple):
    """One object: `column`, `public.users.email`; of a comment the name is that of its object, kind first."""

    kind: str
    name: str

    @property
    def path(self) -> str:
        """Where it belongs: a comment beside its object."""
        return self.name.partition(" ")[2] if self.kind == "comment" else self.name

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


Catalogue: TypeAlias = Mapping[ObjectId, str]
"""Definitions in the one form of `catalogue_text`."""


class Change(StrEnum):
    MISSING = "missing"
    EXTRA = "extra"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that is not as released; `expected` and `found` are None where there is none."""

    change: Change
    subject: ObjectId
    expected: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        head = f"{self.change} {self.subject}"
        match self.change:
            case Change.DIFFERENT if self.expected is not None:
                return f"{head}: is {self.found or 'empty'}, should be {self.expected or 'empty'}"
            case _:
                text = self.found if self.expected is None else self.expected
                return f"{head}: {text}" if text else head


_MAY_BE_MORE = {"extension"}
_HYPERTABLES = ("investment.energy_production", "investment.weather_data")
_MADE_BY_TIMESCALEDB = {ObjectId("trigger", f"{table}.ts_insert_blocker") for table in _HYPERTABLES}


def differences(
    expected: Catalogue, found: Catalogue, *, hypertables: bool = False
) -> tuple[Difference, ...]:
    """Every object that differs, by name; what belongs to a missing or extra object is not listed beside it.

    With `hypertables` the two tables of time series are TimescaleDB's, which cuts and guards them itself; all
    else about them is compared.
    """
    if hypertables:
        expected, found = _as_uncut(expected), _as_uncut(found)
    missing = expected.keys() - found.keys()
    extra = {one for one in found.keys() - expected.keys() if one.kind not in _MAY_BE_MORE}
    listed = [
        *(Difference(Change.MISSING, one, expected=expected[one]) for one in _outermost(missing)),
        *(Difference(Change.EXTRA, one, found=found[one]) for one in _outermost(extra)),
        *(
            Difference(Change.DIFFERENT, one, expected=expected[one], found=found[one])
            for one in expected.keys() & found.keys()
            if expected[one] != found[one]
        ),
    ]
    return tuple(sorted(listed, key=lambda one: (one.subject.path, one.subject)))


def _outermost(objects: Iterable[ObjectId]) -> Iterator[ObjectId]:
    """Those whose schema, table or (for a comment) object is not among them."""
    known = set(objects)
    names = {one.name for one in known if one.kind != "comment"}
    for one in known:
        # A name in quotes may hold a dot of its own; then too much is looked up and nothing is found.
        containers = {one.path[:position] for position, letter in enumerate(one.path) if letter == "."}
        if one.kind == "comment":
            containers.add(one.path)
        if names.isdisjoint(containers):
            yield one


def _as_uncut(catalogue: Catalogue) -> Catalogue:
    """The tables of time series as if nothing cut them."""
    found = {one: text for one, text in catalogue.items() if one not in _MADE_BY_TIMESCALEDB}
    for one in found:
        if ".".join(one.path.split(".")[:2]) in _HYPERTABLES:
            match one.kind:
                case "table":
                    found[one] = ""
                case "index":
                    found[one] = found[one].replace(" ON ONLY ", " ON ", 1)
    return found
