"""Each index that a document names serves the query it is named for: read from the plan, on 100,000 rows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.plans import FOLDER, misuse, requirements
from tests.support.postgres import query


@pytest.mark.timeout(600)
@pytest.mark.requirement(*requirements())
def test_every_named_index_serves_its_query(database_url: str) -> None:
    query(database_url, (FOLDER / "plan_rows.sql").read_text(encoding="utf-8"))
    assert misuse(database_url) == []


@pytest.mark.requirement("S3-O02")
def test_a_page_of_telemetry_costs_the_same_wherever_it_starts(database_url: str) -> None:
    query(
        database_url,
        "INSERT INTO hosting.hosting_sites (name) VALUES ('s');"
        "INSERT INTO hosting.miner_models (name, hashrate, power_consumption) VALUES ('m', 100, 3000);"
        "INSERT INTO hosting.hosting_miners (serial_number, miner_model_id, site_id)"
        " SELECT 'M-' || g, 1, 1 FROM generate_series(1, 50) AS g;"
        "SELECT indexer.ensure_partition('hosting.miner_telemetry', now() - k * interval '1 month')"
        " FROM generate_series(0, 1) AS k;"
        "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, recorded_at)"
        " SELECT 1 + g % 50, 100, now() - g / 50 * interval '10 min' FROM generate_series(0, 9999) AS g;"
        "ANALYZE hosting.miner_telemetry",
    )
    page = (
        "SELECT id, recorded_at FROM hosting.miner_telemetry WHERE miner_id = 7 AND (recorded_at, id) <"
        " (%s, %s)"
        " ORDER BY recorded_at DESC, id DESC LIMIT 25"
    )
    seen: list[tuple[Any, ...]] = []
    cursor: tuple[Any, ...] = ("infinity", 2**62)
    while rows := query(database_url, page, cursor):
        seen += rows
        cursor = (rows[-1][1], rows[-1][0])
    assert len(seen) == len(set(seen)) == 200
    ((plan,),) = query(database_url, f"EXPLAIN (FORMAT JSON) {page}", ("infinity", 2**62))
    assert "miner_id_recorded_at_idx" in str(plan)
