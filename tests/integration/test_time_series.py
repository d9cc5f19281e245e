"""What applications meet in the tables of time series: the same on native partitions and on hypertables.

`make test-timescale` runs the second kind, on a server that loads TimescaleDB.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from gridtokenx_indexer.store.partitions import ensure_partitions_ahead, missing_partitions
from gridtokenx_indexer.store.pool import create_pool
from gridtokenx_indexer.store.roles import apply_roles
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import Connection
from tests.support.sampling import small_sample
from tests.support.time_series import MODES, TABLES, mode_of, series_database

ASSET = "00000000-0000-0000-000b-000000000001"
SHAPE = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
  FROM pg_attribute AS a WHERE a.attrelid = %s::regclass AND a.attnum > 0 ORDER BY a.attnum
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, i.indisunique,
       regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '')
  FROM pg_index AS i WHERE i.indrelid = %s::regclass ORDER BY 1
"""
CHECKS = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c' ORDER BY 1"
WRITE = 'INSERT INTO investment.energy_production ("time", asset_id, power_kw) VALUES (%s, %s, %s)'

ENSURE = "SELECT indexer.ensure_partition('investment.energy_production', %s::text)"


@pytest.fixture(scope="module", params=MODES)
def series(request: pytest.FixtureRequest, postgres: DatabaseServer) -> Iterator[str]:
    """A database in one of the modes, which the tests of this module share."""
    with series_database(postgres, request.param) as url:
        yield url


@pytest.fixture
def connection(series: str) -> Iterator[Connection]:
    """A transaction that is rolled back; there is room for this month, as the daemon makes it."""
    with psycopg.connect(series, options="-c timezone=UTC") as opened:
        for table in TABLES:
            opened.execute("SELECT indexer.ensure_partition(%s, now())", (table,))
        yield opened
        opened.rollback()


def test_columns_indexes_and_rules_do_not_depend_on_the_mode(series: str) -> None:
    first = [("time", "timestamp with time zone", True), ("asset_id", "uuid", False)]
    assert query(series, SHAPE, (TABLES[0],)) == [
        *first,
        ("power_kw", "numeric(10,2)", False),
        ("voltage", "numeric(6,2)", False),
        ("temperature", "numeric(5,2)", False),
    ]
    assert query(series, SHAPE, (TABLES[1],)) == [
        *first,
        ("temperature", "numeric(5,2)", False),
        ("irradiance", "numeric(7,2)", False),
        ("wind_speed", "numeric(5,2)", False),
    ]
    assert query(series, INDEXES, (TABLES[0],)) == [
        ("investment.energy_production_time_idx", False, 'btree ("time" DESC)'),
        ("investment.idx_production_asset_time", True, 'btree (asset_id, "time" DESC)'),
    ]
    assert query(series, INDEXES, (TABLES[1],)) == [
        ("investment.idx_weather_asset_time", True, 'btree (asset_id, "time" DESC)'),
        ("investment.weather_data_time_idx", False, 'btree ("time" DESC)'),
    ]
    for table in TABLES:
        name = table.partition(".")[2]
        assert query(series, CHECKS, (table,)) == [(f"{name}_numbers_check",), (f"{name}_time_check",)]


def test_a_reading_that_is_sent_twice_is_stored_once(connection: Connection) -> None:
    twice = 'INSERT INTO investment.weather_data ("time", asset_id, temperature) VALUES (now(), %s, %s)'
    connection.execute(twice, (ASSET, 20))
    again = twice + ' ON CONFLICT (asset_id, "time") DO UPDATE SET temperature = excluded.temperature'
    connection.execute(again, (ASSET, 21))
    rows = connection.execute("SELECT temperature FROM investment.weather_data").fetchall()
    assert [int(row[0]) for row in rows] == [21]
    with pytest.raises(psycopg.errors.UniqueViolation, match=r"asset_(id_)?time"):
        connection.execute(twice, (ASSET, 22))


