"""The statements for hypertables on a server without TimescaleDB: a stand-in records what it is asked for.

What only the extension itself does, `make test-timescale` asks of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.migration_files import shipped_directory
from gridtokenx_indexer.store.partitions import missing_partitions
from gridtokenx_indexer.store.pool import create_pool
from tests.support.postgres import query
from tests.support.rule_world import FOLDER
from tests.support.sampling import write_sample
from tests.support.time_series import TABLES

STAND_IN = (FOLDER / "hypertable_stand_in.sql").read_text(encoding="utf-8")
INDEXES = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = ANY (%s::regclass[]) ORDER BY 1"


def hypertable_mode(url: str, folder: Path) -> None:
    """Migrates with hypertables chosen behind the back of the first migration, which wants the extension."""
    for file in sorted(shipped_directory().glob("*.sql")):
        if file.name < "0037":
            shutil.copy(file, folder)
    migrate(url, directory=folder)
    query(url, STAND_IN)
    migrate(url)


def test_the_seeds_statements_make_the_tables(empty_database_url: str, tmp_path: Path) -> None:
    hypertable_mode(empty_database_url, tmp_path)
    assert query(empty_database_url, "SELECT relation, time_column_name FROM asked") == [
        (table, "time") for table in TABLES
    ]
    assert query(empty_database_url, INDEXES, (list(TABLES),)) == [
        ("investment.energy_production_time_idx",),
        ("investment.idx_production_asset_time",),
        ("investment.idx_weather_asset_time",),
        ("investment.weather_data_time_idx",),
    ]


async def test_writers_need_no_partitions_and_get_none(empty_database_url: str, tmp_path: Path) -> None:
    hypertable_mode(empty_database_url, tmp_path)
    for table in TABLES:
        for when in ("2009-02-28", "2031-01-01"):
            ensure = "SELECT indexer.ensure_partition(%s, %s::timestamptz)"
            assert query(empty_database_url, ensure, (table, when)) == [(table,)]
        assert query(empty_database_url, "SELECT indexer.ensure_partitions_ahead(%s, now())", (table,)) == [
            (0,)
        ]
    pool = await create_pool(empty_database_url, application_name="gridtokenx-test", max_size=2)
    try:
        planned = {partition.table for partition in await missing_partitions(pool)}
    finally:
        await pool.close()
    assert planned.isdisjoint(TABLES)
    assert "hosting.miner_telemetry" in planned
    counts = await write_sample(empty_database_url)
    assert query(empty_database_url, f"SELECT count(*) FROM {TABLES[0]}") == [(counts[TABLES[0]],)]
