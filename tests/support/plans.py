"""Which index serves which query, asked of the planner."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FOLDER = Path(__file__).parent
LARGE_ROWS = 10_000
"""A table of so many rows is never read whole for a query that an index is for."""
PARTS = """
SELECT c.relname
  FROM unnest(%s::regclass[]) AS named (index)
  LEFT JOIN LATERAL pg_partition_tree(named.index) AS t ON true
  JOIN pg_class AS c ON c.oid = coalesce(t.relid, named.index)
"""
"""The named indexes and what they consist of where the table is partitioned."""
LARGE = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND reltuples > %s"

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    proves: tuple[str, ...]
    indexes: tuple[str, ...]
    query: str


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "plans.toml").read_text(encoding="utf-8"))


@cache
def plans() -> tuple[Plan, ...]:
    usage = tomllib.loads((FOLDER / "usage_queries.toml").read_text(encoding="utf-8"))["queries"]
    return tuple(
        Plan(tuple(one["proves"]), tuple(one["index"]), one.get("sql") or usage[one["usage"]])
        for one in _content()["plan"]
    )


def requirements() -> list[str]:
    """Every id that some plan proves."""
    return sorted({identity for plan in plans() for identity in plan.proves})


def misuse(url: str) -> list[str]:
    """What does not use the index that it is for, with what it does instead; none is the good answer."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = {name: _literal(connection, query) for name, query in _content()["lookups"].items()}
        large = {row[0] for row in connection.execute(LARGE, (LARGE_ROWS,)).fetchall()}
        return [line for plan in plans() if (line := _misused(connection, plan, found, large)) is not None]


def _literal(connection: Connection, query: str) -> str:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None, query
    return sql.Literal(str(row[0])).as_string(connection)


def _misused(connection: Connection, plan: Plan, found: dict[str, str], large: set[str]) -> str | None:
    query = plan.query
    for name, literal in found.items():
        query = query.replace(f"{{{name}}}", literal)
    explained = connection.execute(f"EXPLAIN (VERBOSE, FORMAT JSON) {query}".encode()).fetchone()
    assert explained is not None
    nodes = list(_nodes(explained[0][0]["Plan"]))
    named = {row[0] for row in connection.execute(PARTS, (list(plan.indexes),)).fetchall()}
    used = [node["Index Name"] for node in nodes if "Index Name" in node]
    whole = {f"{node['Schema']}.{node['Relation Name']}" for node in nodes if node["Node Type"] == "Seq Scan"}
    if named.intersection(used) and not whole.intersection(large):
        return None
    return f"{plan.proves} wants {plan.indexes}, uses {used}, reads {sorted(whole)}: {json.dumps(query)}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
