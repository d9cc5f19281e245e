"""The rules hold whichever statement brings the rows, and however long a transaction has been waiting."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from gridtokenx_indexer.store.roles import APP, SERVICE, apply_roles
from tests.support.breaking import refused, run
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import WORLD, Connection, with_ids

WAYS = {
    "upsert": (
        "INSERT INTO governance.votes (proposal_id, voter_id, vote_type) VALUES ('{over}', '{bob}', 'no')"
        " ON CONFLICT (proposal_id, voter_id) DO UPDATE SET vote_type = 'no'",
        "votes_voting_open",
    ),
    "upsert of a final state": (
        "INSERT INTO grid.carbon_credits (credit_id, issuer, holder, energy_source, energy_amount,"
        " offset_amount, certification_body) VALUES ('CC-2', 'i', 'h', 'solar', 1, 1, 'Verra')"
        " ON CONFLICT (credit_id) DO UPDATE SET status = 'active'",
        "carbon_credits_(status_final|ended_kept)",
    ),
    "merge": (
        "MERGE INTO grid.energy_storage AS s USING (VALUES (10.000001)) AS v (charge) ON true"
        " WHEN MATCHED THEN UPDATE SET current_charge = v.charge",
        "energy_storage_current_charge_check",
    ),
    "merge that inserts": (
        "MERGE INTO trading_orders AS o USING users AS u ON false WHEN NOT MATCHED AND u.username = 'ann'"
        " THEN INSERT (user_id, order_type, energy_amount, price_per_kwh) VALUES (u.id, 'buy', 0.0015, 1)",
        "trading_orders_lot",
    ),
    "update from": (
        "UPDATE trading_orders AS o SET status = 'filled' FROM users AS u WHERE u.id = o.user_id",
        "trading_orders_status_by_clearing",
    ),
    "a common table expression": (
        "WITH moved AS (UPDATE hosting.curtailment_plans SET status = 'pending' WHERE id = 1 RETURNING id)"
        " SELECT * FROM moved",
        "curtailment_plans_(status_final|ended_kept)",
    ),
    "a view": (
        "UPDATE community.users SET role = 'king' WHERE username = 'ann'",
        "users_role_check",
    ),
}
COPIED = {
    "generation_claims (meter_id, period, energy_amount, certificate_id)": (
        '{meter}\t["2026-01-01 00:45+00","2026-01-01 01:15+00")\t1\t{certificate}',
        "generation_claims_once",
    ),
    "governance.votes (proposal_id, voter_id, vote_type)": ("{over}\t{ann}\tyes", "votes_voting_open"),
    "trading_orders (user_id, order_type, energy_amount, price_per_kwh)": (
        "{ann}\tbuy\t1\t1000.000001",
        "trading_orders_price_band",
    ),
    "governance.comments (proposal_id, user_id, parent_id, content)": (
        "{over}\t{ann}\t{comment}\tstray",
        "comments_parent_fkey",
    ),
}
CLOSED_TO_ALL = [
    "SET session_replication_role = replica",
    "ALTER TABLE governance.votes DISABLE TRIGGER ALL",
    "DROP TRIGGER votes_tally_insert ON governance.votes",
    "TRUNCATE governance.votes",
    "TRUNCATE users CASCADE",
    "INSERT INTO governance.votes_h0 SELECT * FROM governance.votes",
    "UPDATE governance.votes_h1 SET vote_type = 'no'",
    "DELETE FROM governance.comments_h2",
    "CREATE RULE quiet AS ON UPDATE TO users DO INSTEAD NOTHING",
    "CREATE TRIGGER own BEFORE UPDATE ON users FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "SET ROLE gridtokenx_owner",
]


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as made:
        query(made, WORLD)
        apply_roles(made)
        yield made


@pytest.fixture(params=[APP, SERVICE])
def acting(url: str, request: pytest.FixtureRequest) -> Iterator[Connection]:
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        connection.execute(f"SET SESSION AUTHORIZATION {request.param}".encode())
        yield connection
        connection.rollback()


@pytest.mark.parametrize("way", WAYS)
def test_a_rule_holds_in_every_statement(acting: Connection, way: str) -> None:
    statement, constraint = WAYS[way]
    _, named = refused(acting, with_ids(statement))
    assert named in (constraint, *constraint_names(constraint))


def constraint_names(pattern: str) -> tuple[str, ...]:
    """`a_(b|c)` as a_b and a_c."""
    start, _, rest = pattern.partition("(")
    return tuple(start + end for end in rest.rstrip(")").split("|"))


@pytest.mark.parametrize("target", COPIED)
def test_a_rule_holds_in_copy(acting: Connection, target: str) -> None:
    line, constraint = COPIED[target]
    copy = f"COPY {target} FROM STDIN".encode()
    with pytest.raises(psycopg.Error) as caught, acting.cursor().copy(copy) as stream:
        stream.write(with_ids(line) + "\n")
    assert caught.value.diag.constraint_name == constraint


@pytest.mark.parametrize("statement", CLOSED_TO_ALL)
def test_no_role_steps_round_the_rules(acting: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        acting.execute(statement.encode())


def test_who_waits_in_a_transaction_until_voting_is_over_is_too_late(postgres: DatabaseServer) -> None:
    with postgres.database() as made:
        query(made, WORLD)
        with psycopg.connect(made) as patient:
            run(patient, "SELECT now()")
            # The end comes while the transaction is open.
            query(
                made,
                with_ids(
                    "SET session_replication_role = replica; UPDATE governance.proposals"
                    " SET voting_end = clock_timestamp() WHERE id = '{open}'"
                ),
            )
            vote = (
                "INSERT INTO governance.votes (proposal_id, voter_id, vote_type)"
                " VALUES ('{open}', '{ann}', 'no')"
            )
            early = "SELECT now() < voting_end FROM governance.proposals WHERE id = '{open}'"
            assert run(patient, with_ids(early)) == [(True,)]
            assert refused(patient, with_ids(vote)) == ("23001", "votes_voting_open")
