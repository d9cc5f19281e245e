"""Every change leaves a trace that cannot be changed, and a seal that shows when one was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from gridtokenx_indexer.store.roles import SERVICE, apply_roles
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection
from tests.support.seed_catalog import SCHEMAS

CHANGES_ONLY = {
    "public.meter_readings",
    "public.trading_orders",
    "public.order_matches",
    "grid.energy_production",
    "grid.energy_consumption",
    "blockchain.contract_executions",
    "analytics.market_analytics",
    "analytics.technical_indicators",
    "indexer.partition_policies",
}
"""Records of what happened: a new one is no change, one that changes or leaves is."""
UNTRACED = {
    # Measurements and logs that nobody but retention takes away.
    "monitoring.system_metrics",
    "monitoring.transaction_metrics",
    "monitoring.grid_health",
    "hosting.miner_telemetry",
    "hosting.telemetry_30min",
    "hosting.site_days",
    "indexer.rollup_progress",
    "indexer.touched_half_hours",
    "hosting.miner_operation_log",
    "hosting.login_records",
    "hosting.outbox_events",
    "community.notifications",
    "investment.energy_production",
    "investment.weather_data",
    "public.user_activities",
    # What the daemon reads from the chain, and can read again.
    "public.blockchain_transactions",
    "public.blockchain_events",
    "blockchain.account_balances",
    "indexer.slots",
    "indexer.cursors",
    "indexer.raw_transactions",
    "indexer.balance_changes",
    "indexer.supply_changes",
    "indexer.parked_items",
    "indexer.idl_registry",
    "indexer.watched_accounts",
    # Its work, whose evidence is on the chain or kept by rules of its own.
    "public.minting_retry_queue",
    "indexer.mint_carries",
    "indexer.mint_totals",
    "indexer.mint_books",
    "indexer.epoch_books",
    "indexer.trade_leaves",
    "indexer.tx_attempts",
    "indexer.tx_attempt_items",
    "indexer.tx_death_certificates",
    "indexer.lookup_tables",
    "indexer.lookup_table_addresses",
    "indexer.leases",
    # Traces themselves.
    "public.audit_logs",
    "indexer.audit_seals",
    "indexer.audit_seal_parts",
    "indexer.deleted_rows",
    "public._sqlx_migrations",
}
SPARED = {
    "public.meter_readings": "minted blockchain_status status_reason mint_window carried_from mint_signature",
    "public.trading_orders": "epoch_id filled_amount status closed_epoch_id updated_at",
    "public.order_matches": "status updated_at",
    "public.settlements": "status transaction_hash processed_at error_message retry_count updated_at",
    "public.market_epochs": "status clearing_price total_volume total_orders matched_orders trade_count"
    " failure cleared_at settled_at updated_at",
    "public.market_epoch_parts": "status deadline payer opened_signature opened_slot closed_signature"
    " closed_slot attempts close_attempts next_retry_at failure updated_at",
}
"""The state columns that the daemon steps through without a trace; nobody else, and no other column."""
TRACES = """
SELECT n.nspname || '.' || c.relname,
       array_agg(DISTINCT e.event ORDER BY e.event) FILTER (WHERE e.event > '')
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_trigger AS t ON t.tgrelid = c.oid AND t.tgfoid IN (
       'indexer.audit_row'::regproc, 'indexer.audit_inserts'::regproc, 'indexer.audit_updates'::regproc,
       'indexer.audit_truncate'::regproc)
 CROSS JOIN LATERAL (VALUES (CASE WHEN t.tgtype & 4 > 0 THEN 'insert' END),
                            (CASE WHEN t.tgtype & 8 > 0 THEN 'delete' END),
                            (CASE WHEN t.tgtype & 16 > 0 THEN 'update' END),
                            (CASE WHEN t.tgtype & 32 > 0 THEN 'truncate' END)) AS e (event)
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY (%s)
 GROUP BY 1
