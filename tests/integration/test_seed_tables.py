"""Every schema, table and view of the documents, where it is placed and how it is cut."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from gridtokenx_indexer.store.partitions import ensure_partitions_ahead
from gridtokenx_indexer.store.pool import Pool
from tests.support.requirements import read_requirements
from tests.support.rule_world import FOLDER
from tests.support.seed_cases import SCHEMA_OF, case, cases, drawn_columns_of, located, matches
from tests.support.seed_catalog import SeedCatalog

SCHEMAS = {
    "S1-N01": "blockchain",
    "S1-N02": "trading",
    "S1-N03": "grid",
    "S1-N04": "monitoring",
    "S1-N05": "governance",
}
NAMED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "named_tables.toml").read_text(encoding="utf-8"))
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
BOUNDS = r"""
SELECT (regexp_match(text, $$FROM \('([^']+)'\)$$))[1]::timestamptz,
       (regexp_match(text, $$TO \('([^']+)'\)$$))[1]::timestamptz
  FROM (SELECT pg_get_expr(c.relpartbound, c.oid) AS text
          FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE i.inhparent = $1::text::regclass) AS part
"""


def drawn_tables() -> list[tuple[str, str, list[str]]]:
    """Id, table, and the columns drawn in it, as many as the text says where it does."""
    tables = []
    for document in ("S0", *SCHEMA_OF):
        columns = drawn_columns_of(document)
        for identity, found in matches(document, "T", r"table (\w+)(?: \((\d+) columns\))?.*"):
            name, count = found.group(1).lower(), found.group(2)
            drawn = columns.get(name, [])
            assert count in (None, str(len(drawn))), identity
            tables.append(
                (identity, f"public.{name}" if document == "S0" else located(document, name), drawn)
            )
    return [each for each in tables if each[0] not in NAMED]


@pytest.mark.parametrize("schema", cases(SCHEMAS))
def test_schema(seeds: SeedCatalog, schema: str) -> None:
    assert schema in seeds.schemas
    placed = {each["table"] for each in NAMED.values() if each["table"].startswith(f"{schema}.")}
    assert placed
    assert placed <= {*seeds.tables}


@pytest.mark.requirement("S2-N01")
def test_the_relations_of_the_investment_document_are_here(seeds: SeedCatalog) -> None:
    drawn = {located("S2", table) for table in drawn_columns_of("S2")} - {*MONTHLY["S2-P03"]}
    assert len(drawn) == 6
    assert drawn <= {*seeds.tables}
    keys = {(key.table.partition(".")[2], key.referred) for key in seeds.foreign_keys if key.table in drawn}
    assert keys == {
        ("user_profiles", "public.users"),
        ("asset_documents", "investment.assets"),
        ("investments", "public.users"),
        ("investments", "investment.assets"),
        ("revenue_distributions", "investment.assets"),
    }


@pytest.mark.requirement("S1-V01")
def test_version_2_of_the_update_is_complete(seeds: SeedCatalog) -> None:
    update = [each["table"] for identity, each in NAMED.items() if identity.startswith("S1-")]
    assert len(update) == 16
    assert {*update} <= {*seeds.tables}
    for column in ("buyer_id", "seller_id", "grid_fee", "carbon_offset"):
        assert f"trading.trades.{column}" in seeds.columns


@pytest.mark.parametrize(
    ("identity", "table", "columns"),
    [case(identity, identity, each["table"], each["columns"]) for identity, each in NAMED.items()],
)
def test_named_table(seeds: SeedCatalog, identity: str, table: str, columns: list[str]) -> None:
    assert seeds.tables[table].relation in ("table", "partitioned")
    assert seeds.primary_keys[table]
    assert {f"{table}.{column}" for column in columns} <= {*seeds.columns}
    text = read_requirements(identity[:2])[identity]
    assert re.match(rf"(table |governance )?({re.escape(table)}|{table.partition('.')[2]})\b", text)


@pytest.mark.parametrize(("table", "columns"), [case(*each) for each in drawn_tables()])
def test_drawn_table(seeds: SeedCatalog, table: str, columns: list[str]) -> None:
    assert columns
    assert {f"{table}.{column}" for column in columns} <= {*seeds.columns}
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
    assert seeds.tables[table].parts == 8


@pytest.mark.requirement(*MONTHLY)
async def test_each_month_has_a_partition_before_it_comes(pool: Pool) -> None:
    await ensure_partitions_ahead(pool)
    first = await pool.fetchval("SELECT date_trunc('month', now())")
    months = [add_months(first, ahead) for ahead in range(5)]
    for table in (table for tables in MONTHLY.values() for table in tables):
        found = [tuple(row) for row in await pool.fetch(BOUNDS, table)]
        assert {*pairwise(months)} <= {*found}, table
        assert [each for each in found if each[1] != add_months(each[0], 1)] == [], table


@pytest.mark.requirement("S2-P03")
async def test_measurements_of_assets_need_no_partition_of_the_writer(pool: Pool) -> None:
    await ensure_partitions_ahead(pool)
    await pool.execute("INSERT INTO investment.assets (token_id, name) VALUES (1, 'field')")
    for table in MONTHLY["S2-P03"]:
        await pool.execute(
            f"INSERT INTO {table} (time, asset_id) SELECT g, id FROM investment.assets,"
            " generate_series(now(), now() + interval '3 months', interval '1 month') AS g"
        )
        parts = await pool.fetchval(f"SELECT count(DISTINCT tableoid) FROM {table}")
        assert parts == 4, table


def add_months(moment: datetime, months: int) -> datetime:
    """The start of the month so many months later."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1)


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
