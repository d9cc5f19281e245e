"""Every schema, table and view of the later documents, where it is placed and how it is cut."""

from __future__ import annotations

import pytest

from tests.support.requirements import read_requirements
from tests.support.seed_cases import SCHEMA_OF, case, cases, located, matches
from tests.support.seed_catalog import SeedCatalog

SCHEMAS = {
    "S1-N01": "blockchain",
    "S1-N02": "trading",
    "S1-N03": "grid",
    "S1-N04": "monitoring",
    "S1-N05": "governance",
}
NAMED_TABLES = {
    identity: text
    for identity, text in read_requirements("S1").items()
    if identity.startswith("S1-T") and "." in text
}
VIEWS = {"investment.users", "hosting.users", "community.users", "community.audit_logs"}
MONTHLY = {
    "S1-P01": ("monitoring.system_metrics", "monitoring.transaction_metrics", "monitoring.grid_health"),
    "S2-P03": ("investment.energy_production", "investment.weather_data"),
    "S3-A01": ("hosting.miner_telemetry",),
    "S4-P01": ("public.audit_logs",),
    "S4-P02": ("community.notifications",),
    "S4-P03": ("community.transactions",),
}
TIME_COLUMN = {"monitoring": "recorded_at", "investment": "time", "hosting": "recorded_at"}
HASHED = {"S4-P04": "governance.votes", "S4-P05": "governance.comments"}


def drawn_tables() -> list[tuple[str, str]]:
    return [
        (identity, located(document, found.group(1)))
        for document in SCHEMA_OF
        for identity, found in matches(document, "T", r"table (\w+).*")
    ]


@pytest.mark.parametrize("schema", cases(SCHEMAS))
def test_schema(seeds: SeedCatalog, schema: str) -> None:
    assert schema in seeds.schemas
    assert any(name.startswith(f"{schema}.") for name in seeds.tables)


@pytest.mark.requirement("S1-V01")
def test_version_2_of_the_update_is_complete(seeds: SeedCatalog) -> None:
    assert len(NAMED_TABLES) == 14
    assert set(NAMED_TABLES.values()) <= set(seeds.tables)
    for column in ("buyer_id", "seller_id", "grid_fee", "carbon_offset"):
        assert f"trading.trades.{column}" in seeds.columns


@pytest.mark.parametrize("table", cases(NAMED_TABLES))
def test_named_table(seeds: SeedCatalog, table: str) -> None:
    assert seeds.tables[table].relation in ("table", "partitioned")
    assert seeds.primary_keys[table]


@pytest.mark.parametrize("table", cases({"S1-T15": "governance.proposals", "S1-T16": "governance.votes"}))
def test_governance_table(seeds: SeedCatalog, table: str) -> None:
    assert seeds.tables[table].relation in ("table", "partitioned")


@pytest.mark.parametrize("table", [case(*each) for each in drawn_tables()])
def test_drawn_table(seeds: SeedCatalog, table: str) -> None:
    relation = seeds.tables[table].relation
    if table in VIEWS:
        assert relation == "view"
    else:
        assert relation in ("table", "partitioned")
        assert table in seeds.primary_keys or table in MONTHLY["S2-P03"]


@pytest.mark.parametrize("tables", [case(identity, tables) for identity, tables in MONTHLY.items()])
def test_cut_by_month(seeds: SeedCatalog, tables: tuple[str, ...]) -> None:
    for table in tables:
        time_column = TIME_COLUMN.get(table.partition(".")[0], "created_at")
        assert seeds.tables[table].cut == ("range", (time_column,))
        assert seeds.partition_kinds[table] == "month"


@pytest.mark.parametrize("table", cases(HASHED))
def test_cut_by_hash_of_the_proposal(seeds: SeedCatalog, table: str) -> None:
    assert seeds.tables[table].cut == ("hash", ("proposal_id",))


def test_further_tables_that_grow_are_cut_by_time(seeds: SeedCatalog) -> None:
    for table in ("public.meter_readings", "public.user_activities", "hosting.telemetry_30min"):
        assert seeds.tables[table].cut is not None
        assert seeds.partition_kinds[table] == "month"


def test_every_range_partitioned_table_has_a_policy(seeds: SeedCatalog) -> None:
    ranged = {name for name, table in seeds.tables.items() if table.cut and table.cut[0] == "range"}
    # Itself a partition, of the list of live and closed items.
    assert set(seeds.partition_kinds) - ranged == {"indexer.tx_attempt_items_closed"}
    assert ranged <= set(seeds.partition_kinds)


def test_every_view_for_readers_says_what_it_is(seeds: SeedCatalog) -> None:
    views = {name: table.comment for name, table in seeds.tables.items() if table.relation == "view"}
    assert len([name for name in views if ".api_" in name]) >= 20
    assert [name for name, comment in views.items() if not comment] == []


def test_no_view_for_readers_names_a_secret(seeds: SeedCatalog) -> None:
    secrets = {"password_hash", "two_factor_secret", "document_number"}
    exposed = [name for name in seeds.columns if ".api_" in name and name.rpartition(".")[2] in secrets]
    assert exposed == []
