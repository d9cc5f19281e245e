"""Statements on an open connection, and how they are refused or planned."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.support.rule_world import Connection


def run(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    cursor = connection.execute(statement.encode(), values or None)
    return cursor.fetchall() if cursor.description else []


def refused(connection: Connection, statement: str, *values: object) -> str:
    """The name of the constraint that refuses the statement; nothing is written."""
    with pytest.raises(psycopg.errors.IntegrityError) as caught, connection.transaction():
        run(connection, statement, *values)
    return caught.value.diag.constraint_name or ""


def indexes_of(connection: Connection, statement: str) -> str:
    """The plan of a statement where no table may be read from end to end, for the names of its indexes."""
    with connection.transaction():
        run(connection, "SET LOCAL enable_seqscan = off")
        return "\n".join(row[0] for row in run(connection, f"EXPLAIN {statement}"))
