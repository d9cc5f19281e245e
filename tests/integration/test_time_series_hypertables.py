"""What only hypertables do; `make test-timescale` runs this on a server that loads TimescaleDB."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from gridtokenx_indexer.store.db_verify import verify_database
from tests.support.postgres import DatabaseServer, query
from tests.support.time_series import TABLES, series_database

pytestmark = pytest.mark.timescale
ROW = (
    'INSERT INTO investment.energy_production ("time", asset_id, power_kw) VALUES (%s, gen_random_uuid(), 1)'
)


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with series_database(postgres, "timescaledb") as made:
        yield made


def test_the_two_tables_and_no_others_are_hypertables_by_time(url: str) -> None:
    made = query(
        url,
        "SELECT hypertable_schema || '.' || hypertable_name, column_name, dimension_type"
        " FROM timescaledb_information.dimensions ORDER BY 1",
    )
    assert made == [(table, "time", "Time") for table in TABLES]
    cut = "SELECT table_name FROM indexer.partition_policies WHERE kind = 'hypertable' ORDER BY 1"
    assert query(url, cut) == [(table,) for table in TABLES]


def test_chunks_appear_without_being_asked_for(url: str) -> None:
    chunks = "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'energy_production'"
    ((before,),) = query(url, chunks)
    for when in ("2009-02-28 12:00+00", "2031-06-01 12:00+00"):
        query(url, ROW, (when,))
    assert query(url, chunks) == [(before + 2,)]
    plan = query(
        url, "EXPLAIN SELECT * FROM investment.energy_production WHERE \"time\" < '2010-01-01 00:00+00'"
    )
    assert len(set(re.findall(r"_hyper_\d+_\d+_chunk", str(plan)))) == 1


def test_the_mode_stays(url: str) -> None:
    for statement in (
        "UPDATE indexer.settings SET value = '\"native\"' WHERE key = 'timeseries_mode'",
        "UPDATE indexer.partition_policies SET kind = 'month' WHERE kind = 'hypertable'",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation):
            query(url, statement)


def test_verification_knows_hypertables(url: str) -> None:
    query(url, ROW, ("2025-01-01 00:00+00",))
    assert [check for check in verify_database(url) if not check.ok] == []
