"""The daemon's role is asked for its rights before anything starts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from psycopg import sql

from gridtokenx_indexer.store.roles import APP, OWNER, SERVICE, apply_roles, shipped_grants
from gridtokenx_indexer.store.service_rights import lacking_rights
from gridtokenx_indexer.store.sync_connection import connect
from tests.support.postgres import query


def lacking(url: str, role: str | None = None) -> Sequence[str]:
    with connect(url, application_name="test") as connection:
        if role is not None:
            connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(role)))
        return lacking_rights(connection, shipped_grants())


def test_superusers_owners_and_the_service_lack_nothing(database_url: str) -> None:
    assert lacking(database_url) == []
    apply_roles(database_url)
    assert [lacking(database_url, role) for role in (OWNER, SERVICE)] == [[], []]


def test_another_application_may_not_do_the_daemons_work(database_url: str) -> None:
    apply_roles(database_url)
    found = lacking(database_url, APP)
    assert "INSERT on indexer.slots" in found
    assert "SELECT on public.users" in found
    assert "INSERT on indexer.settings" not in found


def test_a_role_before_db_roles_lacks_the_schemas_and_all_in_them(database_url: str) -> None:
    with connect(database_url, application_name="test") as connection:
        # A role belongs to the whole server: it is gone again with the transaction.
        with connection.transaction(force_rollback=True):
            connection.execute("CREATE ROLE gtx_nobody")
            connection.execute("SET SESSION AUTHORIZATION gtx_nobody")
            found = lacking_rights(connection, shipped_grants())
        left = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'gtx_nobody'").fetchone()
    assert left == (0,)
    assert found[0].startswith("USAGE on schema ")
    assert "DELETE on indexer.raw_transactions" in found


@pytest.mark.parametrize(
    ("taken", "named"),
    [
        (
            "REVOKE INSERT ON indexer.watched_accounts FROM gridtokenx_service",
            "INSERT on indexer.watched_accounts",
        ),
        ("REVOKE SELECT ON public.audit_logs FROM gridtokenx_service", "SELECT on public.audit_logs"),
        (
            "REVOKE EXECUTE ON FUNCTION indexer.seal_audit_logs() FROM gridtokenx_service",
            "EXECUTE on indexer.seal_audit_logs()",
        ),
        (
            "REVOKE SELECT ON indexer.tx_attempt_items_live FROM gridtokenx_service",
            "SELECT on indexer.tx_attempt_items_live",
        ),
    ],
)
def test_each_missing_right_is_named(database_url: str, taken: str, named: str) -> None:
    apply_roles(database_url)
    query(database_url, taken)
    assert lacking(database_url, SERVICE) == [named]
    apply_roles(database_url)
    assert lacking(database_url, SERVICE) == []
