"""The large sample as its user makes it: from an empty database by two commands."""

from __future__ import annotations

import pytest

from tests.support.cli import run_cli
from tests.support.plans import misuse, requirements
from tests.support.postgres import query
from tests.support.sample_rules import ahead_of_time, broken_rules
from tests.support.sampling import row_counts

LIMIT_S = 900
DEMANDED = {
    "hosting.miner_telemetry": 1_000_000,
    "public.meter_readings": 100_000,
    "public.trading_orders": 10_000,
}
STATES = {"pending", "active", "partially_filled", "filled", "settled", "cancelled", "expired"}


@pytest.mark.timeout(2 * LIMIT_S)
@pytest.mark.requirement(*requirements())
async def test_the_large_sample_is_whole_coherent_and_served_by_its_indexes(empty_database_url: str) -> None:
    database = ("--database-url", empty_database_url)
    assert (await run_cli(*database, "db", "migrate", limit_s=LIMIT_S)).code == 0
    outcome = await run_cli(*database, "db", "seed", "--scale", "large", limit_s=LIMIT_S)
    assert (outcome.code, outcome.stderr) == (0, ""), outcome
    counts = row_counts(empty_database_url)
    assert {table: counts[table] for table in DEMANDED} == DEMANDED
    assert [table for table, count in counts.items() if not count] == []
    states = {row[0] for row in query(empty_database_url, "SELECT DISTINCT status FROM trading_orders")}
    assert states == STATES
    assert misuse(empty_database_url) == []
    assert broken_rules(empty_database_url) == []
    assert ahead_of_time(empty_database_url) == []
    assert query(empty_database_url, "SELECT count(*) FROM indexer.broken_audit_seals()") == [(0,)]
