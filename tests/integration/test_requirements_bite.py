"""The tests that prove what is drawn fail once that thing is taken from the database."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any

import psycopg
import pytest
from _pytest.mark.structures import ParameterSet

from tests.integration import (
    test_gateway_schema,
    test_seed_columns,
    test_seed_indexes,
    test_seed_keys,
    test_seed_tables,
    test_seed_update,
)
from tests.support.postgres import DatabaseServer
from tests.support.requirements import all_requirements
from tests.support.rule_world import FOLDER
from tests.support.seed_catalog import SCHEMAS, SeedCatalog, read_seed_catalog, seen_by

Proof = Callable[[SeedCatalog], object]

MODULES = (
    test_gateway_schema,
    test_seed_columns,
    test_seed_indexes,
    test_seed_keys,
    test_seed_tables,
    test_seed_update,
)
THEFTS: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "thefts.toml").read_text(encoding="utf-8"))
STEAL = """
DO $theft$
DECLARE
    found record;
    ours oid[] := ARRAY(SELECT oid FROM pg_namespace WHERE nspname = ANY ('{{{schemas}}}'));
BEGIN
    {sql}
END
$theft$
"""


def proofs_of(module: ModuleType) -> Iterator[tuple[str, Proof]]:
    """Each id with each test that claims it and asks nothing but the catalogue."""
    for name, function in vars(module).items():
        if not name.startswith("test_"):
            continue
        marks = getattr(function, "pytestmark", [])
        own = [each for mark in marks if mark.name == "requirement" for each in mark.args]
        cases = [mark.args for mark in marks if mark.name == "parametrize"]
        names, values = cases[0] if cases else ((), [()])
        names = (names,) if isinstance(names, str) else tuple(names)
        if set(inspect.signature(function).parameters) != {"seeds", *names}:
            continue
        for case in values:
            given = case.values if isinstance(case, ParameterSet) else case
            marked = case.marks if isinstance(case, ParameterSet) else ()
            claimed = [each for mark in marked if mark.name == "requirement" for each in mark.args]
            given = given if isinstance(given, tuple) or not names else (given,)
            for identity in own + claimed:
                yield identity, partial(function, **dict(zip(names, given, strict=True)))


def all_proofs() -> dict[str, list[Proof]]:
    proofs: dict[str, list[Proof]] = {}
    for module in MODULES:
        for identity, proof in proofs_of(module):
            proofs.setdefault(identity, []).append(proof)
    return proofs


PROOFS = all_proofs()


def fails(proof: Proof, seeds: SeedCatalog) -> bool:
    try:
        proof(seeds)
    except (AssertionError, KeyError):
        return True
    return False


def still_proved(seeds: SeedCatalog, identities: list[str]) -> list[str]:
    """Those of which no test noticed anything."""
    return [each for each in identities if not any(fails(proof, seeds) for proof in PROOFS[each])]


def test_most_requirements_are_proved_from_the_catalogue(seeds: SeedCatalog) -> None:
    assert len(PROOFS) > 600
    assert [each for each in PROOFS if each not in still_proved(seeds, [each])] == []


def test_an_empty_database_proves_nothing(empty_database_url: str) -> None:
    assert still_proved(read_seed_catalog(empty_database_url), list(PROOFS)) == []


@pytest.fixture(scope="module")
def victim(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as url:
        yield url


@pytest.mark.parametrize("theft", THEFTS)
def test_what_is_gone_is_missed(victim: str, theft: str) -> None:
    texts = all_requirements()
    patterns, spared = THEFTS[theft]["proves"], THEFTS[theft].get("but", [])
    missed = [
        identity
        for identity in PROOFS
        if identity not in spared
        and any(re.fullmatch(pattern, f"{identity}: {texts[identity]}") for pattern in patterns)
    ]
    assert missed
    with psycopg.connect(victim) as connection:
        sql = STEAL.format(schemas=",".join(SCHEMAS), sql=THEFTS[theft]["sql"])
        connection.execute(sql.encode())
        left = seen_by(connection)
        connection.rollback()
    assert still_proved(left, missed) == []


def test_a_column_of_another_type_is_noticed(seeds: SeedCatalog) -> None:
    for identity, drawn in test_seed_columns.DRAWN.items():
        column = seeds.columns[drawn.column]
        wrong = replace(seeds, columns={**seeds.columns, drawn.column: replace(column, kind="bytea")})
        assert still_proved(wrong, [identity]) == []


def test_an_index_over_other_columns_is_noticed(seeds: SeedCatalog) -> None:
    moved = {name: replace(each, columns=("other", *each.columns)) for name, each in seeds.indexes.items()}
    named = [identity for identity in PROOFS if re.fullmatch(r"S[0234]-X\d+|S4-K0[1-6]|S0-U\d+", identity)]
    assert still_proved(replace(seeds, indexes=moved), [each for each in named if each != "S4-X32"]) == []
