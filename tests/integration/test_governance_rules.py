"""Votes and proposals: tallies equal a recount, the voting window holds, outcomes follow the rule."""

from __future__ import annotations

import random
import re
import threading
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, WORLD, Connection

RECOUNT = """
SELECT p.id FROM governance.proposals AS p
  LEFT JOIN LATERAL (
        SELECT count(*) AS heads, count(*) FILTER (WHERE v.vote_type = 'yes') AS yes,
               count(*) FILTER (WHERE v.vote_type = 'no') AS no,
               count(*) FILTER (WHERE v.vote_type = 'abstain') AS abstain,
               coalesce(sum(v.voting_power) FILTER (WHERE v.vote_type = 'yes'), 0) AS yes_power,
               coalesce(sum(v.voting_power) FILTER (WHERE v.vote_type = 'no'), 0) AS no_power,
               coalesce(sum(v.voting_power) FILTER (WHERE v.vote_type = 'abstain'), 0) AS abstain_power
          FROM governance.votes AS v WHERE v.proposal_id = p.id) AS c ON true
 WHERE (p.total_votes, p.yes_votes, p.no_votes, p.abstain_votes, p.yes_power, p.no_power, p.abstain_power)
       IS DISTINCT FROM (c.heads, c.yes, c.no, c.abstain, c.yes_power, c.no_power, c.abstain_power)
"""
MEMBERS = "INSERT INTO users (email) SELECT 'member' || g || '@example.org' FROM generate_series(1, 60) AS g"
PROPOSALS = """
INSERT INTO governance.proposals (proposer_id, title, status, voting_start, voting_end)
SELECT (SELECT min(id::text)::uuid FROM users), 'p' || g, 'active', now() - interval '1 h',
       now() + interval '1 h'
  FROM generate_series(1, 5) AS g
"""


def run(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    cursor = connection.execute(statement.encode(), values or None)
    return cursor.fetchall() if cursor.description else []


@pytest.mark.requirement("S1-F06")
def test_tallies_equal_a_recount_after_every_statement(connection: Connection) -> None:
    run(connection, MEMBERS)
    run(connection, PROPOSALS)
    chance = random.Random(20261121)
    statements = [
        "INSERT INTO governance.votes (proposal_id, voter_id, vote_type, voting_power)"
        " SELECT p.id, u.id, (ARRAY['yes', 'no', 'abstain'])[1 + (random() * 2.99)::int % 3], random() * 1000"
        " FROM governance.proposals AS p, users AS u WHERE p.title LIKE 'p_' AND random() < 0.2"
        " ON CONFLICT (proposal_id, voter_id) DO NOTHING",
        "INSERT INTO governance.votes (proposal_id, voter_id, vote_type, voting_power)"
        " SELECT p.id, u.id, 'no', 1 FROM governance.proposals AS p, users AS u WHERE p.title LIKE 'p_'"
        " AND random() < 0.3 ON CONFLICT (proposal_id, voter_id) DO UPDATE SET vote_type ="
        " excluded.vote_type",
        "UPDATE governance.votes AS v SET vote_type = 'abstain', voting_power = voting_power +"
        " 1.000000000000000001"
        " FROM governance.proposals AS p WHERE p.id = v.proposal_id AND p.title LIKE 'p_' AND random() < 0.2",
        "DELETE FROM governance.votes AS v USING governance.proposals AS p"
        " WHERE p.id = v.proposal_id AND p.title LIKE 'p_' AND random() < 0.1",
        "UPDATE governance.votes SET reason = 'because' WHERE false",
    ]
    for _ in range(40):
        run(connection, chance.choice(statements))
        assert run(connection, RECOUNT) == []
    assert run(connection, "SELECT count(*) > 50 FROM governance.votes") == [(True,)]


def test_tallies_equal_a_recount_after_concurrent_voters(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        query(url, WORLD + MEMBERS + ";" + PROPOSALS)
        failures: list[BaseException] = []

        def vote(part: int) -> None:
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    for number in range(part, 60, 3):
                        connection.execute(
                            "INSERT INTO governance.votes (proposal_id, voter_id, vote_type, voting_power)"
                            " SELECT p.id, u.id, 'yes', 1 FROM governance.proposals AS p, users AS u"
                            " WHERE p.title LIKE 'p_' AND u.email = %s",
                            (f"member{number + 1}@example.org",),
                        )
            except BaseException as error:
                failures.append(error)

        voters = [threading.Thread(target=vote, args=(part,)) for part in range(3)]
        for voter in voters:
            voter.start()
        for voter in voters:
            voter.join(60)
        assert failures == []
        assert query(url, RECOUNT) == []
        counts = "SELECT DISTINCT total_votes, yes_power FROM governance.proposals WHERE title LIKE 'p_'"
        assert query(url, counts) == [(60, Decimal(60))]


@pytest.mark.requirement("S1-F06")
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            "INSERT INTO governance.votes (proposal_id, voter_id, vote_type)"
            " SELECT proposal_id, voter_id, 'no' FROM governance.votes",
            r"votes_h\d_proposal_id_voter_id_key",
        ),
        ("UPDATE governance.votes SET voter_id = proposer_id FROM governance.proposals", "votes_keep_voter"),
        (
            "UPDATE governance.proposals SET yes_votes = 2, total_votes = 2 WHERE title = 'open'",
            "proposals_tallies_follow_votes",
        ),
        ("TRUNCATE governance.votes", "votes_no_truncate"),
    ],
)
def test_votes_are_cast_once_and_tallies_come_from_them(
    connection: Connection, statement: str, constraint: str
) -> None:
    with pytest.raises(psycopg.errors.IntegrityError) as caught:
        run(connection, statement)
    assert re.fullmatch(constraint, caught.value.diag.constraint_name or "")


