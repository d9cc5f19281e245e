"""What has ended keeps its content too, and cannot be deleted and written anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gridtokenx_indexer.store.roles import APP, apply_roles
from tests.support.breaking import acting_as, refused, refused_after_waiting, run
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection, rules

# Leaves have a guard of their own, which lets nothing but their progress move.
ENDED = [(each["table"], each["where"]) for each in rules("final") if each["table"] != "indexer.trade_leaves"]
ENDED.append(("governance.proposals", "title = 'closed'"))
MOVABLE = {
    "erc_certificates": {"metadata"},
    "settlements": {"retry_count", "error_message"},
    "trading.trades": {"carbon_offset"},
    "governance.proposals": {"metadata"},
    "hosting.curtailment_plans": {"recovery_time"},
    "community.transactions": {"description", "metadata"},
}
FILLED_IN_ONCE = {
    "erc_certificates": {"ended_at"},
    "grid.carbon_credits": {"retired_at"},
    "hosting.curtailment_plans": {"recovered_at"},
    "investment.revenue_distributions": {"distribution_date"},
    "investment.revenue_payouts": {"transaction_hash"},
    "community.transactions": {"transaction_hash"},
}
STATE = {"trading.trades": "settlement_status"}
COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute AS a
 WHERE a.attrelid = '{}'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
"""
OTHER_VALUES = {
    "uuid": "gen_random_uuid()",
    "character varying": "'other'",
    "text": "'other'",
    "numeric": "7.5",
    "integer": "7",
    "bigint": "7",
    "boolean": "NOT {}",
    "jsonb": """'{{"other": 1}}'""",
    "timestamp with time zone": "'2126-01-01'",
    "date": "'2126-01-01'",
}
VALID_CREDIT = (
    "INSERT INTO grid.carbon_credits (credit_id, issuer, holder, energy_source, energy_amount, offset_amount,"
    " certification_body, serial_first, serial_last) VALUES ('{}', 'issuer', 'bob', 'solar', 10, 5, 'Verra',"
    " {}, {})"
)


def settings_of(connection: Connection, table: str) -> dict[str, str]:
    """Column to an assignment of another value."""
    return {
        str(name): f"{name} = {OTHER_VALUES[str(kind)].format(name)}"
        for name, kind in run(connection, COLUMNS.format(table))
        if name not in (STATE.get(table, "status"), "updated_at")
    }


@pytest.mark.parametrize(("table", "where"), ENDED)
def test_an_ended_row_keeps_its_content(connection: Connection, table: str, where: str) -> None:
    rule = table.rpartition(".")[2] + "_ended_kept"
    for column, setting in settings_of(connection, table).items():
        change = f"UPDATE {table} SET {setting} WHERE {where}"
        if column in MOVABLE.get(table, ()):
            run(connection, change)
            continue
        if (table, where, column) == ("hosting.curtailment_plans", "id = 2", "recovered_at"):
            continue  # A cancelled plan has nothing to recover from: a check refuses it.
        missing = run(connection, f"SELECT {column} IS NULL FROM {table} WHERE {where}") == [(True,)]
        if missing and column in FILLED_IN_ONCE.get(table, ()):
            run(connection, change)
            change = f"UPDATE {table} SET {column} = NULL WHERE {where}"
        assert refused(connection, change) == ("23001", rule), column
    assert refused(connection, f"DELETE FROM {table} WHERE {where}") == ("23001", rule)


def test_every_final_state_keeps_its_content(world: str) -> None:
    """Of all tables: where a state is final, a trigger keeps the rest of the row."""
    final = (
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgparentid = 0 AND NOT tgisinternal"
        " AND tgfoid = 'indexer.{}'::regproc ORDER BY 1"
    )
    kept = {table for (table,) in query(world, final.format("keep_ended_row"))}
    assert {table for (table,) in query(world, final.format("refuse_leaving_state"))} <= kept
    assert kept == {table for table, _ in ENDED}


def test_a_retired_credit_does_not_come_back(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        query(url, WORLD)
        apply_roles(url)
        with acting_as(url, APP) as app:
            gone = "DELETE FROM grid.carbon_credits WHERE credit_id = 'CC-2'"
            assert refused(app, gone) == ("23001", "carbon_credits_ended_kept")
            anew = VALID_CREDIT.format("CC-2", 300, 399)
            assert refused(app, anew) == ("23505", "carbon_credits_credit_id_key")
            moved = (
                "UPDATE grid.carbon_credits SET serial_first = 900, serial_last = 999 WHERE credit_id = '{}'"
            )
            assert refused(app, moved.format("CC-2")) == ("23001", "carbon_credits_ended_kept")
            assert refused(app, moved.format("CC-1")) == ("23001", "carbon_credits_issue_fixed")
            run(app, "DELETE FROM grid.carbon_credits WHERE credit_id = 'CC-1'")
            run(app, "DELETE FROM hosting.curtailment_plans WHERE id = 3")
            assert refused(app, "DELETE FROM hosting.curtailment_plans") == (
                "23001",
                "curtailment_plans_ended_kept",
            )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("erc_certificates", "energy_amount = 20"),
        ("erc_certificates", "certificate_id = 'ERC-2'"),
        ("erc_certificates", "issue_date = now() - interval '1 day'"),
        ("grid.carbon_credits", "offset_amount = 20"),
        ("grid.carbon_credits", "credit_id = 'CC-9'"),
        ("grid.carbon_credits", "serial_last = NULL, serial_first = NULL"),
    ],
)
def test_what_was_issued_stays_the_same(connection: Connection, table: str, column: str) -> None:
    name = table.rpartition(".")[2]
    change = f"UPDATE {table} SET {column} WHERE status = 'active'"
    assert refused(connection, change) == ("23001", f"{name}_issue_fixed")


