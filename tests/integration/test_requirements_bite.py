"""The tests that prove a drawn column, key or index fail once that thing is taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration import test_seed_columns as columns
from tests.integration import test_seed_indexes as indexes
from tests.integration import test_seed_keys as keys
from tests.support.drawn_types import Fit
from tests.support.seed_catalog import SeedCatalog


def fails(check: object, *arguments: object) -> bool:
    assert callable(check)
    try:
        check(*arguments)
    except (AssertionError, KeyError):
        return True
    return False


@pytest.mark.parametrize("document", ["S2", "S3", "S4"])
def test_a_missing_column_is_noticed(seeds: SeedCatalog, document: str) -> None:
    for identity, drawn in columns.DRAWN.items():
        if identity.startswith(document):
            without = {name: column for name, column in seeds.columns.items() if name != drawn.column}
            assert fails(columns.test_column, replace(seeds, columns=without), drawn), identity


def test_a_column_of_another_type_is_noticed(seeds: SeedCatalog) -> None:
    for identity, drawn in columns.DRAWN.items():
        column = seeds.columns[drawn.column]
        wrong = {**seeds.columns, drawn.column: replace(column, kind="bytea")}
        assert fails(columns.test_column, replace(seeds, columns=wrong), drawn), identity


def test_a_deviation_without_its_reason_is_noticed(seeds: SeedCatalog) -> None:
    for identity, drawn in columns.DRAWN.items():
        if columns.type_fit(seeds, drawn) is Fit.WIDER:
            column = replace(seeds.columns[drawn.column], comment="")
            silent = replace(seeds, columns={**seeds.columns, drawn.column: column})
            assert fails(columns.test_column, silent, drawn), identity


def test_a_lost_key_or_word_is_noticed(seeds: SeedCatalog) -> None:
    keyless = replace(seeds, foreign_keys=frozenset(), primary_keys={}, indexes={})
    wordless = replace(seeds, checks={})
    for identity, drawn in columns.DRAWN.items():
        exempt = drawn.column == "community.audit_logs.user_id"
        if drawn.key and not exempt:
            assert fails(columns.test_column, keyless, drawn), identity
        if drawn.note.count("/") >= 2:
            assert fails(columns.test_column, wordless, drawn), identity


def test_a_missing_relationship_is_noticed(seeds: SeedCatalog) -> None:
    for identity, wanted in keys.RELATIONSHIPS.items():
        without = replace(seeds, foreign_keys=seeds.foreign_keys - {wanted})
        assert fails(keys.test_relationship, without, wanted), identity
        changed = replace(wanted, on_delete="NO ACTION")
        other = replace(seeds, foreign_keys=without.foreign_keys | {changed})
        assert fails(keys.test_relationship, other, wanted), identity


def test_a_missing_index_is_noticed(seeds: SeedCatalog) -> None:
    bare = replace(seeds, indexes={})
    for identity, (name, table, names) in indexes.NAMED.items():
        assert fails(indexes.test_named_index, bare, name, table, names), identity
    for identity, (table, names, unique) in indexes.HOSTING.items():
        assert fails(indexes.test_hosting_index, bare, table, names, unique), identity
    for identity, table, names, unique in indexes.per_table():
        assert fails(indexes.test_community_index, bare, table, names, unique), identity
    for identity, (table, names) in indexes.COMPOSITE.items():
        assert fails(indexes.test_composite_and_performance_index, bare, table, names), identity
