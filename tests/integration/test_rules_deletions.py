"""What keeps a user from being deleted, and what stays of claims when meters go."""

from __future__ import annotations

import pytest

from tests.support.breaking import refused, run
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, Connection

# Follows the cascades from users and lists every key on the way that refuses a deletion.
REFUSING_KEYS = """
WITH RECURSIVE lost (relation) AS (
    SELECT 'public.users'::regclass::oid
    UNION
    SELECT k.conrelid FROM pg_constraint AS k JOIN lost ON lost.relation = k.confrelid
     WHERE k.contype = 'f' AND k.confdeltype = 'c')
SELECT DISTINCT k.conrelid::regclass::text || '.' || k.conname
  FROM pg_constraint AS k JOIN lost ON lost.relation = k.confrelid
 WHERE k.contype = 'f' AND k.confdeltype IN ('a', 'r') AND k.conparentid = 0
   AND k.conrelid::regclass::text NOT LIKE 'pg_%'
 ORDER BY 1
"""
MEMBER = "00000000-0000-0000-0000-0000000000aa"
MEMBERSHIP = f"""
INSERT INTO users (id, email, username) VALUES ('{MEMBER}', 'dan@example.org', 'dan');
INSERT INTO meter_registry (user_id, meter_serial) VALUES ('{MEMBER}', 'SN-dan');
INSERT INTO meter_readings (meter_id, user_id, "timestamp", energy_generated)
SELECT id, user_id, date_trunc('hour', now()), 1 FROM meter_registry WHERE meter_serial = 'SN-dan';
INSERT INTO erc_certificates (user_id, certificate_id, energy_amount, status)
VALUES ('{MEMBER}', 'ERC-dan', 1, 'retired');
INSERT INTO generation_claims (meter_id, period, energy_amount, certificate_id)
SELECT m.id, '[2026-02-01 00:00+00, 2026-02-01 01:00+00)', 1, c.id
  FROM meter_registry AS m, erc_certificates AS c
 WHERE m.meter_serial = 'SN-dan' AND c.certificate_id = 'ERC-dan';
INSERT INTO governance.voting_power_snapshots (proposal_id, user_id, voting_power)
VALUES ('{NAMES["early"]}', '{MEMBER}', 5), ('{NAMES["early"]}', '{NAMES["cid"]}', 3);
INSERT INTO hosting.curtailment_plans (site_id, target_power_reduction, status, executed_at, created_by)
VALUES (1, 1, 'executed', now(), '{MEMBER}');
"""
CLAIM = """
INSERT INTO generation_claims (meter_id, period, energy_amount, certificate_id)
SELECT m.id, '[2026-02-01 {}+00, 2026-02-01 {}+00)', 1, c.id
  FROM meter_registry AS m, erc_certificates AS c
 WHERE m.meter_serial = 'SN-dan' AND c.certificate_id = 'ERC-1'
"""


@pytest.mark.requirement("S4-K13")
def test_only_money_votes_and_proposals_keep_a_user(postgres: DatabaseServer) -> None:
    """Settlements on their way do too; a trigger says so."""
    with postgres.database() as url:
        assert [name for (name,) in query(url, REFUSING_KEYS)] == [
            "community.transactions.transactions_user_id_fkey",
            "governance.proposals.proposals_proposer_id_fkey",
            "governance.votes.votes_voter_id_fkey",
            "investment.investments.investments_user_id_fkey",
            "investment.revenue_payouts.revenue_payouts_user_id_fkey",
        ]


