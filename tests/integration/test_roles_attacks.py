"""What a role may not reach by a detour: our functions on its own tables, a setting, a trigger of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from gridtokenx_indexer.store.roles import APP, READER, apply_roles
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import WORLD

Connection = psycopg.Connection[tuple[object, ...]]

OPEN_TO_ALL = """
SELECT p.oid::regprocedure::text
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE (p.prosecdef OR p.prorettype = 'trigger'::regtype) AND n.nspname !~ '^(pg_|information_schema)'
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
   AND has_function_privilege(%s, p.oid, 'EXECUTE')
 ORDER BY 1
"""

# A table of the attacker's own that one of our functions is put on.
BORROWED = {
    "indexer.audit_row('public.users', 'id')": "id uuid, note text",
    "indexer.audit_updates('public.users', 'id')": "id uuid, note text",
    "indexer.keep_deleted_row()": "id uuid",
    "indexer.votes_tally()": "proposal_id uuid, vote_type text, voting_power numeric",
    "indexer.hosting_sites_count()": "site_id bigint, status text",
}

# An order of the world that is closed, brought back to life by a trigger on a table of the attacker's own.
DETOUR = """
CREATE TEMPORARY TABLE lever (moved integer);
CREATE FUNCTION pg_temp.reopen() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN UPDATE public.trading_orders SET status = 'active' WHERE status = 'cancelled'; RETURN NEW; END$$;
CREATE TRIGGER pull BEFORE INSERT ON lever FOR EACH ROW EXECUTE FUNCTION pg_temp.reopen();
"""


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as made:
        query(made, WORLD)
        query(
            made,
            "INSERT INTO trading_orders (user_id, order_type, energy_amount, price_per_kwh)"
            " SELECT id, 'sell', 1, 2 FROM users LIMIT 1;"
            "UPDATE trading_orders SET status = 'cancelled'",
        )
        apply_roles(made)
        yield made


@contextmanager
def acting_as(url: str, role: str) -> Iterator[Connection]:
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(role)))
        yield connection
        connection.rollback()


def test_functions_with_the_owners_rights_are_closed(url: str) -> None:
    granted = [
        "indexer.ensure_partition(text,bigint)",
        "indexer.ensure_partition(text,text)",
        "indexer.ensure_partition(text,timestamp with time zone)",
        "indexer.ensure_partitions_ahead(text,timestamp with time zone)",
    ]
    with psycopg.connect(url) as connection:
        readers = [name for (name,) in connection.execute(OPEN_TO_ALL, (READER,)).fetchall()]
        applications = [name for (name,) in connection.execute(OPEN_TO_ALL, (APP,)).fetchall()]
    assert readers == []
    assert set(granted) <= set(applications) <= {*granted, "indexer.seal_audit_logs()"}


@pytest.mark.parametrize("role", [READER, APP])
@pytest.mark.parametrize("function", BORROWED)
def test_our_functions_cannot_be_put_on_other_tables(url: str, role: str, function: str) -> None:
    with acting_as(url, role) as connection:
        connection.execute(f"CREATE TEMPORARY TABLE bait ({BORROWED[function]})".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                f"CREATE TRIGGER hook AFTER INSERT ON bait FOR EACH ROW EXECUTE FUNCTION {function}".encode()
            )


def test_an_application_cannot_pose_as_the_clearing(url: str) -> None:
    with acting_as(url, APP) as connection:
        connection.execute("SET gridtokenx.writer = 'clearing'")
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE trading_orders SET status = 'active'")


def test_a_trigger_of_an_application_is_not_one_of_ours(url: str) -> None:
    with acting_as(url, APP) as connection:
        connection.execute(DETOUR.encode())
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("INSERT INTO lever VALUES (1)")


def test_an_order_changed_in_this_transaction_is_still_guarded(url: str) -> None:
    with acting_as(url, APP) as connection:
        connection.execute(DETOUR.encode())
        connection.execute(
            "INSERT INTO trading_orders (user_id, order_type, energy_amount, price_per_kwh)"
            " SELECT user_id, 'sell', 1, 2 FROM trading_orders LIMIT 1"
        )
        connection.execute("UPDATE trading_orders SET status = 'cancelled' WHERE status = 'pending'")
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("INSERT INTO lever VALUES (1)")
