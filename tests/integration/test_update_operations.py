"""What the update document promises operators, shown at work: figures, errors, registers, traces."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.rule_world import NAMES, Connection
from tests.support.statements import indexes_of, refused, run

ANN, BOB = NAMES["ann"], NAMES["bob"]


@pytest.mark.requirement("S1-F10")
def test_any_metric_can_be_recorded(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO monitoring.system_metrics (metric_name, metric_value, metric_type, labels)"
        """ VALUES ('never_seen_before', 0.00000001, 'gauge', '{"zone": "3", "unit": "pu"}')""",
    )
    found = (
        """SELECT metric_name, metric_value FROM monitoring.system_metrics WHERE labels @> '{"zone": "3"}'"""
    )
    assert run(connection, found) == [("never_seen_before", Decimal("0.00000001"))]
    newest = (
        "SELECT metric_value FROM monitoring.system_metrics WHERE metric_name = 'never_seen_before'"
        " AND recorded_at >= now() ORDER BY recorded_at DESC LIMIT 1"
    )
    assert run(connection, newest) == [(Decimal("0.00000001"),)]
    assert "metric_name_recorded_at_idx" in indexes_of(connection, newest)


@pytest.mark.requirement("S1-B10")
def test_transaction_figures_by_the_hour(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO monitoring.transaction_metrics (block_number, transaction_count, total_gas_used,"
        " energy_traded,"
        " avg_confirmation_time, recorded_at) SELECT g, g, 100, 0.5, g, date_trunc('hour', now()) + g *"
        " interval '1 min'"
        " FROM generate_series(1, 3) AS g",
    )
    hours = (
        "SELECT transactions, compute_units, energy_kwh, avg_confirmation_s FROM"
        " monitoring.api_transaction_hours"
    )
    # 1, 2 and 3 transactions that took 1, 2 and 3 seconds: 14 seconds over 6 transactions.
    assert run(connection, hours) == [(6, Decimal(300), Decimal("1.500000"), Decimal("2.333"))]


@pytest.mark.requirement("S1-B11")
def test_errors_of_all_kinds_are_found_in_one_place(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO minting_retry_queue (mint_window, meter_key, status, error_class, error_message)"
        " VALUES (floor(extract(epoch FROM now()) / 900), decode(repeat('ab', 16), 'hex'), 'parked',"
        " 'operator', 'no wallet')",
    )
    run(connection, "UPDATE settlements SET error_message = 'rejected: Frozen'")
    slot = 300_000_000
    for table in ("indexer.tx_attempts", "public.blockchain_transactions"):
        run(connection, f"SELECT indexer.ensure_partition('{table}', {slot}::bigint)")
    run(
        connection,
        "INSERT INTO blockchain_transactions (slot, signature, tx_index, fee_payer, signers, program_ids,"
        " status, error, fee_lamports, log_truncated, recent_blockhash)"
        """ VALUES (%s, 'failed', 0, 'signer', '{signer}', '{}', 'failed', '"AccountInUse"', 5000, false,"""
        " 'hash')",
        slot,
    )
    run(
        connection,
        "INSERT INTO indexer.tx_attempts (blockhash_slot, signature, kind, signer, transaction, blockhash,"
        " last_valid_block_height, fee_lamports, compute_unit_limit, compute_unit_price_micro_lamports,"
        " lease_name, lease_term, last_send_error)"
        " VALUES (%s, 'unsent', 'mint', 'signer', 'x', 'hash', 1, 5000, 1, 1, 'minter', 1, 'refused')",
        slot,
    )
    run(
        connection,
        "INSERT INTO blockchain.smart_contracts (contract_address, deployer, contract_name)"
        " VALUES ('program1', 'deployer1', 'gridtokenx')",
    )
    run(
        connection,
        "INSERT INTO blockchain.contract_executions (transaction_hash, contract_address, caller, method_name,"
        " status) VALUES ('sig1', 'program1', 'ann', 'mint_energy', 'reverted')",
    )
    run(connection, "UPDATE market_epochs SET status = 'active'")
    run(connection, "UPDATE market_epochs SET status = 'clearing'")
    run(connection, "UPDATE market_epochs SET status = 'failed', failure = 'no rules'")
    found = run(connection, "SELECT source, error FROM monitoring.api_errors ORDER BY source")
    assert found == [
        ("attempt", "refused"),
        ("contract", "reverted"),
        ("epoch", "no rules"),
        ("mint", "no wallet"),
        ("settlement", "rejected: Frozen"),
        ("transaction", '"AccountInUse"'),
    ]


@pytest.mark.requirement("S1-B12")
def test_producers_and_consumers_are_registered(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO blockchain.registered_producers (producer_id, user_id, producer_name,"
        " producer_type, capacity_kw,"
        """ location_json) VALUES ('P-2', %s, 'Ann', 'community', 12.5, '{"province": "Chiang Mai"}')""",
        ANN,
    )
    run(
        connection,
        "INSERT INTO blockchain.registered_consumers (consumer_id, user_id, consumer_name, consumer_type,"
        " avg_consumption_kwh, peak_demand_kw) VALUES ('C-2', %s, 'Bob', 'agricultural', 8, 3)",
        BOB,
    )
    where = (
        """SELECT producer_id FROM blockchain.registered_producers WHERE location_json @>"""
        """ '{"province": "Chiang Mai"}'"""
    )
    assert run(connection, where) == [("P-2",)]
    run(connection, "UPDATE blockchain.registered_consumers SET verified = true WHERE consumer_id = 'C-2'")
    verified = "SELECT consumer_id FROM blockchain.registered_consumers WHERE verified AND updated_at = now()"
    assert run(connection, verified) == [("C-2",)]
    for kind in ("producer", "consumer"):
        table = f"blockchain.registered_{kind}s"
        same = f"UPDATE {table} SET {kind}_id = '{kind[0].upper()}-1'"
        assert refused(connection, same) == f"registered_{kind}s_{kind}_id_key"
        odd = f"UPDATE {table} SET {kind}_type = 'pirate'"
        assert refused(connection, odd) == f"registered_{kind}s_{kind}_type_check"


@pytest.mark.requirement("S1-B15")
def test_no_table_of_transactions_is_without_an_audit_trail(connection: Connection) -> None:
    watched = (
        "SELECT t.tgrelid::regclass::text FROM pg_trigger AS t"
        " WHERE t.tgfoid IN ('indexer.audit_row'::regproc, 'indexer.audit_updates'::regproc)"
        "   AND t.tgenabled <> 'D'"
        # Some triggers are for the daemon alone; what others write has its own.
        "   AND pg_get_triggerdef(t.oid) !~ $$ = 'gridtokenx_service'::name$$ GROUP BY 1"
        # Bits of tgtype: 8 for DELETE, 16 for UPDATE.
        " HAVING bit_or(t.tgtype & 24) = 24"
    )
    traced = {row[0] for row in run(connection, watched)}
    assert {
        "trading_orders",
        "order_matches",
        "settlements",
        "trading.trades",
        "meter_readings",
        "erc_certificate_transfers",
        "generation_claims",
        "grid.carbon_credits",
        "grid.storage_operations",
        "investment.investments",
        "investment.revenue_distributions",
        "investment.revenue_payouts",
        "community.transactions",
    } <= traced


@pytest.mark.requirement("S1-P07", "S1-P08")
def test_the_use_of_every_index_can_be_seen(connection: Connection) -> None:
    missing = (
        "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'i' AND n.nspname IN ('grid', 'monitoring', 'blockchain', 'trading',"
        " 'governance')"
        " AND NOT EXISTS (SELECT FROM monitoring.index_usage AS u"
        "                  WHERE u.schema_name = n.nspname AND u.index_name = c.relname)"
    )
    assert run(connection, missing) == []
    usage = (
        "SELECT scans FROM monitoring.index_usage WHERE index_name = 'registered_producers_producer_id_key'"
    )
    before = run(connection, usage)
    run(connection, "SET LOCAL enable_seqscan = off")
    run(connection, "SELECT FROM blockchain.registered_producers WHERE producer_id = 'P-1'")
    run(connection, "SELECT pg_stat_force_next_flush()")
    connection.rollback()
    assert run(connection, usage)[0][0] > before[0][0]
    figures = (
        "SELECT bytes > 0, blocks_read + blocks_hit > 0, entries_read IS NOT NULL, is_unique"
        " FROM monitoring.index_usage WHERE index_name = 'registered_producers_producer_id_key'"
    )
    assert run(connection, figures) == [(True, True, True, True)]


@pytest.mark.requirement("S1-B03")
def test_a_transaction_is_followed_from_its_writing_to_its_end(connection: Connection) -> None:
    slot = 300_000_000
    for table in ("indexer.tx_attempts", "public.blockchain_transactions"):
        run(connection, f"SELECT indexer.ensure_partition('{table}', {slot}::bigint)")
    for signature in ("written", "landed", "dead"):
        run(
            connection,
            "INSERT INTO indexer.tx_attempts (blockhash_slot, signature, kind, signer, transaction,"
            " blockhash,"
            " last_valid_block_height, fee_lamports, compute_unit_limit, compute_unit_price_micro_lamports,"
            " lease_name, lease_term) VALUES (%s, %s, 'mint', 'signer', 'x', 'hash', 1, 5000, 1, 1,"
            " 'minter', 1)",
            slot,
            signature,
        )
    run(
        connection,
        "INSERT INTO blockchain_transactions (slot, signature, tx_index, fee_payer, signers,"
        " program_ids, status,"
        " fee_lamports, log_truncated, recent_blockhash)"
        " VALUES (%s, 'landed', 0, 'signer', '{signer}', '{}', 'confirmed', 5000, false, 'hash')",
        slot + 2,
    )
    life = (
        "SELECT signature, attempt_status, slot, chain_status, finalized FROM blockchain.api_transactions"
        " ORDER BY signature"
    )
    run(
        connection,
        "UPDATE indexer.tx_attempts SET status = 'dead', closed_at = now() WHERE signature = 'dead'",
    )
    assert run(connection, life) == [
        ("dead", "dead", None, None, False),
        ("landed", "signed", slot + 2, "confirmed", False),
        ("written", "signed", None, None, False),
    ]
    run(
        connection,
        "INSERT INTO indexer.cursors (name, genesis_hash, program_id, anchor_slot, head_slot, head_blockhash,"
        " head_block_height, finalized_slot, finalized_blockhash, finalized_block_height, lease_term)"
        " VALUES ('chain', 'g', 'p', 1, %s, 'h', 1, %s, 'h', 1, 1)",
        slot + 9,
        slot + 2,
    )
    assert run(connection, life)[1] == ("landed", "signed", slot + 2, "confirmed", True)
