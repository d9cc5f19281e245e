"""Other applications write the domains that are theirs, and what they do is traced."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from gridtokenx_indexer.store.roles import APP, READER, SERVICE, apply_roles
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection

DAILY_WORK = """
INSERT INTO governance.proposals (proposer_id, title, status, voting_start, voting_end)
SELECT id, 'new', 'active', now() - interval '1 h', now() + interval '1 h' FROM users WHERE username = 'cid';
INSERT INTO governance.votes (proposal_id, voter_id, vote_type, voting_power)
SELECT p.id, u.id, 'yes', 1 FROM governance.proposals AS p, users AS u WHERE p.title = 'new';
UPDATE governance.votes SET vote_type = 'no' FROM users AS u WHERE u.id = voter_id AND u.username = 'ann';
INSERT INTO governance.comments (proposal_id, user_id, content)
SELECT p.id, p.proposer_id, 'mine' FROM governance.proposals AS p WHERE p.title = 'new';
INSERT INTO hosting.hosting_sites (name, capacity_mw) VALUES ('south', 2);
INSERT INTO hosting.hosting_miners (serial_number, miner_model_id, site_id)
SELECT 'M-' || g, 1, s.id FROM hosting.hosting_sites AS s, generate_series(10, 14) AS g
 WHERE s.name = 'south';
UPDATE hosting.hosting_miners SET status = 'offline' WHERE serial_number = 'M-10';
DELETE FROM hosting.hosting_miners WHERE serial_number = 'M-11';
INSERT INTO hosting.miner_telemetry (miner_id, hashrate) SELECT id, 100 FROM hosting.hosting_miners;
UPDATE hosting.curtailment_plans SET status = 'approved' WHERE id = 3;
INSERT INTO crm.crm_deals (lead_id, title, stage) VALUES (1, 'won at once', 'closed_won');
INSERT INTO community.notifications (user_id, type, title) SELECT id, 'news', 'hello' FROM users;
INSERT INTO community.transactions (user_id, type, amount, currency)
SELECT id, 'deposit', 1, 'GTX' FROM users;
INSERT INTO investment.investments (user_id, asset_id, amount_tokens, purchase_price)
SELECT u.id, a.id, 2, 10 FROM users AS u, investment.assets AS a;
INSERT INTO grid.energy_production (producer_id, energy_amount, energy_source) VALUES ('P-1', 1, 'solar');
INSERT INTO hosting.users (email, name, role) VALUES ('hal@example.org', 'Hal', 'client');
UPDATE community.users SET first_name = 'Hal' WHERE email = 'hal@example.org';
INSERT INTO investment.users (email) VALUES ('ida@example.org');
"""


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as made:
        query(made, WORLD)
        apply_roles(made)
        yield made


def acting_as(connection: Connection, role: str) -> None:
    connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())


def test_an_application_does_its_daily_work(url: str) -> None:
    with psycopg.connect(url) as connection:
        acting_as(connection, APP)
        connection.execute(f"SELECT set_config('gridtokenx.user_id', '{NAMES['cid']}', true)".encode())
        connection.execute(DAILY_WORK.encode())
        tallies = "SELECT total_votes, yes_votes, no_votes FROM governance.api_proposals WHERE title = 'new'"
        assert connection.execute(tallies.encode()).fetchall() == [(3, 2, 1)]
        counts = "SELECT total_miners, active_miners FROM hosting.api_sites WHERE name = 'south'"
        assert connection.execute(counts.encode()).fetchall() == [(4, 3)]
        connection.execute("RESET SESSION AUTHORIZATION")
        traces = connection.execute(
            "SELECT DISTINCT actor, user_id::text FROM audit_logs WHERE resource_type = 'governance.votes'"
            " AND transaction_id = pg_current_xact_id()"
        )
        assert traces.fetchall() == [(APP, NAMES["cid"])]
        connection.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance.proposals SET yes_votes = 1",
        "UPDATE hosting.hosting_sites SET total_miners = 1",
        "INSERT INTO audit_logs (action) VALUES ('forged')",
        "INSERT INTO indexer.audit_seals DEFAULT VALUES",
        "UPDATE trading.trades SET grid_fee = 0",
        "DELETE FROM governance.votes_h0",
    ],
)
@pytest.mark.parametrize("role", [APP, READER])
def test_what_follows_from_other_rows_is_not_theirs(url: str, role: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        acting_as(connection, role)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_the_service_seals_but_does_not_write_seals(url: str) -> None:
    with psycopg.connect(url) as connection:
        acting_as(connection, SERVICE)
        assert connection.execute("SELECT indexer.seal_audit_logs()").fetchone() is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO indexer.audit_seals DEFAULT VALUES")
