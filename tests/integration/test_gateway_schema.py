"""The `public` schema has every column, index, key and delete rule of the gateway document."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.migration_files import load_migrations, shipped_directory
from tests.support.drawn_types import Fit, fit, least_width
from tests.support.postgres import query
from tests.support.requirements import read_requirements
from tests.support.seed_cases import case, key_target, matches
from tests.support.seed_catalog import ForeignKey, SeedCatalog

REQUIREMENTS = read_requirements("S0")
AMOUNT = re.compile(r"numeric\((?:1[5-9]|[2-7]\d),6\)")
RELATIONSHIPS = {
    "S0-R01": ("meter_registry", ("user_id",), "users", "CASCADE"),
    "S0-R02": ("meter_readings", ("user_id",), "users", "SET NULL"),
    "S0-R03": ("trading_orders", ("user_id",), "users", "CASCADE"),
    "S0-R04": ("erc_certificates", ("user_id",), "users", "SET NULL"),
    "S0-R06": ("user_activities", ("user_id",), "users", "SET NULL"),
    "S0-R08": ("blockchain_transactions", ("user_id",), "users", "SET NULL"),
    "S0-R09": ("meter_readings", ("meter_id",), "meter_registry", "SET NULL"),
    "S0-R10": ("meter_registry", ("verified_by",), "users", "SET NULL"),
    "S0-R11": ("minting_retry_queue", ("reading_id", "reading_timestamp"), "meter_readings", "SET NULL"),
    "S0-R12": ("trading_orders", ("epoch_id",), "market_epochs", "SET NULL"),
    "S0-R13": ("order_matches", ("epoch_id",), "market_epochs", "RESTRICT"),
    "S0-R14": ("settlements", ("epoch_id",), "market_epochs", "RESTRICT"),
    "S0-R15": ("order_matches", ("buy_order_id",), "trading_orders", "CASCADE"),
    "S0-R16": ("order_matches", ("sell_order_id",), "trading_orders", "CASCADE"),
    "S0-R17": ("order_matches", ("settlement_id",), "settlements", "SET NULL"),
    "S0-R18": ("erc_certificate_transfers", ("certificate_id",), "erc_certificates", "CASCADE"),
    "S0-R19": ("erc_certificate_transfers", ("from_user_id",), "users", "SET NULL"),
    "S0-R20": ("erc_certificate_transfers", ("to_user_id",), "users", "SET NULL"),
}
LEFT_OVER = """
WITH own AS (SELECT oid, nspname::text FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)')
SELECT c.relname::text FROM pg_class AS c
 WHERE c.relkind IN ('r', 'p', 'v', 'S') AND c.relnamespace IN (SELECT oid FROM own)
