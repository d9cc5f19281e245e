"""Old partitions of every table leave whole, whatever points into them, and only for their owner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from gridtokenx_indexer.store.roles import APP, READER, SERVICE, apply_roles
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import WORLD, Connection

OLD_ROWS = (Path(__file__).parents[1] / "support" / "old_rows.sql").read_text(encoding="utf-8")
OLD_PARTITIONS = """
SELECT p.table_name, p.table_name || '_p' || CASE
         WHEN p.counts = 'epoch' THEN '202003000000' WHEN p.kind = 'slot' THEN '0'
         WHEN p.kind = 'month' THEN '202003'
         ELSE (indexer.window_of('2020-03-05') / p.step * p.step)::text END
  FROM indexer.partition_policies AS p ORDER BY p.table_name = 'indexer.tx_attempts', 1
"""
POINTING_IN = """
SELECT DISTINCT k.conrelid::regclass::text, k.confrelid::regclass::text, k.confdeltype::text
  FROM pg_constraint AS k JOIN indexer.partition_policies AS p ON to_regclass(p.table_name) = k.confrelid
 WHERE k.contype = 'f' AND k.conparentid = 0
"""


@pytest.fixture(scope="module")
def old_url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as url:
        query(url, WORLD)
        query(url, OLD_ROWS)
        apply_roles(url)
        yield url


@pytest.fixture
def connection(old_url: str) -> Iterator[Connection]:
    with psycopg.connect(old_url, options="-c timezone=UTC") as opened:
        yield opened
        opened.rollback()


def count(connection: Connection, table: str) -> int:
    name = sql.Identifier(*table.split("."))
    (row,) = connection.execute(sql.SQL("SELECT count(*)::integer FROM {}").format(name)).fetchall()
    assert isinstance(row[0], int)
    return row[0]


def drop(connection: Connection, partition: str) -> int:
    (row,) = connection.execute("SELECT indexer.drop_partition(%s)::integer", (partition,)).fetchall()
    assert isinstance(row[0], int)
    return row[0]


def old_partitions(connection: Connection) -> dict[str, str]:
    found = connection.execute(OLD_PARTITIONS.encode()).fetchall()
    return {str(table): str(partition) for table, partition in found}


def test_an_old_partition_of_every_table_can_be_dropped(connection: Connection) -> None:
    # The audit trail has its own condition, tested with its seals; its first partition is of today.
    partitions = old_partitions(connection)
    assert partitions.pop("public.audit_logs") == "public.audit_logs_p202003"
    stays = "users", "settlements", "trading.trades", "indexer.tx_attempt_items", "minting_retry_queue"
    before = {table: count(connection, table) for table in (*partitions, *stays)}
    for table, partition in partitions.items():
        held = count(connection, partition)
        assert held > 0, f"{partition} has no row to lose"
        assert drop(connection, partition) == held
        assert count(connection, table) == before[table] - held
    left = "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
    assert connection.execute(left.encode(), ([*partitions.values()],)).fetchall() == []
    recorded = "SELECT partition_name FROM indexer.dropped_partitions WHERE row_count > 0"
    assert {row[0] for row in connection.execute(recorded.encode()).fetchall()} == {*partitions.values()}
    for table in ("users", "settlements", "trading.trades"):
        assert count(connection, table) == before[table]


@pytest.mark.requirement("S1-K02")
def test_trades_outlive_the_leaves_that_they_were_written_for(connection: Connection) -> None:
    drop(connection, "indexer.trade_leaves_p202003000000")
    query_trade = "SELECT count(*) FROM trading.trades WHERE epoch_number = 202003050000"
    assert connection.execute(query_trade.encode()).fetchall() == [(1,)]
    connection.execute("UPDATE trading.trades SET carbon_offset = 1 WHERE epoch_number = 202003050000")
    with pytest.raises(psycopg.errors.ForeignKeyViolation) as caught, connection.transaction():
        connection.execute(
            "INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value,"
            " executed_at, epoch_number, trade_index)"
            " SELECT buyer_id, seller_id, 1, 1, 1, now(), epoch_number, 1 FROM trading.trades"
            " WHERE epoch_number = 202003050000"
        )
    assert caught.value.diag.constraint_name == "trades_leaf_published"


def test_operations_lose_the_name_of_a_dropped_reading_and_nothing_else(connection: Connection) -> None:
    work = (
        "SELECT to_jsonb(q) - 'reading_id' - 'reading_timestamp' - 'updated_at'"
        " FROM minting_retry_queue AS q ORDER BY 1"
    )
    before = connection.execute(work.encode()).fetchall()
    drop(connection, "public.meter_readings_p202003")
    assert connection.execute(work.encode()).fetchall() == before
    named = "SELECT reading_timestamp::date::text FROM minting_retry_queue WHERE reading_id IS NOT NULL"
    assert connection.execute(named.encode()).fetchall() == [("2026-01-01",)]


def test_attempts_stay_while_an_item_names_them_and_take_their_proofs_along(connection: Connection) -> None:
    with (
        pytest.raises(psycopg.errors.ForeignKeyViolation, match="tx_attempt_items"),
        connection.transaction(),
    ):
        drop(connection, "indexer.tx_attempts_p0")
    assert count(connection, "indexer.tx_death_certificates") == 1
    drop(connection, "indexer.tx_attempt_items_closed_p0")
    drop(connection, "indexer.tx_attempts_p0")
    assert count(connection, "indexer.tx_death_certificates") == 0


def test_what_points_into_partitions_is_known(connection: Connection) -> None:
    assert set(connection.execute(POINTING_IN.encode()).fetchall()) == {
        ("minting_retry_queue", "meter_readings", "n"),
        ("indexer.tx_attempt_items", "indexer.tx_attempts", "a"),
        ("indexer.tx_death_certificates", "indexer.tx_attempts", "c"),
    }


@pytest.mark.parametrize("role", [APP, SERVICE, READER])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT indexer.drop_partition('public.meter_readings_p202003')",
        "DROP TABLE public.meter_readings_p202003",
        "ALTER TABLE public.meter_readings DETACH PARTITION public.meter_readings_p202003",
        "INSERT INTO indexer.dropped_partitions (table_name, partition_name, bounds, row_count)"
        " VALUES ('t', 'p', '', 0)",
    ],
)
def test_only_the_owner_drops(connection: Connection, role: str, statement: str) -> None:
    connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())
