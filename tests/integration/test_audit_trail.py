"""Every change leaves a trace that cannot be changed, and a seal that shows when one was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from gridtokenx_indexer.store.roles import SERVICE, apply_roles
from tests.support.audit import covered, seal_everything
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
        " AND transaction_id = pg_current_xact_id() ORDER BY cmin::text::bigint, ctid",
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
        connection, "SELECT user_id, ip_address FROM audit_logs WHERE transaction_id = pg_current_xact_id()"
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


def test_an_update_of_many_rows_traces_each_with_what_changed_in_it(connection: Connection) -> None:
    run(connection, "SELECT set_config('gridtokenx.user_id', %s, true)", NAMES["ann"])
    run(connection, "SELECT set_config('gridtokenx.client_ip', '203.0.113.9', true)")
    run(
        connection,
        "UPDATE trading_orders SET price_per_kwh = 0.3 WHERE order_type = 'buy' OR price_per_kwh = 0.1",
    )
    changes = sorted(
        (old["price_per_kwh"], new["price_per_kwh"], sorted(new))
        for action, old, new in traces(connection, "public.trading_orders")
    )
    # A new price is a new entry: the database gives both columns anew.
    assert [change[:2] for change in changes] == [(0.1, 0.3), (0.2, 0.3)]
    assert {"price_per_kwh", "seq"} <= set(changes[0][2]) <= {"price_per_kwh", "seq", "entered_at"}
    who = (
        "SELECT DISTINCT user_id::text, host(ip_address), actor = session_user,"
        " resource_id::text = resource_key FROM audit_logs WHERE resource_type = 'public.trading_orders'"
    )
    assert run(connection, who) == [(NAMES["ann"], "203.0.113.9", True, True)]
    before = len(traces(connection, "public.trading_orders"))
    run(connection, "UPDATE trading_orders SET updated_at = now() - interval '1 day'")
    assert len(traces(connection, "public.trading_orders")) == before


def test_a_reading_that_moves_to_another_month_leaves_both_its_states(connection: Connection) -> None:
    run(
        connection,
        "SELECT indexer.ensure_partition('public.meter_readings', timestamptz '2026-01-01 00:00+00')",
    )
    run(
        connection,
        "SELECT indexer.ensure_partition('public.meter_readings', timestamptz '2026-02-01 00:00+00')",
    )
    reading = (
        "INSERT INTO meter_readings (id, meter_id, timestamp, energy_generated)"
        " VALUES ('00000000-0000-0000-00aa-000000000001', %s, %s, 1)"
    )
    run(connection, reading, NAMES["meter"], "2026-01-05 00:00+00")
    run(connection, reading, None, "2026-01-06 00:00+00")
    of_the_reading = " WHERE id = '00000000-0000-0000-00aa-000000000001'"
    run(connection, "UPDATE meter_readings SET energy_generated = 2" + of_the_reading)
    twice = traces(connection, "public.meter_readings")
    assert [(new["energy_generated"], old["energy_generated"]) for _, old, new in twice] == [(2, 1), (2, 1)]
    moved = of_the_reading + " AND meter_id IS NOT NULL"
    run(connection, "UPDATE meter_readings SET timestamp = '2026-02-05 00:00+00'" + moved)
    came_and_went = traces(connection, "public.meter_readings")[2:]
    states = {
        (action, old and old["timestamp"], new and new["timestamp"]) for action, old, new in came_and_went
    }
    # The server moves a row between partitions by deleting it, which is traced as well.
    assert states == {
        ("delete", "2026-01-05T00:00:00+00:00", None),
        ("update", "2026-01-05T00:00:00+00:00", None),
        ("update", None, "2026-02-05T00:00:00+00:00"),
    }


def test_every_table_is_traced_or_left_out_on_purpose(connection: Connection) -> None:
    found = dict(
        run(
            connection,
            "SELECT n.nspname || '.' || c.relname, array_agg(DISTINCT e.event ORDER BY e.event) FILTER"
            " (WHERE e.event > '')"
            " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " LEFT JOIN pg_trigger AS t ON t.tgrelid = c.oid AND t.tgfoid IN ('indexer.audit_row'::regproc,"
            "   'indexer.audit_updates'::regproc)"
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
    seal_everything(own_url)
    query(own_url, "UPDATE community.settings SET value = 'light'")
    seal_everything(own_url)
    assert query(own_url, "SELECT count(*) FROM audit_logs") == [(covered(own_url),)]
    assert query(own_url, "SELECT count(*) >= 2 FROM indexer.audit_seals") == [(True,)]
    assert query(own_url, "SELECT * FROM indexer.broken_audit_seals()") == []


def test_rows_of_an_open_transaction_wait_for_the_next_seal(own_url: str) -> None:
    seal_everything(own_url)
    before = covered(own_url)
    with psycopg.connect(own_url) as slow:
        slow.execute("UPDATE community.profiles SET bio = 'slow'")
        query(own_url, "UPDATE community.settings SET value = 'fast'")
        query(own_url, "SELECT indexer.seal_audit_logs()")
        assert covered(own_url) == before
        slow.commit()
    seal_everything(own_url)
    assert covered(own_url) == before + 2
    assert query(own_url, "SELECT * FROM indexer.broken_audit_seals()") == []


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
    seal_everything(own_url)
    query(own_url, "UPDATE community.settings SET value = 'light'")
    seal_everything(own_url)
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
    truncated = statement.startswith("TRUNCATE")
    assert caught.value.diag.constraint_name == f"audit_logs_{'no_truncate' if truncated else 'append_only'}"


def test_the_first_trace_makes_its_partition(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        assert query(url, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass") == [
            (0,)
        ]
        query(url, "INSERT INTO users (email) VALUES ('first@example.org')")
        assert query(url, "SELECT count(*) FROM audit_logs") == [(1,)]
