"""A proposal ends after its window, and as its votes say."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from gridtokenx_indexer.store.roles import APP, SERVICE, apply_roles
from tests.support.breaking import acting_as, refused, run
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection

PROPOSAL = "00000000-0000-0000-0008-0000000000aa"
HOUR_MS = 3_600_000
ENDS = ("passed", "rejected", "expired")
STATE = f"SELECT status, closed_at IS NOT NULL FROM governance.proposals WHERE id = '{PROPOSAL}'"


def close(word: str) -> str:
    return f"UPDATE governance.proposals SET status = '{word}' WHERE id = '{PROPOSAL}'"


def propose(
    connection: Connection, *, total: str, yes: str = "", no: str = "", abstain: str = "", quorum: str = "0.4"
) -> None:
    run(
        connection,
        "INSERT INTO governance.proposals (id, proposer_id, title, status, voting_start, voting_end,"
        f" quorum_threshold, total_voting_power) VALUES ('{PROPOSAL}', '{NAMES['ann']}', 'new', 'active',"
        f" now() - interval '1 h', now() + interval '1 h', {quorum}, {total})",
    )
    for voter, word, power in (("ann", "yes", yes), ("bob", "no", no), ("cid", "abstain", abstain)):
        if power:
            run(
                connection,
                "INSERT INTO governance.votes (proposal_id, voter_id, vote_type, voting_power)"
                f" VALUES ('{PROPOSAL}', '{NAMES[voter]}', '{word}', {power})",
            )


def let_it_end(connection: Connection) -> None:
    run(connection, f"SELECT indexer.set_market_clock_offset({HOUR_MS})")


@pytest.mark.requirement("S1-F07")
@pytest.mark.parametrize(
    ("total", "yes", "no", "abstain", "outcome"),
    [
        ("1000", "250", "150", "", "passed"),
        ("1000", "249", "150", "", "rejected"),
        ("1000", "200", "200", "", "rejected"),
        ("1000", "1", "", "399", "passed"),
        ("1000", "", "", "400", "rejected"),
        ("1000", "", "", "", "expired"),
        ("0", "1", "", "", "rejected"),
        # A quotient of these would be rounded up to the quorum.
        ("1e19", "4e18 - 1e-18", "", "", "rejected"),
        ("1e19", "4e18", "", "", "passed"),
    ],
)
def test_it_ends_as_its_votes_say(
    connection: Connection, total: str, yes: str, no: str, abstain: str, outcome: str
) -> None:
    propose(connection, total=total, yes=yes, no=no, abstain=abstain)
    let_it_end(connection)
    for word in ENDS:
        if word != outcome:
            assert refused(connection, close(word)) == ("23001", "proposals_outcome_of_votes")
    run(connection, close(outcome))
    assert run(connection, STATE) == [(outcome, True)]


def test_a_majority_can_be_asked_for(connection: Connection) -> None:
    propose(connection, total="100", yes="60", no="31")
    let_it_end(connection)
    run(connection, "SAVEPOINT half")
    run(connection, close("passed"))
    run(connection, "ROLLBACK TO half; SELECT indexer.set_market_clock_offset(0)")
    two_thirds = "SELECT indexer.proposal_outcome(2, {}, 31, 0, 100, 0.4, 0.66)"
    assert run(connection, two_thirds.format(60)) == [("rejected",)]
    assert run(connection, two_thirds.format(61)) == [("passed",)]


@pytest.mark.parametrize("word", ENDS)
def test_it_does_not_end_before_its_window_does(connection: Connection, word: str) -> None:
    propose(connection, total="10", yes="10")
    assert refused(connection, close(word)) == ("23001", "proposals_voting_over")
    run(connection, f"SELECT indexer.set_market_clock_offset({HOUR_MS - 1})")
    assert refused(connection, close(word)) == ("23001", "proposals_voting_over")
    assert run(connection, STATE) == [("active", False)]


@pytest.mark.parametrize("word", ENDS)
def test_nobody_ends_a_proposal_whose_voting_has_not_begun(connection: Connection, word: str) -> None:
    early = f"UPDATE governance.proposals SET status = '{word}' WHERE id = '{NAMES['early']}'"
    assert refused(connection, early) == ("23001", "proposals_voting_over")


def test_a_draft_can_be_given_up(connection: Connection) -> None:
    run(connection, f"UPDATE governance.proposals SET status = 'expired' WHERE id = '{NAMES['draft']}'")
    again = f"UPDATE governance.proposals SET status = 'active' WHERE id = '{NAMES['draft']}'"
    assert refused(connection, again) == ("23001", "proposals_status_forward")


@pytest.fixture(scope="module")
def url(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as made:
        query(made, WORLD)
        with psycopg.connect(made) as connection:
            propose(connection, total="10", yes="10")
            let_it_end(connection)
        apply_roles(made)
        yield made


@pytest.mark.parametrize("role", [APP, SERVICE])
def test_whoever_closes_it_says_what_the_votes_said(url: str, role: str) -> None:
    with acting_as(url, role) as connection:
        assert refused(connection, close("rejected")) == ("23001", "proposals_outcome_of_votes")
        run(connection, close("passed"))
        assert run(connection, STATE) == [("passed", True)]


def test_the_view_and_the_rule_agree(url: str) -> None:
    different = (
        "SELECT v.id FROM governance.api_proposals AS v JOIN governance.proposals AS p USING (id)"
        " WHERE v.outcome <> indexer.proposal_outcome(p.total_votes, p.yes_power, p.no_power,"
        " p.abstain_power, p.total_voting_power, p.quorum_threshold, p.approval_threshold)"
    )
    assert query(url, different) == []
