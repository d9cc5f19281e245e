"""The `public` schema has every table, column, index, key and delete rule of the gateway document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from _pytest.mark.structures import ParameterSet

from tests.support.catalog import Catalog, ForeignKey, read_catalog
from tests.support.postgres import DatabaseServer
from tests.support.requirements import read_requirements

REQUIREMENTS = read_requirements("S0")
DRAWN_TYPES = {
    "uuid": "uuid",
    "varchar": "character varying",
    "boolean": "boolean",
    "timestamptz": "timestamp with time zone",
    "numeric": "numeric",
    "bigint": "bigint",
    "jsonb": "jsonb",
}
RELATIONSHIPS = {
    "S0-R01": ForeignKey("meter_registry", ("user_id",), "users", "CASCADE"),
    "S0-R02": ForeignKey("meter_readings", ("user_id",), "users", "SET NULL"),
    "S0-R03": ForeignKey("trading_orders", ("user_id",), "users", "CASCADE"),
    "S0-R04": ForeignKey("erc_certificates", ("user_id",), "users", "SET NULL"),
    "S0-R06": ForeignKey("user_activities", ("user_id",), "users", "SET NULL"),
    "S0-R08": ForeignKey("blockchain_transactions", ("user_id",), "users", "SET NULL"),
    "S0-R09": ForeignKey("meter_readings", ("meter_id",), "meter_registry", "SET NULL"),
    "S0-R10": ForeignKey("meter_registry", ("verified_by",), "users", "SET NULL"),
    "S0-R11": ForeignKey(
        "minting_retry_queue", ("reading_id", "reading_timestamp"), "meter_readings", "SET NULL"
    ),
    "S0-R12": ForeignKey("trading_orders", ("epoch_id",), "market_epochs", "SET NULL"),
    "S0-R13": ForeignKey("order_matches", ("epoch_id",), "market_epochs", "RESTRICT"),
    "S0-R14": ForeignKey("settlements", ("epoch_id",), "market_epochs", "RESTRICT"),
    "S0-R15": ForeignKey("order_matches", ("buy_order_id",), "trading_orders", "CASCADE"),
    "S0-R16": ForeignKey("order_matches", ("sell_order_id",), "trading_orders", "CASCADE"),
    "S0-R17": ForeignKey("order_matches", ("settlement_id",), "settlements", "SET NULL"),
    "S0-R18": ForeignKey("erc_certificate_transfers", ("certificate_id",), "erc_certificates", "CASCADE"),
    "S0-R19": ForeignKey("erc_certificate_transfers", ("from_user_id",), "users", "SET NULL"),
    "S0-R20": ForeignKey("erc_certificate_transfers", ("to_user_id",), "users", "SET NULL"),
}
DELETE_RULES = {
    "S0-K01": {"meter_registry.user_id": "CASCADE"},
    "S0-K02": {"meter_readings.user_id": "SET NULL"},
    "S0-K03": {"meter_readings.meter_id": "SET NULL"},
    "S0-K04": {"trading_orders.user_id": "CASCADE"},
    "S0-K05": {"settlements.buyer_id": "CASCADE", "settlements.seller_id": "CASCADE"},
}


def of_kind(kind: str, pattern: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Runs a test once per requirement of a kind, with the parts of its text."""
    cases = []
    for identity, text in REQUIREMENTS.items():
        if re.fullmatch(rf"S0-{kind}\d+", identity):
            parts = re.match(pattern, text)
            assert parts is not None, identity
            cases.append(pytest.param(*parts.groups(), id=identity, marks=pytest.mark.requirement(identity)))
    assert cases
    names = re.findall(r"\(\?P<(\w+)>", pattern)
    return pytest.mark.parametrize(names, cases)


def by_requirement(cases: Mapping[str, object]) -> list[ParameterSet]:
    return [
        pytest.param(identity, expected, id=identity, marks=pytest.mark.requirement(identity))
        for identity, expected in cases.items()
    ]


