"""Every change leaves a trace that cannot be changed, and a seal that shows when one was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from gridtokenx_indexer.store.roles import SERVICE, apply_roles
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection

BULK = {
    "public.meter_readings",
    "public.trading_orders",
    "public.order_matches",
    "public.settlements",
    "trading.trades",
}
UNTRACED = {
    "monitoring.system_metrics",
    "monitoring.transaction_metrics",
    "monitoring.grid_health",
    "hosting.miner_telemetry",
    "hosting.telemetry_30min",
    "hosting.site_days",
    "hosting.miner_operation_log",
    "hosting.login_records",
    "hosting.outbox_events",
    "community.notifications",
    "investment.energy_production",
    "investment.weather_data",
    "grid.energy_production",
    "grid.energy_consumption",
    "governance.voting_power_snapshots",
    "analytics.market_analytics",
    "analytics.technical_indicators",
    "blockchain.contract_executions",
    "blockchain.account_balances",
}
"""Measurements, logs and what the daemon derives: they are records themselves."""


def run(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    cursor = connection.execute(statement.encode(), values or None)
    return cursor.fetchall() if cursor.description else []


def traces(connection: Connection, resource: str) -> list[tuple[Any, ...]]:
    return run(
        connection,
        "SELECT action, old_values, new_values FROM audit_logs WHERE resource_type = %s"
        " AND transaction_id = pg_current_xact_id() ORDER BY ctid",
        resource,
    )


@pytest.fixture
def own_url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as url:
        query(url, WORLD)
        yield url


@pytest.mark.requirement("S1-P04")
def test_a_change_is_traced_with_old_and_new_values(connection: Connection) -> None:
    run(connection, "SELECT set_config('gridtokenx.user_id', %s, true)", NAMES["ann"])
    run(connection, "SELECT set_config('gridtokenx.client_ip', '203.0.113.9', true)")
    run(connection, "SELECT set_config('gridtokenx.user_agent', 'browser', true)")
    run(connection, "UPDATE community.settings SET value = 'light'")
    assert traces(connection, "community.settings") == [("update", {"value": "dark"}, {"value": "light"})]
    who = (
        "SELECT user_id::text, host(ip_address), user_agent, actor = session_user, resource_id = s.id"
        " FROM audit_logs AS a, community.settings AS s WHERE a.transaction_id = pg_current_xact_id()"
    )
    assert run(connection, who) == [(NAMES["ann"], "203.0.113.9", "browser", True, True)]


def test_a_session_that_lies_about_itself_still_leaves_a_trace(connection: Connection) -> None:
    run(connection, "SELECT set_config('gridtokenx.user_id', 'nobody', true)")
    run(connection, "SELECT set_config('gridtokenx.client_ip', 'nowhere', true)")
    run(connection, "UPDATE community.settings SET value = 'light'")
    assert len(traces(connection, "community.settings")) == 1
    assert run(
        connection, "SELECT user_id, ip_address FROM audit_logs ORDER BY created_at DESC, ctid DESC LIMIT 1"
    ) == [(None, None)]


def test_secrets_are_never_written(connection: Connection) -> None:
    run(
        connection,
        "UPDATE users SET password_hash = repeat('a', 60), two_factor_secret = 'seed' WHERE username = 'ann'",
    )
    run(connection, "UPDATE users SET password_hash = repeat('b', 60), name = 'Ann' WHERE username = 'ann'")
    run(
        connection,
        "INSERT INTO investment.user_profiles (user_id, document_number) VALUES (%s, 'AB123')",
        NAMES["ann"],
    )
    first, second = traces(connection, "public.users")
    assert first == (
        "update",
        {"password_hash": None, "two_factor_secret": None},
        {"password_hash": "changed", "two_factor_secret": "changed"},
    )
    assert second == (
        "update",
        {"password_hash": "unchanged", "name": None},
        {"password_hash": "changed", "name": "Ann"},
    )
    (created,) = traces(connection, "investment.user_profiles")
    assert created[2]["document_number"] == "changed"
    everything = "SELECT count(*) FROM audit_logs AS a WHERE a::text ~ 'aaaaaa|bbbbbb|AB123|seed'"
    assert run(connection, everything) == [(0,)]


def test_what_a_deletion_takes_along_is_traced(connection: Connection) -> None:
    run(connection, "INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'gone@example.org')")
    run(
        connection,
        "INSERT INTO community.profiles (user_id) SELECT id FROM users WHERE email = 'gone@example.org'",
    )
    run(connection, "DELETE FROM users WHERE email = 'gone@example.org'")
    assert [row[0] for row in traces(connection, "community.profiles")] == ["insert", "delete"]
    (_, deleted) = traces(connection, "public.users")
    assert deleted[1]["email"] == "gone@example.org"


def test_an_update_that_changes_nothing_leaves_no_trace(connection: Connection) -> None:
    run(connection, "UPDATE community.profiles SET bio = bio")
    assert traces(connection, "community.profiles") == []


@pytest.mark.requirement("S1-B15")
def test_every_step_of_a_transaction_is_traced(connection: Connection) -> None:
    run(connection, "UPDATE settlements SET retry_count = retry_count + 1")
    run(connection, "UPDATE trading.trades SET carbon_offset = 1")
    run(connection, "UPDATE trading_orders SET status = 'cancelled'")
    run(connection, "UPDATE community.transactions SET description = 'checked'")
    for table in ("public.settlements", "trading.trades", "public.trading_orders", "community.transactions"):
        assert {row[0] for row in traces(connection, table)} == {"update"}, table


def test_every_table_is_traced_or_left_out_on_purpose(connection: Connection) -> None:
    found = dict(
        run(
            connection,
            "SELECT n.nspname || '.' || c.relname, array_agg(DISTINCT e.event ORDER BY e.event) FILTER"
            " (WHERE e.event > '')"
            " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " LEFT JOIN pg_trigger AS t ON t.tgrelid = c.oid AND t.tgfoid = 'indexer.audit_row'::regproc"
            " CROSS JOIN LATERAL (VALUES (CASE WHEN t.tgtype & 4 > 0 THEN 'insert' END),"
            "   (CASE WHEN t.tgtype & 8 > 0 THEN 'delete' END), (CASE WHEN t.tgtype & 16 > 0 THEN"
            " 'update' END)) AS e (event)"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN"
            " ('trading', 'blockchain', 'grid', 'monitoring', 'governance', 'investment', 'hosting',"
            " 'crm', 'analytics',"
            "  'community') OR c.oid IN ('users'::regclass, 'meter_registry'::regclass,"
            " 'meter_readings'::regclass,"
            "  'trading_orders'::regclass, 'order_matches'::regclass, 'settlements'::regclass,"
            "  'erc_certificates'::regclass, 'erc_certificate_transfers'::regclass,"
            " 'generation_claims'::regclass)"
            " GROUP BY 1",
        )
    )
    expected = {
        table: None
        if table in UNTRACED
        else ["delete", "update"]
        if table in BULK
        else ["delete", "insert", "update"]
        for table in found
    }
    assert found == expected
    assert {table for table, events in found.items() if events is None} == UNTRACED


def test_the_daemon_steps_through_states_without_a_trace(own_url: str) -> None:
    apply_roles(own_url)
    with psycopg.connect(own_url) as connection:
        run(connection, f"SET SESSION AUTHORIZATION {SERVICE}")
        run(connection, "UPDATE settlements SET retry_count = 3, error_message = 'late'")
        run(connection, "UPDATE trading_orders SET updated_at = now()")
        run(connection, "RESET SESSION AUTHORIZATION")
        assert traces(connection, "public.settlements") == []
        run(connection, f"SET SESSION AUTHORIZATION {SERVICE}")
        run(connection, "UPDATE trading_orders SET price_per_kwh = 0.3 WHERE order_type = 'buy'")
        run(connection, "UPDATE users SET name = 'x' WHERE username = 'ann'")
        run(connection, "RESET SESSION AUTHORIZATION")
        assert len(traces(connection, "public.trading_orders")) == 1
        assert len(traces(connection, "public.users")) == 1


def test_seals_cover_every_row_once_and_follow_one_another(own_url: str) -> None:
    assert query(own_url, "SELECT indexer.seal_audit_logs()") == [(1,)]
    assert query(own_url, "SELECT indexer.seal_audit_logs()") == [(None,)]
    query(own_url, "UPDATE community.settings SET value = 'light'")
    assert query(own_url, "SELECT indexer.seal_audit_logs()") == [(2,)]
    covered = "SELECT sum(row_count) = (SELECT count(*) FROM audit_logs) FROM indexer.audit_seals"
    assert query(own_url, covered) == [(True,)]
    assert query(own_url, "SELECT * FROM indexer.broken_audit_seals()") == []


def test_rows_of_an_open_transaction_wait_for_the_next_seal(own_url: str) -> None:
    query(own_url, "SELECT indexer.seal_audit_logs()")
    with psycopg.connect(own_url) as slow:
        slow.execute("UPDATE community.profiles SET bio = 'slow'")
        query(own_url, "UPDATE community.settings SET value = 'fast'")
        assert query(own_url, "SELECT indexer.seal_audit_logs()") == [(None,)]
        slow.commit()
    assert query(own_url, "SELECT indexer.seal_audit_logs()") == [(2,)]
    assert query(own_url, "SELECT row_count FROM indexer.audit_seals WHERE seal_number = 2") == [(2,)]


@pytest.mark.parametrize(
    ("forgery", "reason"),
    [
        (
            "UPDATE audit_logs SET new_values = '{}' WHERE resource_type = 'community.settings'",
            "a row it covers is different",
        ),
        ("DELETE FROM audit_logs WHERE resource_type = 'community.settings'", "covers"),
        (
            "UPDATE indexer.audit_seals SET seal = sha256('forged') WHERE seal_number = 1",
            "a row it covers is different",
        ),
        ("DELETE FROM indexer.audit_seals WHERE seal_number = 1", "does not follow the seal before it"),
    ],
)
def test_a_forgery_past_all_triggers_breaks_a_seal(own_url: str, forgery: str, reason: str) -> None:
    query(own_url, "SELECT indexer.seal_audit_logs()")
    query(own_url, "UPDATE community.settings SET value = 'light'")
    query(own_url, "SELECT indexer.seal_audit_logs()")
    with psycopg.connect(own_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(forgery.encode())
        connection.commit()
    broken = query(own_url, "SELECT reason FROM indexer.broken_audit_seals()")
    assert broken
    assert broken[0][0].startswith(reason)


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_partition_refuses_what_its_table_refuses(own_url: str, statement: str) -> None:
    ((partition,),) = query(own_url, "SELECT DISTINCT tableoid::regclass::text FROM audit_logs")
    with pytest.raises(psycopg.errors.RestrictViolation) as caught:
        query(own_url, statement.format(partition))
    assert caught.value.diag.constraint_name == "audit_logs_append_only"


def test_the_first_trace_makes_its_partition(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        assert query(url, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass") == [
            (0,)
        ]
        query(url, "INSERT INTO users (email) VALUES ('first@example.org')")
        assert query(url, "SELECT count(*) FROM audit_logs") == [(1,)]
