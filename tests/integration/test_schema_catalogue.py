"""On every server version the migrations make what `sql/schema.sql` says, by the server's own catalogue."""

from __future__ import annotations

from pathlib import Path

from gridtokenx_indexer.store.schema_dump import dump_schema, shipped_schema
from tests.support.postgres import DatabaseServer, query

CATALOGUE = (Path(__file__).parents[1] / "support" / "catalogue.sql").read_text(encoding="utf-8")


def objects(url: str) -> set[tuple[str, str, str]]:
    """(kind, name, definition) of every column, constraint, index, trigger, function and relation."""
    return {(kind, name, text) for kind, name, text in query(url, CATALOGUE)}


def load(url: str, schema: str) -> set[tuple[str, str, str]]:
    """What the text of a schema makes; as in a dump, functions may name tables that come later in it."""
    query(url, "SET check_function_bodies = off; SET search_path = '';\n" + schema)
    return objects(url)


def test_the_schema_file_makes_the_same_catalogue_as_the_migrations(
    postgres: DatabaseServer, database_url: str
) -> None:
    # A server that read a schema from a dump sets casts differently, so both come from one.
    with postgres.database(migrated=False) as first, postgres.database(migrated=False) as second:
        migrated, shipped = load(first, dump_schema(database_url)), load(second, shipped_schema())
    assert migrated - shipped == set()
    assert shipped - migrated == set()
    assert {kind for kind, _, _ in shipped} == {
        "column", "constraint", "index", "trigger", "function", "view", "relation",
    }  # fmt: skip


def test_one_changed_default_is_noticed(database_url: str) -> None:
    before = objects(database_url)
    query(database_url, "ALTER TABLE trading_orders ALTER COLUMN time_in_force SET DEFAULT 'epoch'")
    ((kind, name, _),) = objects(database_url) - before
    assert (kind, name) == ("column", "trading_orders.time_in_force")