UNION ALL
SELECT p.proname::text FROM pg_proc AS p
 WHERE p.pronamespace IN (SELECT oid FROM own)
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT nspname FROM own WHERE nspname <> 'public'
"""
"""What is in a database beside the catalogue and extensions."""
DELETE_RULES = {
    "S0-K01": {"meter_registry.user_id": "CASCADE"},
    "S0-K02": {"meter_readings.user_id": "SET NULL"},
    "S0-K03": {"meter_readings.meter_id": "SET NULL"},
    "S0-K04": {"trading_orders.user_id": "CASCADE"},
    "S0-K05": {"settlements.buyer_id": "CASCADE", "settlements.seller_id": "CASCADE"},
}


def drawn(kind: str, pattern: str) -> list[object]:
    """One case per id of a kind, with the parts of its text."""
    return [case(identity, *found.groups()) for identity, found in matches("S0", kind, pattern)]


def key(table: str, columns: tuple[str, ...], referred: str, rule: str) -> ForeignKey:
    return ForeignKey(f"public.{table}", columns, f"public.{referred}", rule)


@pytest.mark.parametrize(
    ("table", "column", "kind", "mark"), drawn("C", r"(\w+)\.(\w+): (\w+)(?: \[(..)\])?")
)
def test_column(seeds: SeedCatalog, table: str, column: str, kind: str, mark: str | None) -> None:
    place = f"public.{table}"
    actual = seeds.columns[f"{place}.{column}"].kind
    if kind == "numeric":
        assert AMOUNT.fullmatch(actual)
    else:
        width = least_width(column, seeds.words(f"{place}.{column}"))
        assert fit(kind, actual, width=width) is Fit.EXACT
    match mark:
        case "PK":
            assert {*seeds.primary_keys[place]} == seeds.key_columns(place, column)
        case "UK":
            assert seeds.unique(place, column)
        case "FK":
            assert seeds.refers(place, column, key_target("S0", column, ""))


@pytest.mark.parametrize(("name", "table", "column"), drawn("X", r"(\w+) on (\w+)\((\w+)\): .*"))
def test_named_index(seeds: SeedCatalog, name: str, table: str, column: str) -> None:
    index = seeds.indexes[f"public.{name}"]
    found = (index.table, index.columns, index.partial, index.method)
    assert found == (f"public.{table}", (column,), None, "btree")


@pytest.mark.parametrize(("table", "column"), drawn("U", r"(\w+)\.(\w+) unique"))
def test_unique_key(seeds: SeedCatalog, table: str, column: str) -> None:
    assert seeds.unique(f"public.{table}", column)


@pytest.mark.parametrize(
    ("identity", "relation"), [case(each, each, RELATIONSHIPS[each]) for each in RELATIONSHIPS]
)
def test_relationship(
    seeds: SeedCatalog, identity: str, relation: tuple[str, tuple[str, ...], str, str]
) -> None:
    drawn_ends = set(re.findall(r"[a-z_]{5,}", REQUIREMENTS[identity].split('"')[0]))
    assert drawn_ends == {relation[0], relation[2]}
    assert key(*relation) in seeds.foreign_keys
    assert not seeds.one_row_only(f"public.{relation[0]}", *relation[1])


@pytest.mark.requirement("S0-R05")
def test_settlements_name_buyer_and_seller(seeds: SeedCatalog) -> None:
    for column in ("buyer_id", "seller_id"):
        assert key("settlements", (column,), "users", "CASCADE") in seeds.foreign_keys
        assert not seeds.one_row_only("public.settlements", column)


@pytest.mark.requirement("S0-R07")
def test_audit_names_its_user_without_a_foreign_key(seeds: SeedCatalog) -> None:
    assert seeds.columns["public.audit_logs.user_id"].kind == "uuid"
    assert all(each.table != "public.audit_logs" for each in seeds.foreign_keys)
    assert seeds.index_starting_with("public.audit_logs", "user_id")
    assert not seeds.one_row_only("public.audit_logs", "user_id")


@pytest.mark.parametrize(
    ("identity", "rules"), [case(each, each, DELETE_RULES[each]) for each in DELETE_RULES]
)
def test_delete_rule(seeds: SeedCatalog, identity: str, rules: dict[str, str]) -> None:
    (referred,) = re.findall(r" to (\w+)", REQUIREMENTS[identity])
    for column, rule in rules.items():
        table, _, name = column.partition(".")
        assert key(table, (name,), referred, rule) in seeds.foreign_keys
        assert REQUIREMENTS[identity].endswith(f"ON DELETE {rule}")


@pytest.mark.requirement("S0-M01", "S0-M02", "S0-M03")
def test_the_ledger_lists_every_migration_in_order(database_url: str) -> None:
    rows = query(database_url, "SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version")
    shipped = load_migrations(shipped_directory())
    assert rows == [(number, True, each.checksum) for number, each in enumerate(shipped, start=1)]
    assert len(rows) >= 21


@pytest.mark.requirement("S0-M04")
def test_a_changed_file_is_found_by_its_checksum(database_url: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped_directory(), tmp_path / "migrations"))
    assert migrate(database_url, directory=folder) == ()
    changed = folder / "0012_user_activities.sql"
    changed.write_bytes(changed.read_bytes() + b" ")
    with pytest.raises(StopError, match=r"0012_user_activities\.sql was changed after it was applied"):
        migrate(database_url, directory=folder)


@pytest.mark.requirement("S0-M05")
def test_the_notes_undo_every_migration_from_the_last_to_the_first(database_url: str) -> None:
    for each in reversed(load_migrations(shipped_directory())):
        (note,) = re.findall(r"-- Rollback \(manual\): (.*\n(?:--   .*\n)*)", each.content.decode())
        try:
            query(database_url, note.replace("\n--   ", " "))
        except psycopg.Error as error:
            pytest.fail(f"{each.file_name}: {error}")
    assert query(database_url, LEFT_OVER) == [("_sqlx_migrations",)]


def test_deletions_find_referring_rows_by_index(seeds: SeedCatalog) -> None:
    # Rows of market_epochs stay: zones, matches and settlements restrict their deletion.
    bare = [
        each
        for each in seeds.foreign_keys
        if each.table.startswith("public.")
        and each.referred != "public.market_epochs"
        and not any(
            index.table == each.table and index.columns[: len(each.columns)] == each.columns
            for index in seeds.indexes.values()
        )
    ]
    assert bare == []


def test_solana_addresses_and_signatures_fit(seeds: SeedCatalog) -> None:
    checked = 0
    for name, column in seeds.columns.items():
        table = name.rpartition(".")[0]
        if table.startswith("public.") and seeds.tables[table].relation != "view":
            if name.endswith(("wallet", "wallet_address")):
                assert column.kind == "character varying(44)", name
                checked += 1
            if name.endswith(("signature", "transaction_hash")):
                assert column.kind == "character varying(88)", name
                checked += 1
    assert checked > 8