@pytest.mark.requirement("S1-F06")
def test_the_window_follows_the_market_clock(postgres: DatabaseServer) -> None:
    vote = (
        "INSERT INTO governance.votes (proposal_id, voter_id, vote_type)"
        f" VALUES ('{NAMES['open']}', '{NAMES['ann']}', 'yes')"
    )
    two_days_ms = 2 * 24 * 3600 * 1000
    with postgres.database() as url:
        query(url, WORLD)
        query(url, f"SELECT indexer.set_market_clock_offset({two_days_ms})")
        with pytest.raises(psycopg.errors.RestrictViolation, match="not open"):
            query(url, vote)
        query(url, "SELECT indexer.set_market_clock_offset(0)")
        query(url, vote)


@pytest.mark.requirement("S1-F07")
@pytest.mark.parametrize(
    ("start", "word", "allowed"),
    [
        ("draft", "active", True),
        ("draft", "expired", True),
        ("draft", "passed", False),
        ("active", "expired", True),
        ("active", "draft", False),
        ("expired", "draft", False),
        ("expired", "active", False),
    ],
)
def test_a_proposal_moves_only_forward(connection: Connection, start: str, word: str, allowed: bool) -> None:
    run(
        connection,
        "INSERT INTO governance.proposals (proposer_id, title, voting_start, voting_end, status)"
        " VALUES (%s, 'life', now() - interval '1 h', now(), %s)",
        NAMES["ann"],
        "draft" if start == "draft" else "active",
    )
    if start not in ("draft", "active"):
        run(connection, "UPDATE governance.proposals SET status = %s WHERE title = 'life'", start)
    step = "UPDATE governance.proposals SET status = %s WHERE title = 'life'"
    if allowed:
        run(connection, step, word)
        times = "SELECT status, (closed_at IS NOT NULL) FROM governance.proposals WHERE title = 'life'"
        assert run(connection, times) == [(word, word != "active")]
    else:
        with pytest.raises(psycopg.errors.RestrictViolation) as caught:
            run(connection, step, word)
        assert caught.value.diag.constraint_name == "proposals_status_forward"


@pytest.mark.requirement("S1-F07")
def test_a_proposal_enters_as_draft_or_active(connection: Connection) -> None:
    enter = (
        "INSERT INTO governance.proposals (proposer_id, title, voting_start, voting_end, status)"
        " VALUES (%s, 'life', now(), now() + interval '1 h', 'passed')"
    )
    with pytest.raises(psycopg.errors.RestrictViolation) as caught:
        run(connection, enter, NAMES["ann"])
    assert caught.value.diag.constraint_name == "proposals_enter"


@pytest.mark.requirement("S4-Y06")
def test_six_of_eighteen_decimals_are_shown(connection: Connection) -> None:
    run(
        connection,
        "UPDATE governance.votes SET voting_power = 0.123456789012345678 WHERE proposal_id = %s",
        NAMES["open"],
    )
    stored = "SELECT yes_power::text FROM governance.proposals WHERE title = 'open'"
    assert run(connection, stored) == [("0.123456789012345678",)]
    shown = "SELECT yes_power::text FROM governance.api_proposals WHERE title = 'open'"
    assert run(connection, shown) == [("0.123457",)]
    run(
        connection,
        "INSERT INTO community.user_tokens (user_id, token_id, balance, staked_balance, voting_power)"
        " SELECT %s, id, 1.5, 0.999999999999999999, 0.000000499999999999 FROM community.tokens",
        NAMES["ann"],
    )
    held = "SELECT balance::text, staked_balance::text, voting_power::text FROM community.api_token_holders"
    assert run(connection, held) == [("1.500000", "1.000000", "0.000000")]


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "turnout", "approval", "outcome"),
    [
        ("250", "150", "0", "0.400000", "0.625000", "passed"),
        ("249", "150", "0", "0.399000", "0.624060", "rejected"),
        ("200", "200", "0", "0.400000", "0.500000", "rejected"),
        ("1", "0", "399", "0.400000", "1.000000", "passed"),
        ("0", "0", "400", "0.400000", None, "rejected"),
    ],
)
@pytest.mark.requirement("S4-Y06")
def test_outcome(
    connection: Connection, yes: str, no: str, abstain: str, turnout: str, approval: str | None, outcome: str
) -> None:
    ((proposal,),) = run(
        connection,
        "INSERT INTO governance.proposals (proposer_id, title, status, voting_start, voting_end,"
        " total_voting_power) VALUES (%s, 'weighed', 'active', now() - interval '1 h',"
        " now() + interval '1 h', 1000) RETURNING id",
        NAMES["cid"],
    )
    for voter, (kind, power) in zip(
        ("ann", "bob", "cid"), (("yes", yes), ("no", no), ("abstain", abstain)), strict=True
    ):
        if power != "0":
            run(
                connection,
                "INSERT INTO governance.votes (proposal_id, voter_id, vote_type, voting_power)"
                " VALUES (%s, %s, %s, %s::numeric)",
                proposal,
                NAMES[voter],
                kind,
                power,
            )
    found = run(
        connection,
        "SELECT turnout::text, approval::text, outcome FROM governance.api_proposals WHERE id = %s",
        proposal,
    )
    assert found == [(turnout, approval, outcome)]


