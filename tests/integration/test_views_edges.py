"""Views on odd rows and on many: what counts, what does not, and how much is read for one answer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import WORLD, Connection


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as made:
        query(made, WORLD)
        yield made


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with psycopg.connect(url) as opened:
        yield opened
        opened.rollback()


def run(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    cursor = connection.execute(statement.encode())
    return cursor.fetchall() if cursor.description else []


def rows_read(connection: Connection, statement: str) -> int:
    """Rows that the plan's scans of tables handed up, loops counted."""
    run(connection, "ANALYZE")
    ((plans,),) = run(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")

    def scanned(node: dict[str, Any]) -> int:
        own = node["Actual Rows"] * node["Actual Loops"] if "Relation Name" in node else 0
        return int(own) + sum(scanned(child) for child in node.get("Plans", ()))

    return scanned(plans[0]["Plan"])


def test_newest_health_is_found_without_reading_all(connection: Connection) -> None:
    run(connection, "SELECT indexer.ensure_partition('monitoring.grid_health', '2024-01-01'::timestamptz)")
    run(
        connection,
        "INSERT INTO monitoring.grid_health (grid_code, health_score, congestion_level, recorded_at)"
        " SELECT 'ODD-' || g % 7, 0.5, 'low', '2024-01-01'::timestamptz + g * interval '1 minute'"
        "   FROM generate_series(1, 20000) AS g",
    )
    run(
        connection,
        "INSERT INTO monitoring.grid_health (grid_code, health_score, congestion_level, recorded_at)"
        " SELECT 'TIE', score, 'low', '2024-01-02' FROM (VALUES (0.1), (0.9)) AS v (score)",
    )
    newest = "SELECT grid_code, health_score FROM monitoring.api_grid_health WHERE grid_code ~ '^(ODD|TIE)'"
    shown = run(connection, newest)
    assert [code for code, _ in shown] == [*(f"ODD-{at}" for at in range(7)), "TIE"]
    assert dict(shown)["TIE"] == Decimal("0.9")
    assert rows_read(connection, "SELECT * FROM monitoring.api_grid_health") < 500


def test_one_investors_share_does_not_read_every_investment(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO investment.assets (name, token_id)"
        " SELECT 'asset ' || g, 9000 + g FROM generate_series(1, 50) AS g",
    )
    run(
        connection,
        "INSERT INTO users (email)"
        " SELECT 'investor' || g || '@example.org' FROM generate_series(1, 400) AS g",
    )
    run(
        connection,
        "INSERT INTO investment.investments (user_id, asset_id, amount_tokens, purchase_price)"
        " SELECT u.id, a.id, 3, 2 FROM users AS u CROSS JOIN investment.assets AS a"
        "  WHERE u.email LIKE 'investor%' AND a.name LIKE 'asset %'"
        "    AND (u.email <> 'investor7@example.org' OR a.name = 'asset 1')",
    )
    one = (
        "SELECT tokens, invested, share FROM investment.api_holdings"
        " WHERE user_id = (SELECT id FROM users WHERE email = 'investor7@example.org')"
    )
    assert run(connection, one) == [(Decimal(3), Decimal(6), Decimal("0.0025"))]
    shares = (
        "SELECT asset_id, sum(share) FROM investment.api_holdings WHERE asset_name ~ '^asset ' GROUP BY 1"
    )
    assert {round(total, 4) for _, total in run(connection, shares)} == {Decimal(1)}
    assert rows_read(connection, one) < 2_000


def test_drafts_are_not_invoiced(connection: Connection) -> None:
    run(connection, "INSERT INTO crm.crm_deals (lead_id, title, stage) VALUES (1, 'fresh', 'discovery')")
    before = run(connection, "SELECT invoiced FROM crm.api_pipeline WHERE stage = 'discovery'")
    run(
        connection,
        "INSERT INTO crm.crm_invoices (deal_id, invoice_number, amount, status, issue_date, due_date)"
        " SELECT id, 'X-1', 777, 'draft', '2026-01-01', '2026-02-01' FROM crm.crm_deals"
        "  WHERE title = 'fresh'",
    )
    assert run(connection, "SELECT invoiced FROM crm.api_pipeline WHERE stage = 'discovery'") == before
    run(connection, "UPDATE crm.crm_invoices SET status = 'sent' WHERE invoice_number = 'X-1'")
    after = run(connection, "SELECT invoiced FROM crm.api_pipeline WHERE stage = 'discovery'")
    assert after[0][0] == before[0][0] + 777


def test_reports_from_the_future_are_no_sign_of_life(connection: Connection) -> None:
    run(connection, "SELECT indexer.ensure_partition('hosting.miner_telemetry', now() + interval '1 year')")
    run(
        connection,
        "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, recorded_at)"
        " SELECT id, 1, now() + interval '1 year' FROM hosting.hosting_miners",
    )
    assert run(connection, "SELECT bool_or(online) FROM hosting.api_miners") == [(False,)]
    assert run(connection, "SELECT max(last_seen) < now() + interval '6 min' FROM hosting.api_miners") != [
        (False,)
    ]


def test_private_settings_are_not_shown(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO community.settings (key, value, is_public)"
        " VALUES ('open', 'yes', true), ('shut', 'no', false)",
    )
    shown = run(connection, "SELECT key, value FROM community.api_settings WHERE key IN ('open', 'shut')")
    assert shown == [("open", "yes")]
