"""`db seed` leaves all or nothing, says what to do, and what it made is taken for no real chain."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from tests.support.cli import Running, run_cli, running_cli
from tests.support.eventually import eventually
from tests.support.postgres import query
from tests.support.sampling import written

pytestmark = pytest.mark.timeout(300)

HALF_WAY = "governance.proposals"
"""Three quarters of the tables come before it."""
WAITING = f"SELECT count(*) FROM pg_locks WHERE relation = '{HALF_WAY}'::regclass AND NOT granted"
SEEDING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@asynccontextmanager
async def held_half_way(url: str) -> AsyncIterator[Running]:
    """A seed that has written much and waits to write on."""
    with psycopg.connect(url) as holder:
        holder.execute(f"LOCK TABLE {HALF_WAY} IN SHARE MODE")
        async with running_cli("--database-url", url, "db", "seed", "--scale", "small") as running:
            await eventually(lambda: _true(url, WAITING), "a seed that waits")
            yield running


async def _true(url: str, question: str) -> bool:
    return bool((await asyncio.to_thread(query, url, question))[0][0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_at_once_with_nothing_written(
    database_url: str, number: signal.Signals
) -> None:
    async with held_half_way(database_url) as running:
        running.send(number)
        outcome = await running.outcome()
    assert outcome.code == 130, outcome
    assert outcome.stderr == "interrupted, and nothing was written; start db seed again\n"
    assert (outcome.stdout, written(database_url)) == ("", {})


async def test_after_kill_9_the_next_one_finds_the_database_empty(database_url: str) -> None:
    async with held_half_way(database_url) as running:
        running.send(signal.SIGKILL)
        assert (await running.outcome()).code == -signal.SIGKILL
    await eventually(lambda: _over(database_url), "over")
    assert written(database_url) == {}
    again = await run_cli("--database-url", database_url, "db", "seed")
    assert again.code == 0, again
    assert again.stdout.endswith(" tables\n")


async def _over(url: str) -> bool:
    return not await _true(url, SEEDING)


async def test_a_lost_server_is_named_and_exits_75(database_url: str) -> None:
    async with held_half_way(database_url) as running:
        end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
        query(database_url, end, (HALF_WAY,))
        outcome = await running.outcome()
    assert outcome.code == 75
    assert "error: the database is unreachable" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert written(database_url) == {}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--scale", "huge"), 2, ("'huge' is not one of", "small", "large")),
        (("--seed", "-1"), 2, ("-1 is not in the range x>=0",)),
        (("--seed", "one"), 2, ("'one' is not a valid integer",)),
        (("--until", "noon"), 2, ("'noon' is not a time", "RFC 3339")),
        (("--until", "2026-01-01T00:00"), 2, ("names no time zone", "end it with Z")),
        (("--until", "2999-01-01T00:00Z"), 2, ("2999-01-01T00:00Z is to come", "in the past")),
    ],
)
async def test_a_wrong_call_is_refused(
    database_url: str, arguments: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    outcome = await run_cli("--database-url", database_url, "db", "seed", *arguments)
    assert outcome.code == code, outcome
    for word in words:
        assert word in outcome.stderr
    assert written(database_url) == {}


async def test_a_filled_database_a_bare_one_and_none_are_told_apart(
    database_url: str, empty_database_url: str
) -> None:
    assert (await run_cli("--database-url", database_url, "db", "seed")).code == 0
    counts = written(database_url)
    filled = await run_cli("--database-url", database_url, "db", "seed")
    assert (filled.code, written(database_url)) == (1, counts)
    assert (
        "error: the database is not empty: analytics.market_analytics has rows; give db seed" in filled.stderr
    )
    bare = await run_cli("--database-url", empty_database_url, "db", "seed")
    assert bare.code == 1
    assert "lacks" in bare.stderr
    assert "; gridtokenx-indexer db migrate" in bare.stderr
    gone = await run_cli("--database-url", "postgresql://user:word@127.0.0.1:1/none", "db", "seed")
    assert gone.code == 75
    assert "user:***@" in gone.stderr


async def test_the_daemon_refuses_to_run_on_a_sample(database_url: str) -> None:
    assert (await run_cli("--database-url", database_url, "db", "seed")).code == 0
    async with LocalNode(LocalNodeConfig(port=0, slot_ms=20, finality_slots=2)) as node:
        outcome = await run_cli("--database-url", database_url, "--url", node.http_url, "run")
    assert outcome.code == 1
    assert f"the network {node.genesis_hash}" in outcome.stderr
