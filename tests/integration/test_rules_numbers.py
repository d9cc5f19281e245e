"""No numeric column of any table takes what is no number, whatever the rest of the row says."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.support.postgres import DatabaseServer
from tests.support.seed_catalog import SCHEMAS

Connection = psycopg.Connection[tuple[object, ...]]

# A column declared with its digits cannot hold an infinity at all.
NUMERIC_COLUMNS = """
SELECT n.nspname, c.relname, a.attname, a.atttypid <> 'numeric'::regtype OR a.atttypmod = -1 AS holds_infinity
  FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = a.attrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   AND a.atttypid IN ('numeric'::regtype, 'double precision'::regtype, 'real'::regtype)
 ORDER BY 1, 2, a.attnum
"""
REQUIRED_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = 'pg_temp.bait'::regclass AND attnum > 0 AND attnotnull AND NOT attisdropped
"""


@pytest.fixture(scope="module")
def connection(postgres: DatabaseServer) -> Iterator[Connection]:
    with postgres.database() as url, psycopg.connect(url) as opened:
        yield opened
        opened.rollback()


def accepted(connection: Connection, schema: str, table: str, column: str, value: str) -> bool:
    """Whether the checks of the table let a row in that holds nothing but the value."""
    with connection.transaction(force_rollback=True):
        connection.execute(
            sql.SQL("CREATE TEMPORARY TABLE bait (LIKE {} INCLUDING CONSTRAINTS)").format(
                sql.Identifier(schema, table)
            )
        )
        for (name,) in connection.execute(REQUIRED_COLUMNS).fetchall():
            connection.execute(
                sql.SQL("ALTER TABLE bait ALTER COLUMN {} DROP NOT NULL").format(sql.Identifier(str(name)))
            )
        statement = sql.SQL("INSERT INTO bait ({}) VALUES ({})").format(
            sql.Identifier(column), sql.Literal(value)
        )
        try:
            with connection.transaction():
                connection.execute(statement)
        except psycopg.errors.CheckViolation:
            return False
        return True


def test_no_column_takes_what_is_no_number(connection: Connection) -> None:
    columns = connection.execute(NUMERIC_COLUMNS, (list(SCHEMAS),)).fetchall()
    assert len(columns) > 100
    found = [
        f"{schema}.{table}.{column} = {value}"
        for schema, table, column, holds_infinity in columns
        for value in ("NaN", "Infinity", "-Infinity")[: 3 if holds_infinity else 1]
        if accepted(connection, str(schema), str(table), str(column), value)
    ]
    assert found == []


def write_energy_balances(connection: Connection, content: str) -> None:
    connection.execute(
        "INSERT INTO blockchain.account_balances (account_id, energy_balances) VALUES ('account', %s)",
        (content,),
    )


@pytest.mark.parametrize("content", ["{}", '{"mint": "0"}', '{"mint": "' + "9" * 78 + '", "solar": "12"}'])
def test_energy_of_a_source_is_a_whole_amount(connection: Connection, content: str) -> None:
    with connection.transaction(force_rollback=True):
        write_energy_balances(connection, content)
        shown = connection.execute("SELECT sum(energy_kwh) >= 0 FROM blockchain.api_balances").fetchall()
        assert shown == [(True if content != "{}" else None,)]


@pytest.mark.parametrize(
    "content",
    [
        "[1]",
        "null",
        '"12"',
        '{"solar": "lots"}',
        '{"solar": "1.5"}',
        '{"solar": 12}',
        '{"solar": "-1"}',
        '{"solar": ""}',
        '{"solar": "12\\n"}',
        '{"solar": null}',
        '{"solar": ["1"]}',
        '{"wind": "1", "solar": {"a": "1"}}',
        '{"solar": "' + "9" * 79 + '"}',
    ],
)
def test_energy_of_a_source_that_is_no_amount_is_refused(connection: Connection, content: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as caught, connection.transaction():
        write_energy_balances(connection, content)
    assert caught.value.diag.constraint_name == "account_balances_energy_balances_check"
