"""What each database role may and may not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store import roles
from gridtokenx_indexer.store.roles import APP, OWNER, READER, SERVICE, apply_roles, shipped_grants
from gridtokenx_indexer.store.sync_connection import connect
from tests.support.postgres import DatabaseServer, query

REFUSED = psycopg.errors.InsufficientPrivilege


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as made:
        apply_roles(made)
        yield made


@contextmanager
def acting_as(url: str, role: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of that role; whatever it does is rolled back."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(role)))
        yield connection
        connection.rollback()


def test_every_column_is_on_one_of_the_two_lists(url: str) -> None:
    with connect(url, application_name="test") as connection:
        tables = roles.table_columns(connection, shipped_grants())
    assert roles.unlisted(tables, shipped_grants()) == []
    assert roles.missing(tables, shipped_grants()) == []


def test_applying_again_changes_nothing(url: str) -> None:
    acl = "SELECT oid, relacl::text, relowner FROM pg_class ORDER BY oid"
    before = query(url, acl)
    apply_roles(url)
    assert query(url, acl) == before


def test_reader_reads_every_listed_column_and_no_secret(url: str) -> None:
    grants = shipped_grants()
    with acting_as(url, READER) as connection:
        for table, columns in grants.readable.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            connection.execute(
                sql.SQL("SELECT {} FROM {} LIMIT 0").format(names, sql.Identifier(*table.split(".")))
            )
    for table, columns in grants.withheld.items():
        for column in columns:
            with acting_as(url, READER) as connection, pytest.raises(REFUSED):
                connection.execute(
                    sql.SQL("SELECT {} FROM {}").format(
                        sql.Identifier(column), sql.Identifier(*table.split("."))
                    )
                )


@pytest.mark.parametrize("role", [READER, APP, SERVICE])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT indexer.set_market_clock_offset(1)",
        "UPDATE indexer.settings SET value = '1' WHERE key = 'market_clock_offset_ms'",
        "CREATE TABLE public.own (id int)",
        "INSERT INTO audit_logs (action) VALUES ('forged')",
        "DELETE FROM _sqlx_migrations",
        "DROP TABLE users",
        "SELECT indexer.attach_partition('meter_readings', 'x', '2000-01-01', '2001-01-01')",
    ],
)
def test_only_the_owner_may(url: str, role: str, statement: str) -> None:
    with acting_as(url, role) as connection, pytest.raises(REFUSED):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET email = 'x'",
        "INSERT INTO users (email) VALUES ('x')",
        "DELETE FROM meter_readings",
        "SELECT indexer.ensure_partition('meter_readings', now())",
    ],
)
def test_reader_only_reads(url: str, statement: str) -> None:
    with acting_as(url, READER) as connection, pytest.raises(REFUSED):
        connection.execute(statement)


def test_an_application_writes_its_part(url: str) -> None:
    with acting_as(url, APP) as connection:
        connection.execute("SELECT indexer.ensure_partition('meter_readings', now())")
        connection.execute("INSERT INTO users (email) VALUES ('ann@example.org')")
        connection.execute("INSERT INTO meter_registry (user_id, meter_serial) SELECT id, 'SN-1' FROM users")
        connection.execute(
            "INSERT INTO meter_readings (meter_id, timestamp, energy_generated)"
            " SELECT id, now(), 1 FROM meter_registry"
        )
        connection.execute(
            "INSERT INTO trading_orders (user_id, order_type, energy_amount, price_per_kwh)"
            " SELECT id, 'buy', 1, 3 FROM users"
        )
        connection.execute("UPDATE trading_orders SET status = 'cancelled'")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meter_readings SET minted = true",
        "UPDATE meter_readings SET blockchain_status = 'minted'",
        "UPDATE trading_orders SET filled_amount = 1",
        "UPDATE trading_orders SET epoch_id = NULL",
        "INSERT INTO trading_orders (seq) OVERRIDING SYSTEM VALUE VALUES (1)",
        "UPDATE market_epochs SET clearing_price = 1",
        "INSERT INTO blockchain_events (slot) VALUES (1)",
        "UPDATE minting_retry_queue SET status = 'done'",
        "SELECT password_hash FROM users",
        "DELETE FROM indexer.tx_attempts",
    ],
)
def test_an_application_cannot_write_what_the_service_decides(url: str, statement: str) -> None:
    with acting_as(url, APP) as connection, pytest.raises(REFUSED):
        connection.execute(statement)


def test_service_works_without_owning_anything(url: str) -> None:
    with acting_as(url, SERVICE) as connection:
        connection.execute("SELECT indexer.ensure_partition('blockchain_events', 5)")
        connection.execute("INSERT INTO indexer.leases VALUES ('mint', 'me', 1, now() + interval '1 min')")
        held = connection.execute("SELECT indexer.lease_is_current('mint', 1), indexer.market_now() = now()")
        assert held.fetchone() == (True, True)
        connection.execute("SELECT password_hash FROM users")
    owned = "SELECT count(*) FROM pg_class WHERE relowner = to_regrole(%s)"
    assert query(url, owned, (SERVICE,)) == [(0,)]
    assert query(url, owned, (OWNER,)) != [(0,)]


def test_a_right_taken_off_a_list_is_gone(url: str) -> None:
    query(url, f"GRANT SELECT (password_hash), DELETE ON users TO {READER}")
    apply_roles(url)
    with acting_as(url, READER) as connection, pytest.raises(REFUSED):
        connection.execute("SELECT password_hash FROM users")


def test_dry_run_lists_and_changes_nothing(database_url: str) -> None:
    statements = apply_roles(database_url, dry_run=True)
    assert any("gridtokenx_reader" in statement for statement in statements)
    assert query(
        database_url, "SELECT nspowner = to_regrole(current_user) FROM pg_namespace WHERE nspname = 'indexer'"
    ) == [(True,)]


def test_database_without_the_migrations_is_refused(empty_database_url: str) -> None:
    with pytest.raises(StopError, match=r"lacks what .*run db migrate"):
        apply_roles(empty_database_url)