@pytest.fixture(scope="module")
def catalog(postgres: DatabaseServer) -> Iterator[Catalog]:
    with postgres.database() as url:
        yield read_catalog(url)


@of_kind("T", r"table (?P<table>\w+)")
def test_table(catalog: Catalog, table: str) -> None:
    assert table in catalog.tables
    assert catalog.primary_keys[table]


@of_kind("C", r"(?P<table>\w+)\.(?P<column>\w+): (?P<kind>\w+)(?P<key> \[PK\]| \[UK\]| \[FK\])?")
def test_column(catalog: Catalog, table: str, column: str, kind: str, key: str | None) -> None:
    assert catalog.columns[table, column] == DRAWN_TYPES[kind]
    match key:
        case " [PK]":
            # A partitioned table's key must hold the partition column too.
            assert column in catalog.primary_keys[table]
            assert set(catalog.primary_keys[table]) <= {column, "timestamp", "slot"}
        case " [UK]":
            assert (table, (column,)) in catalog.unique_keys
        case " [FK]":
            assert any((each.table, each.columns) == (table, (column,)) for each in catalog.foreign_keys)


@of_kind("X", r"(?P<name>\w+) on (?P<table>\w+)\((?P<column>\w+)\)")
def test_named_index(catalog: Catalog, name: str, table: str, column: str) -> None:
    assert catalog.indexes[name] == (table, (column,))


@of_kind("U", r"(?P<table>\w+)\.(?P<column>\w+) unique")
def test_unique_key(catalog: Catalog, table: str, column: str) -> None:
    assert (table, (column,)) in catalog.unique_keys


@pytest.mark.parametrize(("identity", "key"), by_requirement(RELATIONSHIPS))
def test_relationship(catalog: Catalog, identity: str, key: ForeignKey) -> None:
    assert {key.table, key.referred} == set(re.findall(r"[a-z_]{5,}", REQUIREMENTS[identity].split('"')[0]))
    assert key in catalog.foreign_keys


@pytest.mark.requirement("S0-R05")
def test_settlements_name_buyer_and_seller(catalog: Catalog) -> None:
    for column in ("buyer_id", "seller_id"):
        assert ForeignKey("settlements", (column,), "users", "CASCADE") in catalog.foreign_keys


@pytest.mark.requirement("S0-R07")
def test_audit_names_its_user_without_a_foreign_key(catalog: Catalog) -> None:
    assert catalog.columns["audit_logs", "user_id"] == "uuid"
    assert all(key.table != "audit_logs" for key in catalog.foreign_keys)
    assert ("audit_logs", ("user_id", "created_at")) in catalog.indexes.values()


@pytest.mark.parametrize(("identity", "rules"), by_requirement(DELETE_RULES))
def test_delete_rule(catalog: Catalog, identity: str, rules: dict[str, str]) -> None:
    found = {f"{key.table}.{key.columns[0]}": key.on_delete for key in catalog.foreign_keys}
    assert {column: found[column] for column in rules} == rules
    assert all(REQUIREMENTS[identity].endswith(f"ON DELETE {rule}") for rule in rules.values())


def test_deletions_find_referring_rows_by_index(catalog: Catalog) -> None:
    # Rows of market_epochs stay: zones, matches and settlements restrict their deletion.
    indexed = catalog.indexes.values()
    bare = [
        key
        for key in catalog.foreign_keys
        if key.referred != "market_epochs"
        and not any(
            table == key.table and columns[: len(key.columns)] == key.columns for table, columns in indexed
        )
    ]
    assert bare == []


def test_solana_addresses_and_signatures_fit(catalog: Catalog) -> None:
    for (table, column), width in catalog.widths.items():
        if column.endswith(("wallet", "wallet_address")):
            assert width == 44, f"{table}.{column}"
        if column.endswith(("signature", "transaction_hash")):
            assert width == 88, f"{table}.{column}"
    assert ("settlements", "transaction_hash") in catalog.widths
