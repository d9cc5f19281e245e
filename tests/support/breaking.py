"""Breaking rules of the database by plain SQL, as a role that might."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

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


@contextmanager
def acting_as(url: str, role: str) -> Iterator[Connection]:
    """A transaction of the role, rolled back at the end."""
    with psycopg.connect(url) as connection:
        connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())
        yield connection
        connection.rollback()
