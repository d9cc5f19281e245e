"""Breaking rules of the database by plain SQL, as a role that might."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.support.postgres import query
from tests.support.rule_world import Connection


def run(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    """Rows of the last statement, none where it has no result."""
    cursor = connection.execute(statement.encode())
    return cursor.fetchall() if cursor.description else []


def refused(connection: Connection, statement: str) -> tuple[str | None, str | None]:
    """SQLSTATE and constraint of the refusal; the transaction goes on."""
    with pytest.raises(psycopg.Error) as caught, connection.transaction():
        run(connection, statement)
    return caught.value.sqlstate, caught.value.diag.constraint_name


def refused_after_waiting(url: str, first: str, second: str) -> str | None:
    """Constraint that the second session hears, which had to wait until the first committed."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    heard: list[str | None] = []

    def write() -> None:
        try:
            query(url, second)
        except psycopg.Error as error:
            heard.append(error.diag.constraint_name)

    with psycopg.connect(url) as connection:
        run(connection, first)
        writer = threading.Thread(target=write)
        writer.start()
        while query(url, waiting) == [(0,)]:
            assert writer.is_alive()
        connection.commit()
    writer.join(60)
    return heard[0] if heard else None


@contextmanager
def acting_as(url: str, role: str) -> Iterator[Connection]:
    """A transaction of the role, rolled back at the end."""
    with psycopg.connect(url) as connection:
        connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())
        yield connection
        connection.rollback()
