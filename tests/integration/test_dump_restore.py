"""A copy of a whole database with its rows is the same database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.store.db_verify import verify_database
from tests.support.audit import seal_everything
from tests.support.clients import Clients, package_clients, server_clients
from tests.support.postgres import DatabaseServer, query
from tests.support.sampling import small_sample

TABLES = """
SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p') ORDER BY 1
"""
SEQUENCES = "SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2"
PARTITIONS = """
SELECT i.inhparent::regclass::text, c.oid::regclass::text, pg_get_expr(c.relpartbound, c.oid)
  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid WHERE c.relispartition ORDER BY 1, 2
"""
NEAR = (
    "SELECT id FROM investment.assets WHERE public.earth_box(public.ll_to_earth({0}, {1}), 10000)"
    " @> investment.ll_to_earth(location_lat, location_lon)"
)


@pytest.fixture(scope="module")
def original(postgres: DatabaseServer) -> Iterator[str]:
    """The small sample, its audit trail sealed."""
    with postgres.database() as url:
        small_sample(url, seed=3)
        seal_everything(url)
        yield url


@pytest.fixture(
    scope="module", params=[server_clients, lambda url: package_clients()], ids=["own", "package"]
)
def restored(
    request: pytest.FixtureRequest,
    postgres: DatabaseServer,
    original: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """What the clients make of it in an empty database."""
    choose: Callable[[str], Clients] = request.param
    clients = choose(original)
    file: Path = tmp_path_factory.mktemp("dump") / "all.dump"
    clients.dump(original, file)
    with postgres.database(migrated=False) as url:
        clients.restore(url, file)
        yield url


def fingerprints(url: str) -> dict[str, tuple[object, ...]]:
    """Number and digest of the rows of each table and partition."""
    with psycopg.connect(url) as connection:
        names = [row[0] for row in connection.execute(TABLES).fetchall()]
        return {
            name: connection.execute(
                f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} AS t".encode()
            ).fetchall()[0]
            for name in names
        }


def tried(url: str, statement: str) -> list[tuple[object, ...]]:
    """What a statement answers; nothing of it stays."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(statement.encode()).fetchall()
        connection.rollback()
    return rows


def test_every_row_is_there(original: str, restored: str) -> None:
    rows = fingerprints(original)
    assert fingerprints(restored) == rows
    assert sum(1 for count, _ in rows.values() if count) > 100


def test_verify_is_content_and_seals_hold(restored: str) -> None:
    assert query(restored, "SELECT count(*) > 0 FROM indexer.audit_seals") == [(True,)]
    assert [check for check in verify_database(restored) if not check.ok] == []


def test_numbers_go_on_where_they_were(original: str, restored: str) -> None:
    numbers = query(original, SEQUENCES)
    assert query(restored, SEQUENCES) == numbers
    assert sum(1 for *_, last in numbers if last) >= 5
    lead = "INSERT INTO crm.crm_leads (name) VALUES ('Later') RETURNING id"
    ((newest,),) = query(original, "SELECT max(id) FROM crm.crm_leads")
    assert tried(restored, lead) == [(newest + 1,)]


def test_partitions_are_there_and_more_can_be_made(original: str, restored: str) -> None:
    assert query(restored, PARTITIONS) == query(original, PARTITIONS)
    assert tried(restored, "SELECT indexer.ensure_partition('audit_logs', '2019-05-01')") == [
        ("public.audit_logs_p201905",)
    ]


def test_assets_are_found_near_a_place_by_their_index(restored: str) -> None:
    ((identity, latitude, longitude),) = query(
        restored, "SELECT id, location_lat, location_lon FROM investment.assets ORDER BY id LIMIT 1"
    )
    near = NEAR.format(latitude, longitude)
    assert (identity,) in query(restored, near)
    with psycopg.connect(restored) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = connection.execute(f"EXPLAIN {near}".encode()).fetchall()
    assert "idx_assets_location" in str(plan)