"""
COMPARED = """
SELECT c.oid::regclass::text, pg_get_triggerdef(t.oid),
       (SELECT array_agg(a.attname::text) FROM pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE t.tgname = 'audit_update' AND t.tgparentid = 0 AND pg_get_triggerdef(t.oid) ~ 'gridtokenx_service'
"""


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


@pytest.mark.requirement("S1-P04")
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


def test_settings_that_are_not_public_are_not_written_either(connection: Connection) -> None:
    run(connection, "INSERT INTO community.settings (key, value) VALUES ('smtp', 'hunter2')")
    run(connection, "UPDATE community.settings SET value = 'hunter3', is_public = true WHERE key = 'smtp'")
    run(connection, "UPDATE community.settings SET value = 'open' WHERE key = 'smtp'")
    created, shown, public = traces(connection, "community.settings")
    assert created[2]["value"] == "changed"
    assert shown[1:] == ({"value": "unchanged", "is_public": False}, {"value": "changed", "is_public": True})
    assert public[1:] == ({"value": "hunter3"}, {"value": "open"})


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
    found = dict(run(connection, TRACES, [*SCHEMAS]))
    expected = {
        table: None
        if table in UNTRACED
        else ["delete", "truncate", "update"]
        if table in CHANGES_ONLY
        else ["delete", "insert", "truncate", "update"]
        for table in found
    }
    assert found == expected
    assert {table for table, events in found.items() if events is None} == UNTRACED


def test_the_daemon_is_spared_for_state_columns_only(connection: Connection) -> None:
    """A column that is added later is traced until somebody puts it on the list."""
    spared = {}
    for table, definition, columns in run(connection, COMPARED):
        compared = set(re.findall(r"old\.\"?(\w+)", definition))
        spared[table if "." in table else f"public.{table}"] = {*columns} - compared
    # Of a zone's result only the status may change at all.
    assert spared.pop("public.market_epoch_zones") > {"clearing_price", "result_hash"}
    assert spared == {table: {*columns.split()} for table, columns in SPARED.items()}


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        (
            "INSERT INTO settlements (epoch_id, buyer_id, seller_id, energy_amount, price_per_kwh,"
            " total_amount, net_amount, trade_index) SELECT epoch_id, buyer_id, seller_id, 1, 1, 1, 1, n"
            " FROM settlements, generate_series(5, 7) AS n",
            "public.settlements",
        ),
        (
            "INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value,"
            " executed_at) SELECT buyer_id, seller_id, 1, 1, 1, now() FROM trading.trades,"
            " generate_series(1, 3)",
            "trading.trades",
        ),
        (
            "INSERT INTO governance.voting_power_snapshots SELECT p.id, u.id, 7"
            " FROM governance.proposals AS p, users AS u WHERE p.title = 'draft'",
            "governance.voting_power_snapshots",
        ),
    ],
)
@pytest.mark.parametrize("role", [SERVICE, None])
def test_money_and_power_come_with_a_trace_whoever_writes_them(
    own_url: str, statement: str, table: str, role: str | None
) -> None:
    apply_roles(own_url)
    with psycopg.connect(own_url) as connection:
        if role:
            run(connection, f"SET SESSION AUTHORIZATION {role}")
        run(connection, statement)
        run(connection, "RESET SESSION AUTHORIZATION")
        written = traces(connection, table)
        assert [row[0] for row in written] == ["insert"] * 3
        name = table.removeprefix("public.")
        stored = run(
            connection,
            f"SELECT to_jsonb(t) FROM {name} AS t WHERE to_jsonb(t) = ANY (%s::jsonb[])",
            [json.dumps(row[2]) for row in written],
        )
        assert len(stored) == 3
        keys = "SELECT resource_id IS NOT NULL, resource_key LIKE resource_id || '%%' FROM audit_logs"
        assert set(
            run(
                connection,
                f"{keys} WHERE resource_type = %s AND action = 'insert'"
                " AND transaction_id = pg_current_xact_id()",
                table,
            )
        ) == {(True, True)}


def test_a_truncation_leaves_a_trace(own_url: str) -> None:
    query(own_url, "TRUNCATE community.settings, trading.trades")
    found = query(own_url, "SELECT resource_type FROM audit_logs WHERE action = 'truncate' ORDER BY 1")
    assert found == [("community.settings",), ("trading.trades",)]


def test_a_published_result_does_not_change_unseen(own_url: str) -> None:
    apply_roles(own_url)
    with psycopg.connect(own_url) as connection:
        run(connection, f"SET SESSION AUTHORIZATION {SERVICE}")
        run(connection, "UPDATE market_epochs SET status = 'active'")
        run(connection, "RESET SESSION AUTHORIZATION")
        assert traces(connection, "public.market_epochs") == []
        run(connection, "UPDATE market_epochs SET total_volume = 5")
        assert traces(connection, "public.market_epochs") == [
            ("update", {"total_volume": 0.0}, {"total_volume": 5.0})
        ]


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