def test_nobody_voted_is_expired(connection: Connection) -> None:
    found = run(
        connection, "SELECT outcome, turnout FROM governance.api_proposals WHERE id = %s", NAMES["draft"]
    )
    assert found == [("expired", None)]


def test_a_deleted_comment_keeps_its_place_and_its_answers(connection: Connection) -> None:
    run(
        connection,
        "INSERT INTO governance.comments (proposal_id, user_id, parent_id, content) VALUES (%s, %s, %s,"
        " 'answer')",
        NAMES["open"],
        NAMES["cid"],
        NAMES["comment"],
    )
    run(connection, "UPDATE governance.comments SET is_deleted = true WHERE id = %s", NAMES["comment"])
    shown = "SELECT content, parent_id IS NOT NULL FROM governance.api_comments ORDER BY content"
    assert run(connection, shown) == [("", False), ("answer", True)]
    run(connection, "DELETE FROM governance.comments WHERE id = %s", NAMES["comment"])
    assert run(connection, shown) == [("answer", False)]


@pytest.mark.requirement("S4-Y02")
def test_ids_of_two_databases_never_meet(postgres: DatabaseServer) -> None:
    insert = (
        "INSERT INTO community.settings (key) SELECT 'k' || g FROM generate_series(1, 50) AS g RETURNING id"
    )
    with postgres.database() as one, postgres.database() as other:
        ids = {row[0] for url in (one, other) for row in query(url, insert)}
        assert len(ids) == 100


@pytest.mark.requirement("S4-Y08")
@pytest.mark.parametrize(
    "column",
    [
        "community.profiles.preferences",
        "community.notifications.data",
        "community.transactions.metadata",
        "governance.proposals.metadata",
    ],
)
def test_json_takes_fields_that_nobody_planned(connection: Connection, column: str) -> None:
    table, _, name = column.rpartition(".")
    run(
        connection,
        "INSERT INTO community.notifications (user_id, type, title) SELECT id, 'news', 'x' FROM users",
    )
    thing = """'{"forum": {"thread": 7}}'"""
    changed = run(connection, f"UPDATE {table} SET {name} = {thing} RETURNING 1")
    assert changed
    found = f"SELECT {name} #>> '{{forum, thread}}' FROM {table} WHERE {name} @> {thing}"
    assert run(connection, found) == [("7",)] * len(changed)


@pytest.mark.requirement("S4-Y11")
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("public.users", "name = 'x'"),
        ("community.profiles", "bio = 'x'"),
        ("community.wallets", "type = 'hardware'"),
        ("community.tokens", "description = 'x'"),
        ("community.user_tokens", "balance = 2"),
        ("governance.proposals", "description = 'x'"),
        ("governance.votes", "reason = 'x'"),
        ("governance.comments", "likes = 1"),
        ("community.notifications", "is_read = true"),
        ("community.transactions", "description = 'x'"),
        ("community.settings", "value = 'x'"),
    ],
)
def test_rows_carry_the_time_of_their_last_change(connection: Connection, table: str, change: str) -> None:
    run(
        connection,
        "INSERT INTO community.notifications (user_id, type, title, created_at, updated_at)"
        " SELECT id, 'news', 'x', now() - interval '1 s', now() - interval '1 s' FROM users",
    )
    run(
        connection,
        "INSERT INTO community.user_tokens (user_id, token_id, balance, created_at, updated_at)"
        " SELECT u.id, t.id, 1, now() - interval '1 s', now() - interval '1 s'"
        " FROM users AS u, community.tokens AS t",
    )
    (first, *_) = run(connection, f"SELECT id FROM {table} ORDER BY created_at, id")
    assert run(connection, f"SELECT count(*) FROM {table} WHERE updated_at = now()") == [(0,)]
    run(connection, f"UPDATE {table} SET {change} WHERE id = %s", *first)
    newest = f"SELECT id, created_at < updated_at FROM {table} ORDER BY updated_at DESC LIMIT 1"
    assert run(connection, newest) == [(*first, True)]