@pytest.mark.requirement("S0-K01", "S4-K12")
def test_a_user_with_claims_and_power_can_be_deleted(connection: Connection) -> None:
    run(connection, MEMBERSHIP)
    run(connection, f"DELETE FROM users WHERE id = '{MEMBER}'")
    claims = (
        "SELECT g.meter_id, g.meter_key = indexer.meter_key('SN-dan'), g.energy_amount = 1, c.user_id,"
        " c.status FROM generation_claims AS g JOIN erc_certificates AS c ON c.id = g.certificate_id"
        " WHERE c.certificate_id = 'ERC-dan'"
    )
    assert run(connection, claims) == [(None, True, True, None, "retired")]
    power = f"SELECT total_voting_power = 8 FROM governance.proposals WHERE id = '{NAMES['early']}'"
    assert run(connection, power) == [(True,)]
    assert run(
        connection, f"SELECT count(*) FROM governance.voting_power_snapshots WHERE user_id = '{MEMBER}'"
    ) == [(1,)]
    plans = "SELECT status, created_by FROM hosting.curtailment_plans ORDER BY id DESC LIMIT 1"
    assert run(connection, plans) == [("executed", None)]


def test_a_serial_registered_anew_claims_nothing_twice(connection: Connection) -> None:
    run(connection, MEMBERSHIP)
    run(connection, f"DELETE FROM users WHERE id = '{MEMBER}'")
    run(connection, f"INSERT INTO meter_registry (user_id, meter_serial) VALUES ('{NAMES['cid']}', 'SN-dan')")
    assert refused(connection, CLAIM.format("00:45", "01:15")) == ("23P01", "generation_claims_once")
    run(connection, CLAIM.format("01:00", "01:15"))


def test_a_meter_with_claims_is_deleted_alone(connection: Connection) -> None:
    run(connection, MEMBERSHIP)
    run(connection, "DELETE FROM meter_registry WHERE meter_serial = 'SN-dan'")
    left = "SELECT meter_id FROM generation_claims WHERE meter_key = indexer.meter_key('SN-dan')"
    assert run(connection, left) == [(None,)]


@pytest.mark.parametrize(
    "change",
    [
        "meter_id = NULL",
        f"meter_id = '{NAMES['foreign_meter']}'",
        "meter_key = decode(repeat('ab', 16), 'hex')",
        "period = '[2026-03-01 00:00+00, 2026-03-01 01:00+00)'",
        "energy_amount = 0.5",
        f"certificate_id = NULL, carbon_credit_id = '{NAMES['credit']}'",
    ],
)
def test_a_claim_never_changes(connection: Connection, change: str) -> None:
    assert refused(connection, f"UPDATE generation_claims SET {change}") == (
        "23001",
        "generation_claims_fixed",
    )


def test_a_claim_goes_when_what_was_issued_for_it_is_void(connection: Connection) -> None:
    drop = "DELETE FROM generation_claims"
    assert refused(connection, drop) == ("23001", "generation_claims_kept")
    run(connection, "UPDATE erc_certificates SET status = 'revoked' WHERE certificate_id = 'ERC-1'")
    run(connection, drop)
    assert run(connection, "SELECT count(*) FROM generation_claims") == [(0,)]


@pytest.mark.parametrize("meter", ["NULL", f"'{NAMES['credit']}'"])
def test_a_claim_names_a_meter(connection: Connection, meter: str) -> None:
    claim = (
        "INSERT INTO generation_claims (meter_id, period, energy_amount, certificate_id) VALUES"
        f" ({meter}, '[2026-03-01 00:00+00, 2026-03-01 01:00+00)', 1, '{NAMES['certificate']}')"
    )
    assert refused(connection, claim) == ("23503", "generation_claims_meter_id_fkey")


def test_the_key_of_a_claim_is_that_of_its_meter(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO generation_claims (meter_id, meter_key, period, energy_amount, certificate_id) VALUES"
        f" ('{NAMES['meter']}', decode(repeat('ab', 16), 'hex'),"
        f" '[2026-03-01 00:00+00, 2026-03-01 01:00+00)', 1, '{NAMES['certificate']}')",
    )
    keys = "SELECT DISTINCT meter_key = indexer.meter_key('SN-1') FROM generation_claims"
    assert run(connection, keys) == [(True,)]