def test_what_was_unknown_at_the_issue_is_filled_in(connection: Connection) -> None:
    known = (
        "UPDATE erc_certificates SET period_start = '2026-01-01', period_end = '2026-01-02'"
        " WHERE status = 'active'"
    )
    run(connection, known)
    run(connection, known)
    later = known.replace("2026-01-02", "2026-01-03")
    assert refused(connection, later) == ("23001", "erc_certificates_issue_fixed")


def transfer(certificate: str, giver: str = "ann", date: str = "now()") -> str:
    return (
        "INSERT INTO erc_certificate_transfers (certificate_id, from_user_id, to_user_id, transfer_date)"
        f" SELECT id, '{NAMES[giver]}', '{NAMES['cid']}', {date} FROM erc_certificates"
        f" WHERE certificate_id = '{certificate}'"
    )


@pytest.mark.parametrize("certificate", ["ERC-retired", "ERC-revoked", "ERC-expired"])
def test_an_ended_certificate_is_not_transferred(connection: Connection, certificate: str) -> None:
    assert refused(connection, transfer(certificate)) == ("23001", "erc_certificate_transfers_valid")


def test_a_certificate_is_transferred_until_it_expires(connection: Connection) -> None:
    run(connection, "UPDATE erc_certificates SET expiry_date = now() WHERE certificate_id = 'ERC-1'")
    assert refused(connection, transfer("ERC-1")) == ("23001", "erc_certificate_transfers_valid")
    run(connection, transfer("ERC-1", date="now() - interval '1 s'"))


def test_a_certificate_is_transferred_by_its_owner(connection: Connection) -> None:
    assert refused(connection, transfer("ERC-1", "bob")) == ("23001", "erc_certificate_transfers_holder")
    run(connection, transfer("ERC-1"))
    run(connection, f"UPDATE erc_certificates SET user_id = '{NAMES['cid']}' WHERE certificate_id = 'ERC-1'")
    run(connection, transfer("ERC-1"))
    run(connection, f"UPDATE erc_certificates SET user_id = '{NAMES['bob']}' WHERE certificate_id = 'ERC-1'")
    assert refused(connection, transfer("ERC-1")) == ("23001", "erc_certificate_transfers_holder")


@pytest.fixture
def own_url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as url:
        query(url, WORLD)
        yield url


def test_a_transfer_waits_for_the_end_of_its_certificate(own_url: str) -> None:
    end = "UPDATE erc_certificates SET status = 'retired' WHERE certificate_id = 'ERC-1'"
    assert refused_after_waiting(own_url, end, transfer("ERC-1")) == "erc_certificate_transfers_valid"


def test_a_miner_waits_for_the_end_of_its_plan(own_url: str) -> None:
    end = "UPDATE hosting.curtailment_plans SET status = 'cancelled' WHERE id = 3"
    add = "INSERT INTO hosting.curtailment_plan_miners (plan_id, miner_id, shutdown_order) VALUES (3, 2, 2)"
    assert refused_after_waiting(own_url, end, add) == "curtailment_plan_miners_plan_open"


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO hosting.curtailment_plan_miners (plan_id, miner_id, shutdown_order) VALUES (3, 2, 2)",
        "UPDATE hosting.curtailment_plan_miners SET shutdown_order = 5",
        "UPDATE hosting.curtailment_plan_miners SET plan_id = 1",
        "DELETE FROM hosting.curtailment_plan_miners",
    ],
)
def test_the_miners_of_an_ended_plan_are_fixed(connection: Connection, change: str) -> None:
    run(
        connection,
        "UPDATE hosting.curtailment_plans SET status = 'executed', executed_at = now() WHERE id = 3",
    )
    assert refused(connection, change) == ("23001", "curtailment_plan_miners_plan_open")


def test_the_miners_of_an_open_plan_move_and_go_with_it(connection: Connection) -> None:
    run(connection, "UPDATE hosting.curtailment_plan_miners SET shutdown_order = 5")
    to_an_ended_plan = "UPDATE hosting.curtailment_plan_miners SET plan_id = 1"
    assert refused(connection, to_an_ended_plan) == ("23001", "curtailment_plan_miners_plan_open")
    run(connection, "DELETE FROM hosting.curtailment_plans WHERE id = 3")
    assert run(connection, "SELECT count(*) FROM hosting.curtailment_plan_miners") == [(0,)]


@pytest.mark.parametrize(
    ("table", "column"), [("erc_certificates", "user_id"), ("hosting.curtailment_plans", "created_by")]
)
def test_a_user_who_stays_does_not_lose_what_ended(connection: Connection, table: str, column: str) -> None:
    """Losing him is the matter of his deletion alone."""
    run(
        connection,
        "INSERT INTO hosting.curtailment_plans (site_id, target_power_reduction, status, executed_at,"
        f" created_by) VALUES (1, 1, 'executed', now(), '{NAMES['ann']}')",
    )
    lose = f"UPDATE {table} SET {column} = NULL WHERE {column} = '{NAMES['ann']}' AND status <> 'active'"
    assert refused(connection, lose) == ("23001", table.rpartition(".")[2] + "_ended_kept")
