"""Each index that a document names serves the query it is named for: read from the plan, on 100,000 rows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import FOLDER
from tests.support.seed_cases import case

ROWS = (FOLDER / "plan_rows.sql").read_text(encoding="utf-8")
WITHOUT_TRACES = """
DO $$
DECLARE
    traced record;
BEGIN
    FOR traced IN SELECT t.tgrelid::regclass AS name, t.tgname FROM pg_trigger AS t
                   WHERE t.tgfoid = 'indexer.audit_row'::regproc AND t.tgparentid = 0 LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', traced.name, traced.tgname);
    END LOOP;
END
$$;
"""
"""Traces are not what is asked about here, and half a million rows leave as many."""
IDS = {
    "{user}": "SELECT id::text FROM users WHERE username = 'u7'",
    "{proposal}": "SELECT proposal_id::text FROM governance.votes LIMIT 1",
}


def plans() -> Iterator[ParameterSet]:
    content = tomllib.loads((FOLDER / "plans.toml").read_text(encoding="utf-8"))
    for identity, entry in content.items():
        yield case(identity, entry["sql"], entry["index"])


@pytest.fixture(scope="module")
def filled(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as url:
        query(url, WITHOUT_TRACES + ROWS)
        yield url


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("statement", "index"), list(plans()))
def test_the_named_index_serves_its_query(filled: str, statement: str, index: str) -> None:
    for name, lookup in IDS.items():
        if name in statement:
            statement = statement.replace(name, f"'{query(filled, lookup)[0][0]}'")
    ((plan,),) = query(filled, f"EXPLAIN (FORMAT JSON) {statement}")
    found = list(nodes(plan[0]["Plan"]))
    used = [node["Index Name"] for node in found if "Index Name" in node]
    assert any(index in name for name in used), used
    scanned = {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"}
    large = {row[0] for row in query(filled, "SELECT relname FROM pg_class WHERE reltuples > 10000")}
    assert scanned & large == set() or "LIMIT 1)" in statement


@pytest.mark.timeout(300)
@pytest.mark.requirement("S3-O02")
def test_a_page_of_telemetry_costs_the_same_wherever_it_starts(filled: str) -> None:
    page = (
        "SELECT id, recorded_at FROM hosting.miner_telemetry WHERE miner_id = 7 AND (recorded_at, id) <"
        " (%s, %s)"
        " ORDER BY recorded_at DESC, id DESC LIMIT 25"
    )
    seen: list[tuple[Any, ...]] = []
    cursor: tuple[Any, ...] = ("infinity", 2**62)
    while rows := query(filled, page, cursor):
        seen += rows
        cursor = (rows[-1][1], rows[-1][0])
    assert len(seen) == len(set(seen)) == 200
