"""What a vote weighs and what all votes could weigh comes from the snapshots, once there are any."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from gridtokenx_indexer.store.roles import APP, SERVICE, apply_roles
from tests.support.breaking import acting_as, refused, refused_after_waiting, run
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection

PROPOSAL = "00000000-0000-0000-0008-0000000000aa"
SETUP = f"""
INSERT INTO governance.proposals (id, proposer_id, title, status, voting_start, voting_end,
                                  total_voting_power)
VALUES ('{PROPOSAL}', '{NAMES["cid"]}', 'snapshotted', 'active', now() - interval '1 h',
        now() + interval '1 h', 7);
INSERT INTO governance.voting_power_snapshots (proposal_id, user_id, voting_power)
VALUES ('{PROPOSAL}', '{NAMES["ann"]}', 4), ('{PROPOSAL}', '{NAMES["bob"]}', 0.000000000000000001);
"""
POWERS = f"SELECT total_voting_power, yes_power FROM governance.proposals WHERE id = '{PROPOSAL}'"
SMALLEST = Decimal("0.000000000000000001")


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as made:
        query(made, WORLD + SETUP)
        apply_roles(made)
        yield made


@pytest.fixture
def app(url: str) -> Iterator[Connection]:
    with acting_as(url, APP) as connection:
        yield connection


def vote(voter: str, power: str | None = None, proposal: str = PROPOSAL) -> str:
    columns, values = ("", "") if power is None else (", voting_power", f", {power}")
    return (
        f"INSERT INTO governance.votes (proposal_id, voter_id, vote_type{columns})"
        f" VALUES ('{proposal}', '{NAMES[voter]}', 'yes'{values})"
    )


def test_power_left_out_is_that_of_the_snapshot(app: Connection) -> None:
    run(app, vote("ann"))
    run(app, vote("bob"))
    assert run(app, POWERS) == [(4 + SMALLEST, 4 + SMALLEST)]


def test_power_given_is_that_of_the_snapshot(app: Connection) -> None:
    run(app, vote("ann", "4.000"))
    assert run(app, POWERS) == [(4 + SMALLEST, Decimal(4))]


@pytest.mark.parametrize(
    ("voter", "power"),
    [("ann", "1e15"), ("ann", "0"), ("bob", "0"), ("cid", "1"), ("cid", "0"), ("cid", None)],
)
def test_another_power_is_refused(app: Connection, voter: str, power: str | None) -> None:
    assert refused(app, vote(voter, power)) == ("23001", "votes_power_of_snapshot")
    assert run(app, POWERS) == [(4 + SMALLEST, Decimal(0))]


def test_a_vote_keeps_its_power(app: Connection) -> None:
    run(app, vote("ann"))
    change = f"UPDATE governance.votes SET voting_power = 5 WHERE proposal_id = '{PROPOSAL}'"
    assert refused(app, change) == ("23001", "votes_power_of_snapshot")
    run(app, f"UPDATE governance.votes SET vote_type = 'no' WHERE proposal_id = '{PROPOSAL}'")
    assert run(app, POWERS) == [(4 + SMALLEST, Decimal(0))]


def test_one_wrong_vote_among_many_is_found(app: Connection) -> None:
    many = (
        vote("ann")
        + f", ('{NAMES['open']}', '{NAMES['cid']}', 'yes'), ('{PROPOSAL}', '{NAMES['cid']}', 'no')"
    )
    assert refused(app, many) == ("23001", "votes_power_of_snapshot")


def test_without_snapshots_the_writer_says_the_power(app: Connection) -> None:
    run(app, vote("ann", "3", NAMES["open"]))
    run(app, vote("cid", None, NAMES["open"]))
    cast = f"SELECT voting_power FROM governance.votes WHERE proposal_id = '{NAMES['open']}' ORDER BY 1"
    assert run(app, cast) == [(Decimal(0),), (Decimal(3),), (Decimal(10),)]


@pytest.mark.parametrize("proposal", [PROPOSAL, NAMES["open"]])
def test_the_total_is_fixed_while_voting(app: Connection, proposal: str) -> None:
    change = f"UPDATE governance.proposals SET total_voting_power = 1 WHERE id = '{proposal}'"
    assert refused(app, change) == ("23001", "proposals_voting_power_fixed")


def test_a_draft_names_its_total_until_there_are_snapshots(url: str) -> None:
    change = f"UPDATE governance.proposals SET total_voting_power = 9 WHERE id = '{NAMES['draft']}'"
    with acting_as(url, SERVICE) as service:
        run(service, change)
        run(
            service,
            "INSERT INTO governance.voting_power_snapshots (proposal_id, user_id, voting_power)"
            f" SELECT '{NAMES['draft']}', id, 2 FROM users",
        )
        total = f"SELECT total_voting_power FROM governance.proposals WHERE id = '{NAMES['draft']}'"
        assert run(service, total) == [(Decimal(6),)]
        assert refused(service, change) == ("23001", "proposals_voting_power_fixed")
        run(service, "DELETE FROM governance.voting_power_snapshots WHERE user_id = " + f"'{NAMES['ann']}'")
        assert run(service, total) == [(Decimal(4),)]


def test_a_trigger_of_an_application_does_not_pass_for_a_snapshot(app: Connection) -> None:
    run(
        app,
        "CREATE TEMPORARY TABLE lever (moved integer);"
        "CREATE FUNCTION pg_temp.raise_total() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN UPDATE governance.proposals SET total_voting_power = 1 WHERE id = '{PROPOSAL}';"
        " RETURN NEW; END$$;"
        "CREATE TRIGGER pull BEFORE INSERT ON lever FOR EACH ROW EXECUTE FUNCTION pg_temp.raise_total()",
    )
    assert refused(app, "INSERT INTO lever VALUES (1)") == ("23001", "proposals_voting_power_fixed")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE governance.voting_power_snapshots SET voting_power = 5",
        f"DELETE FROM governance.voting_power_snapshots WHERE user_id = '{NAMES['bob']}'",
        "INSERT INTO governance.voting_power_snapshots (proposal_id, user_id, voting_power)"
        f" VALUES ('{PROPOSAL}', '{NAMES['cid']}', 5)",
    ],
)
def test_snapshots_are_fixed_from_the_first_vote_on(url: str, change: str) -> None:
    with acting_as(url, SERVICE) as service:
        run(service, vote("ann"))
        assert refused(service, change) == ("23001", "voting_power_snapshots_before_votes")
        assert refused(service, change.replace(PROPOSAL, NAMES["closed"]))[0] == "23001"


def test_only_members_have_power(url: str) -> None:
    with acting_as(url, SERVICE) as service:
        stranger = (
            "INSERT INTO governance.voting_power_snapshots (proposal_id, user_id, voting_power)"
            f" VALUES ('{PROPOSAL}', '{NAMES['meter']}', 5)"
        )
        assert refused(service, stranger) == ("23503", "voting_power_snapshots_user_known")


def test_a_snapshot_that_comes_while_somebody_votes_is_not_overlooked(postgres: DatabaseServer) -> None:
    """The voter saw no snapshots when he gave his power; they are there when his vote counts."""
    snapshot = (
        "INSERT INTO governance.voting_power_snapshots (proposal_id, user_id, voting_power)"
        f" VALUES ('{NAMES['early']}', '{NAMES['ann']}', 4)"
    )
    opened = "SELECT indexer.set_market_clock_offset(24 * 3600 * 1000 + 60000)"
    with postgres.database() as url:
        query(url, WORLD)
        query(url, opened)
        heard = refused_after_waiting(url, snapshot, vote("ann", "5", NAMES["early"]))
        assert heard == "votes_power_of_snapshot"
