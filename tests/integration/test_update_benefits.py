"""What the update document promises, shown at work: its queries, its features, its benefits."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.rule_world import FOLDER, NAMES, Connection
from tests.support.statements import indexes_of, refused, run

QUERIES: dict[str, str] = tomllib.loads((Path(FOLDER) / "usage_queries.toml").read_text())["queries"]
ANN, BOB = NAMES["ann"], NAMES["bob"]


PENDING_TRADE = """
INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at)
SELECT buyer_id, seller_id, 1, 1, 1, now() FROM trading.trades
"""


@pytest.mark.parametrize(
    ("query", "index"),
    [
        pytest.param(query, index, id=query, marks=pytest.mark.requirement(query))
        for query, index in (
            ("S1-Q01", "account_balances_pkey"),
            ("S1-Q02", "energy_production_timestamp_idx"),
            ("S1-Q03", "trades_executed_at_idx"),
        )
    ],
)
def test_a_usage_query_has_its_index(connection: Connection, query: str, index: str) -> None:
    assert index in indexes_of(connection, QUERIES[query])


@pytest.mark.requirement("S1-Q01", "S1-B01")
def test_balance_of_an_account(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO blockchain.account_balances (account_id, total_balance, available_balance,"
        " locked_balance, nonce,"
        " energy_balances) VALUES ('account_123', 10::numeric ^ 77, 10::numeric ^ 77 - 5, 5, 41,"
        """ '{"solar": "1500000000", "wind": "7"}')""",
    )
    assert run(connection, QUERIES["S1-Q01"]) == [
        ("account_123", Decimal(10**77), {"wind": "7", "solar": "1500000000"})
    ]
    run(connection, "UPDATE blockchain.account_balances SET nonce = nonce + 1")
    by_source = (
        "SELECT energy_source, energy_base_units, energy_kwh, nonce FROM blockchain.api_balances"
        " WHERE account_id = 'account_123' ORDER BY energy_source"
    )
    assert run(connection, by_source) == [
        ("solar", Decimal(1500000000), Decimal("1.500000000"), 42),
        ("wind", Decimal(7), Decimal("0.000000007"), 42),
    ]


@pytest.mark.requirement("S1-Q02", "S1-B04", "S1-B13", "S1-F08")
def test_production_by_source(connection: Connection) -> None:
    run(connection, "UPDATE blockchain.registered_producers SET energy_sources = '{solar,wind}'")
    run(
        connection,
        "INSERT INTO grid.energy_production (producer_id, energy_amount, energy_source, timestamp, verified,"
        " verification_authority) VALUES ('P-1', 5.25, 'solar', now() - interval '1 hour', true,"
        " 'authority'),"
        " ('P-1', 2, 'wind', now() - interval '23 hours', false, NULL),"
        " ('P-1', 9, 'solar', now() - interval '25 hours', false, NULL)",
    )
    assert sorted(run(connection, QUERIES["S1-Q02"])) == [
        ("P-1", Decimal("2.000000"), "wind", False),
        ("P-1", Decimal("5.250000"), "solar", True),
    ]
    new = (
        "INSERT INTO grid.energy_production (producer_id, energy_amount, energy_source)"
        " VALUES ('P-1', 1, 'solar') RETURNING verified"
    )
    assert run(connection, new) == [(False,)]
    verify = "UPDATE grid.energy_production SET verified = true WHERE energy_amount = 1"
    assert refused(connection, verify) == "energy_production_verified_check"
    run(connection, f"{verify.replace('true', 'true, verification_authority = %s')}", "authority")
    checked = "SELECT verified, verification_authority FROM grid.energy_production WHERE energy_amount = 1"
    assert run(connection, checked) == [(True, "authority")]
    both = "SELECT producer_id FROM blockchain.registered_producers WHERE energy_sources @> '{solar,wind}'"
    assert run(connection, both) == [("P-1",)]
    unverified = "SELECT count(*) FROM grid.energy_production WHERE NOT verified"
    assert run(connection, unverified) == [(2,)]


@pytest.mark.requirement("S1-Q03", "S1-F01", "S1-F02", "S1-F03", "S1-F04", "S1-B14")
def test_trades_of_a_day(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value,"
        " grid_fee,"
        " carbon_offset, executed_at, settlement_status) VALUES"
        " (%s, %s, 2, 0.2, 0.4, 0.01, 0.8, now() - interval '2 hours', 'settled'),"
        " (%s, %s, 4, 0.2, 0.8, 0.02, 1.6, now() - interval '2 hours', 'pending'),"
        " (%s, %s, 8, 0.2, 1.6, 0.04, 3.2, now() - interval '25 hours', 'settled')",
        *(ANN, BOB) * 3,
    )
    # One of 1 kWh is in the world already.
    assert run(connection, QUERIES["S1-Q03"]) == [(2, Decimal("3.000000"))]
    parties = (
        "SELECT DISTINCT b.email, s.email FROM trading.api_trades AS t"
        " JOIN users AS b ON b.id = t.buyer_id JOIN users AS s ON s.id = t.seller_id"
    )
    assert run(connection, parties) == [("ann@example.org", "bob@example.org")]
    sums = "SELECT sum(grid_fee), sum(carbon_offset) FROM trading.api_trades WHERE grid_fee > 0"
    assert run(connection, sums) == [(Decimal("0.070000"), Decimal("5.600000"))]
    run(
        connection,
        "UPDATE trading.trades SET settlement_status = 'settled' WHERE settlement_status = 'pending'",
    )
    assert run(connection, QUERIES["S1-Q03"]) == [(3, Decimal("7.000000"))]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        pytest.param(change, constraint, marks=pytest.mark.requirement(requirement))
        for requirement, change, constraint in (
            ("S1-F01", "buyer_id = seller_id", "trades_parties_check"),
            ("S1-F01", "buyer_id = NULL", ""),
            ("S1-F01", "seller_id = NULL", ""),
            ("S1-F02", "grid_fee = -0.000001", "trades_grid_fee_check"),
            ("S1-F02", "grid_fee = 'NaN'", "trades_grid_fee_check"),
            ("S1-F03", "carbon_offset = -0.000001", "trades_carbon_offset_check"),
            ("S1-F03", "carbon_offset = 'NaN'", "trades_carbon_offset_check"),
        )
    ],
)
def test_a_trade_cannot_say_this(connection: Connection, change: str, constraint: str) -> None:
    run(connection, PENDING_TRADE)
    change = f"UPDATE trading.trades SET {change} WHERE settlement_status = 'pending'"
    assert refused(connection, change) == constraint


@pytest.mark.requirement("S1-F04")
def test_a_trade_has_no_other_state(connection: Connection) -> None:
    back = "UPDATE trading.trades SET settlement_status = 'pending'"
    assert refused(connection, back) == "trades_status_final"
    copy = (
        "INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value,"
        " executed_at, settlement_status) SELECT buyer_id, seller_id, 1, 1, 1, now(), %s FROM trading.trades"
        " WHERE settlement_status = 'settled'"
    )
    assert refused(connection, copy, "nearly") == "trades_settlement_status_check"
    for word in ("pending", "failed"):
        run(connection, copy, word)
    states = "SELECT settlement_status, settlement_state FROM trading.api_trades ORDER BY 1"
    assert run(connection, states) == [("failed", None), ("pending", None), ("settled", "completed")]


@pytest.mark.requirement("S1-K02")
def test_a_trade_names_only_what_was_published_for_the_chain(connection: Connection) -> None:
    run(connection, PENDING_TRADE)
    other = (
        "UPDATE trading.trades SET epoch_number = 202601010000, trade_index = 77"
        " WHERE settlement_status = 'pending'"
    )
    assert refused(connection, other) == "trades_leaf_published"
    copy = (
        "INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value,"
        " executed_at, epoch_number, trade_index)"
        " SELECT buyer_id, seller_id, 1, 1, 1, now(), epoch_number, 77 FROM trading.trades"
    )
    assert refused(connection, copy) == "trades_leaf_published"


@pytest.mark.requirement("S1-Q04", "S1-B09")
def test_health_of_the_grid(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO monitoring.grid_health (grid_code, health_score, congestion_level, recorded_at) VALUES"
        " ('BKK-01', 0.91, 'low', now() - interval '1 s'), ('BKK-01', 0.85, 'medium', now()),"
        " ('CNX-01', 0.99, 'low', now() - interval '30 s')",
    )
    assert run(connection, QUERIES["S1-Q04"]) == [("BKK-01", Decimal("0.8500"), "medium")]
    newest = "SELECT grid_code, health_score FROM monitoring.api_grid_health ORDER BY grid_code"
    assert run(connection, newest) == [("BKK-01", Decimal("0.8500")), ("CNX-01", Decimal("0.9900"))]


@pytest.mark.requirement("S1-B02")
def test_contracts_and_their_executions(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO blockchain.smart_contracts (contract_address, deployer, contract_name, abi)"
        """ VALUES ('program1', 'deployer1', 'gridtokenx', '{"spec": "0.1.0"}')""",
    )
    run(
        connection,
        "INSERT INTO blockchain.contract_executions (transaction_hash, contract_address, caller,"
        " method_name, status,"
        " gas_used, error_message) VALUES ('sig1', 'program1', 'ann', 'mint_energy', 'success', 5000, NULL),"
        " ('sig2', 'program1', 'ann', 'mint_energy', 'failed', 900, 'paused')",
    )
    log = (
        "SELECT c.contract_name, count(*), sum(e.gas_used), count(*) FILTER (WHERE e.status <> 'success')"
        " FROM blockchain.contract_executions AS e JOIN blockchain.smart_contracts AS c USING"
        " (contract_address)"
        " GROUP BY 1"
    )
    assert run(connection, log) == [("gridtokenx", 2, Decimal(5900), 1)]
    unknown = (
        "INSERT INTO blockchain.contract_executions (transaction_hash, contract_address, caller, method_name,"
        " status) VALUES ('sig3', 'nobody', 'ann', 'mint_energy', 'success')"
    )
    assert refused(connection, unknown) == "contract_executions_contract_address_fkey"
    errors = "SELECT subject, error FROM monitoring.api_errors WHERE source = 'contract'"
    assert run(connection, errors) == [("sig2", "paused")]


@pytest.mark.requirement("S1-B05", "S1-F09")
def test_consumption_by_any_appliance(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO grid.energy_consumption (consumer_id, energy_amount, consumer_type,"
        " appliance_breakdown) VALUES"
        """ ('C-1', 3, 'residential', '{"heat pump": "2.5", "oven": "0.5"}'),"""
        """ ('C-1', 1, 'residential', '{"a thing of 2031": "1"}')""",
    )
    heating = "SELECT energy_amount FROM grid.energy_consumption WHERE appliance_breakdown ? 'heat pump'"
    assert run(connection, heating) == [(Decimal("3.000000"),)]
    assert "energy_consumption_appliances_idx" in indexes_of(connection, heating)
    by_appliance = (
        "SELECT a.key, sum(a.value::numeric) FROM grid.energy_consumption,"
        " jsonb_each_text(appliance_breakdown) AS a GROUP BY 1 ORDER BY 1"
    )
    assert run(connection, by_appliance) == [
        ("a thing of 2031", Decimal(1)),
        ("heat pump", Decimal("2.5")),
        ("oven", Decimal("0.5")),
    ]


@pytest.mark.requirement("S1-B06")
def test_a_carbon_credit_is_issued_for_claimed_energy_and_retired(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO generation_claims (meter_id, period, energy_amount, carbon_credit_id)"
        " VALUES (%s, '[2026-02-01 00:00+00, 2026-02-01 06:00+00)', 10, %s)",
        NAMES["meter"],
        NAMES["credit"],
    )
    run(
        connection,
        "UPDATE grid.carbon_credits SET status = 'retired', retired_at = now() WHERE credit_id = 'CC-1'",
    )
    retired = (
        "SELECT c.credit_id, g.energy_amount FROM grid.carbon_credits AS c"
        " JOIN generation_claims AS g ON g.carbon_credit_id = c.id WHERE c.status = 'retired'"
    )
    assert run(connection, retired) == [("CC-1", Decimal("10.000000"))]
    again = "UPDATE grid.carbon_credits SET status = 'active' WHERE credit_id = 'CC-1'"
    assert refused(connection, again) == "carbon_credits_status_final"
    claim = (
        "INSERT INTO generation_claims (meter_id, period, energy_amount, carbon_credit_id)"
        " VALUES (%s, tstzrange(%s, timestamptz '2026-02-01 12:00+00'), 1, %s)"
    )
    twice = (NAMES["meter"], "2026-02-01 05:45+00", NAMES["credit"])
    assert refused(connection, claim, *twice) == "generation_claims_once"
    unknown = (NAMES["meter"], "2026-02-01 06:00+00", NAMES["ann"])
    assert refused(connection, claim, *unknown) == "generation_claims_carbon_credit_id_fkey"


@pytest.mark.requirement("S1-B07")
def test_a_storage_and_its_operations(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO grid.storage_operations (storage_id, operation_type, energy_amount, price_per_unit)"
        " VALUES"
        " ('B-1', 'charge', 3, 0), ('B-1', 'charge', 2, 0.05), ('B-1', 'discharge', 1.5, 0.3)",
    )
    view = "SELECT storage_id, state_of_charge, charged_mwh, discharged_mwh FROM grid.api_storage"
    assert run(connection, view) == [("B-1", Decimal("0.400000"), Decimal("5.000000"), Decimal("1.500000"))]
    overfull = "UPDATE grid.energy_storage SET current_charge = capacity_mwh + 0.000001"
    assert refused(connection, overfull) == "energy_storage_current_charge_check"
