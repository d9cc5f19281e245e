"""The `public` schema has every table, column, index, key and delete rule of the gateway document."""

from __future__ import annotations

import re

import pytest

from tests.support.requirements import read_requirements
from tests.support.seed_cases import case, matches
from tests.support.seed_catalog import ForeignKey, SeedCatalog

REQUIREMENTS = read_requirements("S0")
DRAWN_TYPES = {
    "uuid": r"uuid",
    "varchar": r"character varying\(\d+\)",
    "boolean": r"boolean",
    "timestamptz": r"timestamp with time zone",
    "numeric": r"numeric\(\d+,6\)",
    "bigint": r"bigint",
    "jsonb": r"jsonb",
}
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


@pytest.mark.parametrize("table", drawn("T", r"table (\w+)"))
def test_table(seeds: SeedCatalog, table: str) -> None:
    assert f"public.{table}" in seeds.tables
    assert seeds.primary_keys[f"public.{table}"]


@pytest.mark.parametrize(
    ("table", "column", "kind", "mark"), drawn("C", r"(\w+)\.(\w+): (\w+)(?: \[(..)\])?")
)
def test_column(seeds: SeedCatalog, table: str, column: str, kind: str, mark: str | None) -> None:
    place = f"public.{table}"
    assert re.fullmatch(DRAWN_TYPES[kind], seeds.columns[f"{place}.{column}"].kind)
    match mark:
        case "PK":
            # A partitioned table's key must hold the partition column too.
            cut = seeds.tables[place].cut
            assert set(seeds.primary_keys[place]) == {column, *(cut[1] if cut else ())}
        case "UK":
            assert seeds.unique(place, column)
        case "FK":
            assert any((each.table, each.columns) == (place, (column,)) for each in seeds.foreign_keys)


@pytest.mark.parametrize(("name", "table", "column"), drawn("X", r"(\w+) on (\w+)\((\w+)\): .*"))
def test_named_index(seeds: SeedCatalog, name: str, table: str, column: str) -> None:
    index = seeds.indexes[f"public.{name}"]
    assert (index.table, index.columns, index.partial) == (f"public.{table}", (column,), None)


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


@pytest.mark.requirement("S0-R05")
def test_settlements_name_buyer_and_seller(seeds: SeedCatalog) -> None:
    for column in ("buyer_id", "seller_id"):
        assert key("settlements", (column,), "users", "CASCADE") in seeds.foreign_keys


@pytest.mark.requirement("S0-R07")
def test_audit_names_its_user_without_a_foreign_key(seeds: SeedCatalog) -> None:
    assert seeds.columns["public.audit_logs.user_id"].kind == "uuid"
    assert all(each.table != "public.audit_logs" for each in seeds.foreign_keys)
    assert seeds.index_starting_with("public.audit_logs", "user_id")


@pytest.mark.parametrize(
    ("identity", "rules"), [case(each, each, DELETE_RULES[each]) for each in DELETE_RULES]
)
def test_delete_rule(seeds: SeedCatalog, identity: str, rules: dict[str, str]) -> None:
    found = {f"{each.table}.{each.columns[0]}": each.on_delete for each in seeds.foreign_keys}
    for column, rule in rules.items():
        assert found[f"public.{column}"] == rule
        assert REQUIREMENTS[identity].endswith(f"ON DELETE {rule}")


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