@pytest.mark.parametrize("when", ["2009-02-28 23:59:59.999999+00", "2031-01-01 00:00+00"])
def test_late_and_early_readings_find_room_by_one_call(connection: Connection, when: str) -> None:
    connection.execute(ENSURE, (when,))
    connection.execute(WRITE, (when, ASSET, 1))
    found = connection.execute('SELECT "time" = %s::timestamptz FROM investment.energy_production', (when,))
    assert found.fetchall() == [(True,)]


@pytest.mark.parametrize(
    "when", ["infinity", "-infinity", "1969-12-31 23:59:59+00", "0044-03-15 00:00+00 BC"]
)
def test_impossible_times_are_refused(connection: Connection, when: str) -> None:
    with pytest.raises(psycopg.Error) as refused, connection.transaction():
        connection.execute(WRITE, (when, ASSET, 1))
    assert refused.value.sqlstate in ("23514", "22008")
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="holds nothing at"):
        connection.execute(
            "SELECT indexer.ensure_partition('investment.energy_production', %s::text)", (when,)
        )


def test_a_reading_that_is_no_number_is_refused(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="energy_production_numbers_check"):
        connection.execute(WRITE, ("now", ASSET, "NaN"))


def test_the_newest_reading_of_an_asset_comes_from_the_index(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO investment.energy_production SELECT date_trunc('month', now()) + g * interval '1 min',"
        " ('00000000-0000-0000-000b-' || lpad((g % 50)::text, 12, '0'))::uuid, 1, 1, 1"
        " FROM generate_series(1, 20000) AS g"
    )
    connection.execute("ANALYZE investment.energy_production")
    newest = (
        'SELECT power_kw FROM investment.energy_production WHERE asset_id = %s ORDER BY "time" DESC LIMIT 1'
    )
    plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {newest}".encode(), (ASSET,)).fetchall())
    assert "Index Scan using" in plan
    assert "asset_id_time_idx" in plan or "idx_production_asset_time" in plan


def test_rows_are_copied_in_and_deleted_again(connection: Connection) -> None:
    copy = 'COPY investment.energy_production ("time", asset_id, power_kw) FROM STDIN'
    ((start,),) = connection.execute("SELECT date_trunc('month', now())").fetchall()
    with connection.cursor().copy(copy) as target:
        for minute in range(100):
            target.write_row((start + timedelta(minutes=minute), ASSET, minute))
    count = "SELECT count(*), sum(power_kw)::int FROM investment.energy_production"
    assert connection.execute(count).fetchall() == [(100, 4950)]
    gone = connection.execute("DELETE FROM investment.energy_production WHERE power_kw >= 50")
    assert gone.rowcount == 50


async def test_the_planner_leaves_hypertables_to_timescaledb(series: str) -> None:
    pool = await create_pool(series, application_name="gridtokenx-test", max_size=2)
    try:
        planned = {partition.table for partition in await missing_partitions(pool)}
        assert planned.issuperset(TABLES) == (mode_of(series) == "native")
        assert planned.isdisjoint(TABLES) == (mode_of(series) == "timescaledb")
        assert "hosting.miner_telemetry" in planned
        assert await ensure_partitions_ahead(pool) > 0
        assert await missing_partitions(pool) == ()
    finally:
        await pool.close()


def test_the_sample_fills_both_tables_for_readers_and_writers(postgres: DatabaseServer, series: str) -> None:
    with series_database(postgres, mode_of(series)) as url:
        counts = small_sample(url, seed=1)
        apply_roles(url)
        with psycopg.connect(url, autocommit=True) as application:
            application.execute("SET SESSION AUTHORIZATION gridtokenx_app")
            for table in TABLES:
                application.execute(f'INSERT INTO {table} ("time") VALUES (now())'.encode())
                found = application.execute(f"SELECT count(*) FROM {table}".encode())
                assert found.fetchall() == [(counts[table] + 1,)]
        assert query(url, "SELECT count(*) > 0 FROM hosting.api_telemetry_30min") == [(True,)]
