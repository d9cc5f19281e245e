"""What the database's own rules cost the bulk paths, beside the same tables without our triggers.

"Without" keeps tables, keys, foreign keys and indexes; the writer does what the triggers did. Both run in
turns in one go, each time on a fresh copy of its database, and the medians are compared.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from gridtokenx_indexer.store.roles import APP, SERVICE, apply_roles
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_cost_world import (
    EPOCH_ID,
    FILL_BY_WRITER,
    MATCH_COLUMNS,
    MATCHES,
    READING_COLUMNS,
    READINGS,
    SETTLEMENT_COLUMNS,
    SETTLEMENTS,
    Row,
    build_world,
    match_rows,
    reading_rows,
    settlement_rows,
)
from tests.support.speed import report

ROUNDS = 5
ALLOWED_COST = 0.10
BATCH = 1_000
"""Readings that one transaction brings in; the notification goes out once per statement."""

Connection = psycopg.Connection[tuple[object, ...]]
DROP_OUR_TRIGGERS = """
DO $$
DECLARE
    ours record;
BEGIN
    FOR ours IN
        SELECT t.tgname, t.tgrelid::regclass AS owner
          FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND t.tgparentid = 0
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', ours.tgname, ours.owner);
    END LOOP;
END
$$
"""


@pytest.fixture(scope="module")
def worlds(postgres: DatabaseServer) -> Iterator[tuple[str, str]]:
    """Names of two databases with the same rows: with our triggers and without."""
    guarded = postgres.create(postgres.template())
    build_world(postgres.url(guarded))
    apply_roles(postgres.url(guarded))
    bare = postgres.create(guarded)
    query(postgres.url(bare), DROP_OUR_TRIGGERS)
    try:
        yield guarded, bare
    finally:
        postgres.drop(guarded)
        postgres.drop(bare)


@contextmanager
def fresh_copy(server: DatabaseServer, world: str, role: str) -> Iterator[Connection]:
    name = server.create(world)
    try:
        with psycopg.connect(server.url(name), autocommit=True, options="-c timezone=UTC") as connection:
            connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())
            yield connection
    finally:
        server.drop(name)


def seconds_in(server: DatabaseServer, world: str, role: str, work: Callable[[Connection], None]) -> float:
    with fresh_copy(server, world, role) as connection:
        started = time.perf_counter()
        work(connection)
        return time.perf_counter() - started


def compare(
    server: DatabaseServer,
    worlds: tuple[str, str],
    guarded: Callable[[Connection], None],
    bare: Callable[[Connection], None],
) -> tuple[float, float]:
    """Median seconds with and without; the order alternates, so that neither always goes first."""
    with_rules: list[float] = []
    without: list[float] = []
    for turn in range(ROUNDS):
        pair = [(worlds[0], guarded, with_rules), (worlds[1], bare, without)]
        for world, work, into in pair if turn % 2 == 0 else reversed(pair):
            into.append(seconds_in(server, world, SERVICE, work))
    return statistics.median(with_rules), statistics.median(without)


def copy(connection: Connection, table: str, columns: str, rows: list[Row]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as stream,
    ):
        stream.write("".join("\t".join(row) + "\n" for row in rows))


def judge(name: str, rows: int, with_rules: float, without: float) -> None:
    cost = with_rules / without - 1
    report(f"{rows:,} {name} inserted", rows / with_rules, f"per s ({100 * cost:+.1f} % for the rules)")
    assert cost <= ALLOWED_COST, f"the rules make {name} {100 * cost:.1f} % slower"


def test_matches(postgres: DatabaseServer, worlds: tuple[str, str]) -> None:
    rows = match_rows()

    def guarded(connection: Connection) -> None:
        with connection.transaction():
            copy(connection, "order_matches", MATCH_COLUMNS, rows)

    def bare(connection: Connection) -> None:
        with connection.transaction():
            copy(connection, "order_matches", MATCH_COLUMNS, rows)
            for statement in FILL_BY_WRITER:
                connection.execute(statement.encode(), {"epoch_id": EPOCH_ID})

    states = "SELECT status, count(*), sum(filled_amount) FROM trading_orders GROUP BY 1 ORDER BY 1"
    outcomes = []
    for world, work in zip(worlds, (guarded, bare), strict=True):
        with fresh_copy(postgres, world, SERVICE) as connection:
            work(connection)
            outcomes.append(connection.execute(states.encode()).fetchall())
    assert outcomes[0] == outcomes[1], "both ways must do the same work"
    judge("matches", MATCHES, *compare(postgres, worlds, guarded, bare))


def test_readings(postgres: DatabaseServer, worlds: tuple[str, str]) -> None:
    rows = reading_rows()
    batches = [rows[at : at + BATCH] for at in range(0, READINGS, BATCH)]

    def guarded(connection: Connection) -> None:
        for batch in batches:
            copy(connection, "meter_readings", READING_COLUMNS, batch)

    def bare(connection: Connection) -> None:
        for batch in batches:
            with connection.transaction():
                copy(connection, "meter_readings", READING_COLUMNS, batch)
                connection.execute("SELECT pg_notify('gridtokenx_readings', '')")

    judge("readings", READINGS, *compare(postgres, worlds, guarded, bare))


def test_settlements(postgres: DatabaseServer, worlds: tuple[str, str]) -> None:
    """No bar: each settlement that enters is traced, and this says what that costs; its steps are not."""
    rows = settlement_rows()
    steps = (
        "UPDATE settlements SET status = 'processing'",
        "UPDATE settlements SET status = 'completed', transaction_hash = 'x', processed_at = now()",
    )

    def enter(connection: Connection) -> None:
        with connection.transaction():
            copy(connection, "settlements", SETTLEMENT_COLUMNS, rows)

    def complete(connection: Connection) -> None:
        enter(connection)
        for step in steps:
            connection.execute(step.encode())

    for name, work in (("entered", enter), ("entered and completed", complete)):
        with_rules, without = compare(postgres, worlds, work, work)
        cost = 100 * (with_rules / without - 1)
        report(f"{SETTLEMENTS:,} settlements {name}", SETTLEMENTS / with_rules, f"per s ({cost:+.0f} %)")


def test_traced_order_updates(postgres: DatabaseServer, worlds: tuple[str, str]) -> None:
    """No bar: a session that is not the daemon pays for its traces, and this says how much."""

    def work(connection: Connection) -> None:
        connection.execute("UPDATE trading_orders SET status = 'cancelled' WHERE seq % 10 = 0")

    orders = (MATCHES + 2) // 10
    traced = statistics.median(seconds_in(postgres, worlds[0], APP, work) for _ in range(3))
    report(f"{orders:,} orders cancelled, each traced", orders / traced, f"per s ({traced:.2f} s)")
