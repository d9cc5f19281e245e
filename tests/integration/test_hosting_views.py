"""What readers see of hosting, sales, assets and certificates, and the figures computed ahead."""

from __future__ import annotations

import re
from decimal import Decimal
from time import monotonic
from typing import Any

import psycopg
import pytest

from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection

LAST_IDS = """
SELECT c.oid::regclass::text, s.seqmax FROM pg_depend AS d
  JOIN pg_class AS c ON c.oid = d.refobjid JOIN pg_sequence AS s ON s.seqrelid = d.objid
 WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
"""


def run(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    cursor = connection.execute(statement.encode(), values or None)
    return cursor.fetchall() if cursor.description else []


@pytest.mark.requirement("S3-O03")
def test_half_hours_are_computed_from_raw_rows_again_and_again(connection: Connection) -> None:
    half_hour = "date_trunc('hour', now()) - interval '1 h'"
    run(
        connection,
        "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, temperature, power_consumption,"
        " fan_speed, recorded_at)"
        f" SELECT 1, g, 60 + g, 3000, 5000, {half_hour} + g * interval '10 min' FROM generate_series(0,"
        f" 3) AS g",
    )
    roll_up = f"SELECT hosting.roll_up_telemetry({half_hour} + interval '29 min')"
    assert run(connection, roll_up) == [(1,)]
    view = (
        "SELECT samples, online_samples, hashrate_avg, hashrate_min, hashrate_max, power_avg_w,"
        " temperature_max"
        " FROM hosting.api_telemetry_30min"
    )
    # Minutes 0, 10 and 20 fall into the half hour, minute 30 into the next one.
    assert run(connection, view) == [(3, 2, Decimal(1), Decimal(0), Decimal(2), Decimal(3000), Decimal(62))]
    assert run(connection, roll_up) == [(0,)]
    run(
        connection,
        "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, power_consumption, recorded_at)"
        f" VALUES (1, 9, 3000, {half_hour} + interval '5 min')",
    )
    assert run(connection, roll_up) == [(1,)]
    assert run(connection, view)[0][:3] == (4, 3, Decimal(3))


@pytest.mark.requirement("S3-L03", "S3-O03")
def test_ninety_days_of_a_miner_are_4320_half_hours(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        query(url, WORLD)
        query(
            url,
            "SELECT indexer.ensure_partition(t, d) FROM unnest(ARRAY['hosting.miner_telemetry',"
            " 'hosting.telemetry_30min'])"
            " AS t, generate_series(timestamptz '2026-01-01 00:00+00', '2026-04-01 00:00+00', '1"
            " month') AS d",
        )
        query(
            url,
            "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, power_consumption, recorded_at)"
            " SELECT 1, 100, 3000, g FROM generate_series(timestamptz '2026-01-01 00:00+00',"
            " timestamptz '2026-01-01 00:00+00' + interval '90 days' - interval '10 min', '10 min') AS g",
        )
        query(
            url,
            "SELECT count(hosting.roll_up_telemetry(g)) FROM generate_series(timestamptz '2026-01-01"
            " 00:00+00',"
            " timestamptz '2026-01-01 00:00+00' + interval '90 days' - interval '1 s', '30 min') AS g",
        )
        assert query(url, "SELECT count(*), sum(samples) FROM hosting.telemetry_30min") == [(4320, 12960)]
        day = "SELECT count(*) FROM hosting.telemetry_30min WHERE bucket_start::date = '2026-02-03'"
        assert query(url, day) == [(48,)]
        query(url, "SELECT hosting.roll_up_site_day('2026-02-03')")
        figures = (
            "SELECT site_name, miners, hashrate_avg, energy_mwh, efficiency_j_per_th, uptime FROM"
            " hosting.api_site_days"
        )
        # 3 kW over a day are 0.072 MWh; 3,000 W at 100 TH/s are 30 J/TH.
        assert query(url, figures) == [("north", 1, Decimal(100), Decimal("0.072"), Decimal(30), Decimal(1))]


@pytest.mark.requirement("S3-O04")
def test_one_query_shows_miners_with_all_that_belongs_to_them(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, power_consumption, recorded_at) VALUES"
        " (1, 99, 3200, now() - interval '10 s'), (1, 98, 3100, now() - interval '70 s'),"
        " (2, 50, 1600, now() - interval '6 min')",
    )
    shown = (
        "SELECT serial_number, site_name, model, rated_hashrate, hashrate, online FROM"
        " hosting.api_miners ORDER BY 1"
    )
    assert run(connection, shown) == [
        ("M-1", "north", "S19", Decimal(110), Decimal(99), True),
        ("M-2", "north", "S19", Decimal(110), Decimal(50), False),
    ]


def test_site_utilisation_and_curtailment_effect(connection: Connection) -> None:
    run(connection, "UPDATE hosting.hosting_miners SET status = 'curtailed' WHERE serial_number = 'M-2'")
    run(connection, "UPDATE hosting.curtailment_plans SET target_power_reduction = 0.003 WHERE id = 3")
    site = "SELECT total_miners, active_miners, rated_mw, active_mw, utilisation FROM hosting.api_sites"
    assert run(connection, site) == [(2, 1, Decimal("0.0065"), Decimal("0.00325"), Decimal("0.000650"))]
    plan = (
        "SELECT planned_miners, planned_mw, hashrate_loss, reaches_target FROM hosting.api_curtailments"
        " WHERE id = 3"
    )
    assert run(connection, plan) == [(1, Decimal("0.00325"), Decimal(110), True)]


def test_counts_of_a_site_follow_its_miners(connection: Connection) -> None:
    wrong = (
        "SELECT s.id FROM hosting.hosting_sites AS s LEFT JOIN LATERAL (SELECT count(*) AS total,"
        " count(*) FILTER (WHERE m.status = 'active') AS active FROM hosting.hosting_miners AS m"
        " WHERE m.site_id = s.id) AS c ON true WHERE (s.total_miners, s.active_miners) <> (c.total, c.active)"
    )
    for statement in (
        "INSERT INTO hosting.hosting_sites (name) VALUES ('south')",
        "INSERT INTO hosting.hosting_miners (serial_number, miner_model_id, site_id, status) SELECT 'N-'"
        " || g, 1,"
        " (SELECT max(id) FROM hosting.hosting_sites), (ARRAY['active', 'offline'])[1 + g % 2] FROM"
        " generate_series(1, 9) AS g",
        "UPDATE hosting.hosting_miners SET site_id = 1 WHERE serial_number IN ('N-1', 'N-2')",
        "UPDATE hosting.hosting_miners SET status = 'maintenance' WHERE serial_number > 'N-4'",
        "DELETE FROM hosting.hosting_miners WHERE serial_number = 'N-9'",
    ):
        run(connection, statement)
        assert run(connection, wrong) == []
    assert run(connection, "SELECT sum(total_miners) FROM hosting.hosting_sites") == [(10,)]


def test_sales_pipeline(connection: Connection) -> None:
    run(connection, "UPDATE crm.crm_deals SET value = 1000, probability = 25")
    run(
        connection,
        "INSERT INTO crm.crm_deals (lead_id, title, stage, value, probability) VALUES (1, 'b',"
        " 'closed_won', 500, 100)",
    )
    run(
        connection,
        "INSERT INTO crm.crm_invoices (deal_id, invoice_number, amount, status, paid_date)"
        " SELECT id, 'R-' || id, 400, 'paid', current_date FROM crm.crm_deals WHERE stage = 'closed_won'",
    )
    shown = "SELECT stage, deals, value, weighted_value, invoiced, paid FROM crm.api_pipeline ORDER BY stage"
    assert run(connection, shown) == [
        ("closed_won", 1, Decimal(500), Decimal("500.00"), Decimal(400), Decimal(400)),
        ("discovery", 1, Decimal(1000), Decimal("250.00"), Decimal(0), Decimal(0)),
    ]
    assert run(connection, "SELECT stage FROM crm.crm_deals WHERE closed_at IS NOT NULL") == [("closed_won",)]


def test_hash_price_and_newest_indicators(connection: Connection) -> None:
    run(
        connection,
        "UPDATE analytics.market_analytics SET btc_price = 100000, network_difficulty = 152270000000000,"
        " block_reward = 3.125",
    )
    run(
        connection,
        "INSERT INTO analytics.technical_indicators (analytics_id, rsi, signal, version) VALUES (1, 71,"
        " 'SELL', 2)",
    )
    # 86,400 s x 1e15 H/s x 3.125 BTC x 100,000 USD over 152.27e12 x 2^32.
    expected = round(
        Decimal(86400) * 10**15 * Decimal("3.125") * 100000 / (152270000000000 * Decimal(2**32)), 6
    )
    shown = "SELECT hashprice_usd_per_ph_day, rsi, signal, indicator_version FROM analytics.api_market"
    assert run(connection, shown) == [(expected, Decimal(71), "SELL", 2)]


@pytest.mark.requirement("S2-N01")
def test_holdings_and_yield(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO investment.investments (user_id, asset_id, amount_tokens, purchase_price) VALUES"
        " (%s, %s, 30, 10), (%s, %s, 10, 12), (%s, %s, 60, 11)",
        NAMES["ann"], NAMES["asset"], NAMES["ann"], NAMES["asset"], NAMES["bob"], NAMES["asset"],
    )  # fmt: skip
    run(
        connection,
        "UPDATE investment.revenue_distributions SET distribution_date = now() - interval '1 month'",
    )
    holdings = "SELECT user_id::text, tokens, invested, share FROM investment.api_holdings ORDER BY 1"
    assert run(connection, holdings) == [
        (NAMES["ann"], Decimal(40), Decimal(420), Decimal("0.4")),
        (NAMES["bob"], Decimal(60), Decimal(660), Decimal("0.6")),
    ]
    figures = "SELECT invested, distributed_12_months, yield FROM investment.api_asset_yield"
    assert run(connection, figures) == [(Decimal(1080), Decimal(100), Decimal("0.09259259"))]
    run(
        connection,
        "INSERT INTO investment.revenue_distributions (asset_id, period_start, period_end, total_amount,"
        " distribution_date, status) VALUES (%s, '2024-01-01', '2024-01-31', 50,"
        " now() - interval '13 months', 'distributed')",
        NAMES["asset"],
    )
    assert run(connection, figures) == [(Decimal(1080), Decimal(100), Decimal("0.09259259"))]


def test_certificates_show_what_remains_and_who_holds_it(connection: Connection) -> None:
    run(
        connection,
        "UPDATE erc_certificates SET status = 'transferred', user_id = %s WHERE certificate_id = 'ERC-1'",
        NAMES["bob"],
    )
    run(
        connection,
        "INSERT INTO erc_certificate_transfers (certificate_id, from_user_id, to_user_id) VALUES (%s,"
        " %s, %s)",
        NAMES["certificate"], NAMES["ann"], NAMES["bob"],
    )  # fmt: skip
    shown = (
        "SELECT certificate_id, remaining_kwh, holder_id::text, transfers FROM api_certificates ORDER BY 1"
    )
    assert run(connection, shown) == [
        ("ERC-1", Decimal(10), NAMES["bob"], 1),
        ("ERC-expired", Decimal(0), NAMES["ann"], 0),
        ("ERC-retired", Decimal(0), NAMES["ann"], 0),
        ("ERC-revoked", Decimal(0), NAMES["ann"], 0),
    ]


@pytest.mark.requirement("S2-I09")
@pytest.mark.parametrize(
    "content_id",
    [
        "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o",
        "bafybeicg2rebjoofv4kbyovkw7af3rpiitvnl6i7ckcywaq6xjcxnc2mby",
        "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4",
    ],
)
def test_a_document_is_named_by_its_content(connection: Connection, content_id: str) -> None:
    run(
        connection,
        "INSERT INTO investment.asset_documents (asset_id, document_type, ipfs_hash) VALUES (%s,"
        " 'permits', %s)",
        NAMES["asset"],
        content_id,
    )
    stored = (
        "SELECT d.ipfs_hash FROM investment.asset_documents AS d JOIN investment.assets AS a ON a.id ="
        " d.asset_id"
    )
    assert run(connection, stored) == [(content_id,)]


@pytest.mark.requirement("S2-I09")
@pytest.mark.parametrize("word", ["", "permits.pdf", "Qm0OIl", "0x" + "ab" * 31])
def test_what_is_no_content_id_is_refused(connection: Connection, word: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        run(
            connection,
            "INSERT INTO investment.asset_documents (asset_id, ipfs_hash)"
            " SELECT id, %s FROM investment.assets",
            word,
        )
    assert caught.value.diag.constraint_name == "asset_documents_ipfs_hash_check"


@pytest.mark.requirement("S2-I09")
def test_a_document_belongs_to_an_asset(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        run(connection, "INSERT INTO investment.asset_documents (asset_id) VALUES (%s)", NAMES["ann"])


@pytest.mark.requirement("S3-O02")
def test_a_page_of_telemetry_is_read_from_where_the_last_one_ended(connection: Connection) -> None:
    run(connection, "SET LOCAL enable_seqscan = off")
    page = (
        "EXPLAIN SELECT * FROM hosting.miner_telemetry WHERE miner_id = 1"
        " AND (recorded_at, id) < (now(), 5) ORDER BY recorded_at DESC, id DESC LIMIT 25"
    )
    plan = "\n".join(row[0] for row in run(connection, page))
    assert "miner_id_recorded_at_idx" in plan
    assert re.search(r"Index Cond: \(\(miner_id = 1\) AND \(.*recorded_at.* <=? ", plan)


def test_three_views_of_one_user_can_be_written(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO hosting.users (email, name, role) VALUES ('hal@example.org', 'Hal', 'client')",
    )
    run(
        connection,
        "UPDATE community.users SET first_name = 'Hal', is_active = false WHERE email = 'hal@example.org'",
    )
    run(connection, "UPDATE investment.users SET kyc_status = 'verified' WHERE email = 'hal@example.org'")
    one = (
        "SELECT name, hosting_role, role, first_name, status, kyc_status FROM users WHERE email ="
        " 'hal@example.org'"
    )
    assert run(connection, one) == [("Hal", "client", "user", "Hal", "SUSPENDED", "verified")]
    with pytest.raises(psycopg.errors.CheckViolation):
        run(connection, "UPDATE hosting.users SET role = 'moderator' WHERE email = 'hal@example.org'")


@pytest.mark.requirement("S3-G01", "S3-G02", "S3-G03", "S3-G04", "S3-G05", "S3-G06")
def test_a_days_growth_of_each_table_fits(postgres: DatabaseServer) -> None:
    # Telemetry comes by the minute: 6,000 rows of 6,000 miners, 1,440 times a day.
    statements = {
        "hosting.hosting_miners": "INSERT INTO hosting.hosting_miners (serial_number, miner_model_id,"
        " site_id)"
        " SELECT 'G-' || g, 1, 1 FROM generate_series(1, 6000) AS g",
        "hosting.miner_telemetry": "INSERT INTO hosting.miner_telemetry (miner_id, hashrate,"
        " power_consumption)"
        " SELECT id, 100, 3000 FROM hosting.hosting_miners LIMIT 6000",
        "analytics.market_analytics": "INSERT INTO analytics.market_analytics (btc_price, created_at)"
        " SELECT 100000 + g, now() - g * interval '15 min' FROM generate_series(1, 96) AS g",
        "analytics.technical_indicators": "INSERT INTO analytics.technical_indicators (analytics_id, rsi)"
        " SELECT id, 50 FROM analytics.market_analytics WHERE btc_price > 100000",
        "hosting.miner_operation_log": "INSERT INTO hosting.miner_operation_log (miner_id, operation)"
        " SELECT 1 + g % 2, 'start' FROM generate_series(1, 5000) AS g",
        "hosting.login_records": "INSERT INTO hosting.login_records (email, success)"
        " SELECT 'ann@example.org', g % 2 = 0 FROM generate_series(1, 500) AS g",
        "crm.crm_activities": "INSERT INTO crm.crm_activities (deal_id, type)"
        " SELECT 1, 'call' FROM generate_series(1, 200) AS g",
    }
    grown = {}
    started = monotonic()
    with postgres.database() as url:
        query(url, WORLD)
        before = {table: query(url, f"SELECT count(*) FROM {table}")[0][0] for table in statements}
        for statement in statements.values():
            query(url, statement)
        for table, count in before.items():
            grown[table] = query(url, f"SELECT count(*) FROM {table}")[0][0] - count
        last = dict(query(url, LAST_IDS))
    # The rows of one minute, and a day's of the other tables, leave most of that minute to spare.
    assert monotonic() - started < 30
    per_day = {**grown, "hosting.miner_telemetry": grown["hosting.miner_telemetry"] * 24 * 60}
    del per_day["hosting.hosting_miners"]
    assert {table: last[table] / rows / 366 > 1000 for table, rows in per_day.items()} == dict.fromkeys(
        per_day, True
    )
    assert per_day == {
        "hosting.miner_telemetry": 8_640_000,
        "analytics.market_analytics": 96,
        "analytics.technical_indicators": 96,
        "hosting.miner_operation_log": 5_000,
        "hosting.login_records": 500,
        "crm.crm_activities": 200,
    }
