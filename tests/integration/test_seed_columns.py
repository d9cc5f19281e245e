"""Every column that the investment, hosting and community documents draw, by name, type, default and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from _pytest.mark.structures import ParameterSet

from tests.support.drawn_types import Fit, fit, least_width
from tests.support.seed_cases import case, key_target, located, matches
from tests.support.seed_catalog import SeedCatalog

_INLINE = re.compile(r"\s+(PRIMARY KEY|NOT NULL|UNIQUE|REFERENCES \S+|DEFAULT \S+)")
_USER_KEYS = {"id", "user_id", "granted_by", "performed_by", "created_by", "client_id", "owner_id"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """`rules` in the words of the investment document's DDL; `key` and `note` as the diagrams print them."""

    document: str
    column: str
    kind: str
    key: str = ""
    note: str = ""
    rules: tuple[str, ...] = ()


def drawn_columns() -> Iterator[tuple[str, Drawn]]:
    for identity, found in matches("S2", "C", r"(\w+)\.(\w+): (.*)"):
        table, column, ddl = found.groups()
        rules = tuple(_INLINE.findall(ddl))
        kind = _INLINE.sub("", ddl).lower()
        yield identity, Drawn("S2", f"{located('S2', table)}.{column}", kind, rules=rules)
    for document in ("S3", "S4"):
        pattern = r"(\w+)\.(\w+): (\w+)(?: \[(\w+)\])?(?: ; (.*))?"
        for identity, found in matches(document, "C", pattern):
            table, column, kind, key, note = found.groups()
            name = f"{located(document, table)}.{column}"
            yield identity, Drawn(document, name, kind.lower(), key or "", note or "")


DRAWN = dict(drawn_columns())


def all_columns() -> list[ParameterSet]:
    return [case(identity, drawn) for identity, drawn in DRAWN.items()]


def type_fit(seeds: SeedCatalog, drawn: Drawn) -> Fit:
    name = drawn.column.rpartition(".")[2]
    return fit(
        drawn.kind,
        seeds.columns[drawn.column].kind,
        names_a_user=name in _USER_KEYS,
        width=least_width(name, seeds.words(seeds.base(drawn.column))),
    )


@pytest.mark.parametrize("drawn", all_columns())
def test_column(seeds: SeedCatalog, drawn: Drawn) -> None:
    assert drawn.column in seeds.columns
    fitting = type_fit(seeds, drawn)
    assert fitting is not Fit.WRONG, seeds.columns[drawn.column].kind
    if fitting is Fit.WIDER:
        assert "Deviation: " in seeds.columns[drawn.column].comment
    if drawn.kind == "serial":
        assert seeds.columns[drawn.column].counts
    check_key(seeds, drawn)
    check_note(seeds, drawn)
    check_null(seeds, drawn)
    check_default(seeds, drawn)
    for rule in drawn.rules:
        check_rule(seeds, drawn, rule)


def check_key(seeds: SeedCatalog, drawn: Drawn) -> None:
    table, _, name = seeds.base(drawn.column).rpartition(".")
    match drawn.key:
        case "PK":
            table = "public.audit_logs" if table == "community.audit_logs" else table
            assert {*seeds.primary_keys[table]} == seeds.key_columns(table, name)
        case "UK":
            assert seeds.unique(table, name)
        case "FK":
            if drawn.column == "community.audit_logs.user_id":
                assert "Deviation: no foreign key" in seeds.columns[drawn.column].comment
            else:
                target = key_target(drawn.document, name, drawn.note)
                assert seeds.refers(table, name, target), f"no foreign key to {target}"


def check_note(seeds: SeedCatalog, drawn: Drawn) -> None:
    default = re.fullmatch(r"Default: (\S+)", drawn.note)
    if default is not None:
        assert seeds.columns[drawn.column].default == default.group(1)
    if re.fullmatch(r"\w+(/\w+){2,}", drawn.note):
        assert "/".join(seeds.words(seeds.base(drawn.column)) or ()) == drawn.note
    if drawn.note.endswith("0-100") or drawn.note.endswith("(0-100)"):
        table, _, name = drawn.column.rpartition(".")
        limits = rf"CHECK \(\(\({name} >= \(?0\)?(::numeric)?\) AND \({name} <= \(?100\)?(::numeric)?\)\)\)"
        assert any(owner == table and re.fullmatch(limits, text) for (owner, _), text in seeds.checks.items())


def check_null(seeds: SeedCatalog, drawn: Drawn) -> None:
    """The investment document says where NULL is refused; refusing it elsewhere is a deviation."""
    if drawn.document == "S2" and not {"NOT NULL", "PRIMARY KEY"} & {*drawn.rules}:
        refused = seeds.columns[seeds.base(drawn.column)].not_null
        assert not refused or "Deviation: " in seeds.columns[drawn.column].comment


def check_default(seeds: SeedCatalog, drawn: Drawn) -> None:
    """The investment document writes its defaults; another one is a deviation."""
    if drawn.document == "S2" and not any(rule.startswith("DEFAULT") for rule in drawn.rules):
        column = seeds.columns[seeds.base(drawn.column)]
        assert column.default is None or "Deviation: " in seeds.columns[drawn.column].comment


def check_rule(seeds: SeedCatalog, drawn: Drawn, rule: str) -> None:
    table, _, name = seeds.base(drawn.column).rpartition(".")
    column = seeds.columns[f"{table}.{name}"]
    shown = seeds.columns[drawn.column]
    if rule == "PRIMARY KEY":
        assert seeds.primary_keys[table] == (name,)
    elif rule == "NOT NULL":
        assert column.not_null
    elif rule == "UNIQUE":
        assert seeds.unique(table, name)
    elif rule.startswith("REFERENCES"):
        referred = rule.removeprefix("REFERENCES ").partition("(")[0]
        wanted = "public.users" if referred == "users" else located("S2", referred)
        assert any(
            (key.table, key.columns, key.referred) == (table, (name,), wanted) for key in seeds.foreign_keys
        )
    else:
        wanted = rule.removeprefix("DEFAULT ")
        given = {
            "CURRENT_TIMESTAMP": {"CURRENT_TIMESTAMP", "now()"},
            "uuid_generate_v4()": {"uuid_generate_v4()"},
        }
        default = shown.default or column.default or ""
        assert re.sub(r"^public\.|::[a-z ]+$", "", default) in given.get(wanted, {wanted})


def test_every_deviation_of_a_type_is_explained(seeds: SeedCatalog) -> None:
    deviating = {drawn.column for drawn in DRAWN.values() if type_fit(seeds, drawn) is not Fit.EXACT}
    explained = {name for name in deviating if "Deviation: " in seeds.columns[name].comment}
    assert deviating - explained == set()
    # Wider on purpose: ids, moments, and columns that name a user. Anything else would need thought.
    assert len(deviating) == 62


def test_a_comment_that_claims_a_deviation_is_about_something_drawn(seeds: SeedCatalog) -> None:
    domains = ("investment.", "hosting.", "crm.", "analytics.", "community.", "governance.")
    drawn = {each.column for each in DRAWN.values()}
    claimed = {
        name
        for name, column in seeds.columns.items()
        if "Deviation: " in column.comment and name.startswith(domains)
    }
    assert claimed - drawn == set()
