"""Each rule of the database, broken by plain SQL: the error names it and nothing is written."""

from __future__ import annotations

import re

import psycopg
import pytest
from psycopg.sql import SQL

from gridtokenx_indexer.ops.failures import as_refusal
from tests.support.postgres import DatabaseServer, query
from tests.support.refusals import Refusal, refusals
from tests.support.rule_world import Connection, rules

CHECK, RESTRICTED, TOO_BIG = "23514", "23001", "22003"


def by_name(kind: str) -> list[object]:
    return [pytest.param(rule, id=rule["name"]) for rule in rules(kind)]


def rows(connection: Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(SQL(table))).fetchall()


def check_refused(
    connection: Connection, *, table: str, statement: str, sqlstate: str, constraint: str = ""
) -> str:
    """Returns the server's message; `constraint` is a pattern: partitions name indexes after themselves."""
    before = rows(connection, table)
    assert before or "INSERT" in statement
    with pytest.raises(psycopg.Error) as caught, connection.transaction():
        connection.execute(statement.encode())
    assert re.fullmatch(sqlstate, caught.value.sqlstate or "")
    if constraint:
        assert re.fullmatch(constraint, caught.value.diag.constraint_name or "")
    assert rows(connection, table) == before
    return caught.value.diag.message_primary or ""


@pytest.mark.parametrize("rule", by_name("refused"))
def test_refused(connection: Connection, rule: dict[str, str]) -> None:
    check_refused(
        connection,
        table=rule["table"],
        statement=rule["sql"],
        sqlstate=rule["sqlstate"],
        constraint=rule["constraint"],
    )


@pytest.mark.parametrize("rule", by_name("final"))
def test_a_final_state_stays(connection: Connection, rule: dict[str, str]) -> None:
    table, where = rule["table"], rule["where"]
    message = check_refused(
        connection,
        table=table,
        statement=f"UPDATE {table} SET {rule['column']} = '{rule['word']}' WHERE {where}",
        sqlstate=RESTRICTED,
        constraint=rule["constraint"],
    )
    found = connection.execute(f"SELECT to_jsonb(t) FROM {table} AS t WHERE {where}".encode()).fetchone()
    assert found is not None
    assert isinstance(found[0], dict)
    keys = ("id", "certificate_id", "credit_id", "contract_address", "distribution_id", "trade_index")
    assert any(str(found[0][key]) in message for key in keys if key in found[0])


@pytest.mark.parametrize("amount", ["0", "-1", "'NaN'"])
@pytest.mark.parametrize("rule", rules("energy"), ids=lambda rule: rule["table"])
def test_an_energy_amount_is_positive(connection: Connection, rule: dict[str, str], amount: str) -> None:
    table = rule["table"]
    statement = f"INSERT INTO {table} ({rule['columns']}) VALUES ({rule['values']}, {amount})"
    check_refused(connection, table=table, statement=statement, sqlstate=CHECK, constraint=rule["constraint"])


@pytest.mark.parametrize("rule", rules("energy"), ids=lambda rule: rule["table"])
def test_the_edges_of_an_energy_amount(connection: Connection, rule: dict[str, str]) -> None:
    start = f"INSERT INTO {rule['table']} ({rule['columns']}) VALUES ({rule['values']}, "
    for fitting in ("999999999.999999", "0.000001"):
        with connection.transaction(force_rollback=True):
            written = connection.execute(f"{start}{fitting}) RETURNING energy_amount::text".encode())
            assert written.fetchone() == (fitting,)
    for too_big in ("1000000000", "999999999.9999995"):
        check_refused(connection, table=rule["table"], statement=f"{start}{too_big})", sqlstate=TOO_BIG)


def test_every_refusal_says_what_it_refuses(world: str) -> None:
    """Of all functions of the database, whatever their names."""
    found = refusals(world)
    assert len(found) >= 40
    wanted = {"ERRCODE", "SCHEMA", "TABLE", "CONSTRAINT", "HINT"}
    lacking = {
        f"{each.function}: {each.message}": wanted - each.options
        for each in found
        if wanted - each.options or not ("%" in each.message or "TRUNCATE" in each.message)
    }
    assert lacking == {}


def test_every_refusal_has_a_statement_that_provokes_it(world: str) -> None:
    provoked = [rule["constraint"] for kind in ("refused", "final") for rule in rules(kind)]
    names = {name for each in refusals(world) for name in each.constraints}
    assert len(names) >= 40
    assert {name for name in names if not any(re.fullmatch(each, name) for each in provoked if each)} == set()


def test_a_refusal_without_its_rule_is_noticed(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        query(
            url,
            "CREATE FUNCTION indexer.silent() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no: %; because', OLD.id USING ERRCODE = 'restrict_violation'; END $$",
        )
        (silent,) = [each for each in refusals(url) if each.function == "indexer.silent()"]
        assert silent == Refusal("indexer.silent()", "no: %; because", frozenset({"ERRCODE"}), frozenset())


def test_a_refusal_reaches_people_with_its_rule_and_its_remedy(connection: Connection) -> None:
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("UPDATE governance.proposals SET status = 'active' WHERE title = 'closed'")
    own = as_refusal(caught.value)
    assert own is not None
    assert re.fullmatch(
        r"the database refused .*proposal \S+ is passed and cannot become active", own.message
    )
    assert own.remedy == "From draft to active, from active to passed, rejected or expired."
    assert own.fields == {"rule": "proposals_status_forward"}
    assert as_refusal(RuntimeError("no refusal")) is None
