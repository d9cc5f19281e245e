"""The sample fills every domain, the same way each time, with rows that agree with one another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gridtokenx_indexer.market.check import check_epoch
from gridtokenx_indexer.store.pool import Pool, create_pool
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.gridtokenx.pda import DEFAULT_PROGRAM_ID
from tests.support.mint_history import assert_history
from tests.support.postgres import DatabaseServer, query
from tests.support.sample_rules import ahead_of_time, broken_rules
from tests.support.sampling import DOMAINS, UNCOUNTED, row_counts, small_sample, written
from tests.support.seed_catalog import SCHEMAS

NOW = datetime.now(UTC) - timedelta(hours=2)
MOMENTS = [timedelta(), timedelta(hours=7, minutes=11), timedelta(hours=13, minutes=3), timedelta(hours=19)]
"""The sun stands differently each time, and so do the quarters of the hour."""
VIEWS = """
SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%s) AND c.relkind = 'v' AND c.relname LIKE 'api%%' ORDER BY 1
"""
BOOKKEEPING = timedelta(hours=1)
"""How far back the times lie that the database wrote of its own; those of the sample are older."""


def fingerprint(url: str, table: str) -> list[tuple[object, ...]]:
    """Rows without time and transaction of their writing, times of the market clock to the second."""
    moment = "'^20..-..-..T..:..:..'"
    fields = (
        f"SELECT jsonb_object_agg(key, CASE WHEN value ~ {moment} THEN left(value, 19) ELSE value END)::text"
        "  FROM jsonb_each_text(to_jsonb(t))"
        f" WHERE key <> 'transaction_id'"
        f" AND (value IS NULL OR NOT (value ~ {moment} AND value::timestamptz > now() - %s))"
    )
    return query(
        url,
        "SELECT count(*), md5(string_agg(r, '' ORDER BY r))"
        f" FROM (SELECT ({fields}) AS r FROM {table} AS t) AS x",
        (BOOKKEEPING,),
    )


@pytest.fixture(scope="module")
def sample(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as url:
        small_sample(url, seed=7, now=NOW)
        yield url


@pytest.fixture
async def sample_pool(sample: str) -> AsyncIterator[Pool]:
    pool = await create_pool(sample, application_name="gridtokenx-test", max_size=2)
    try:
        yield pool
    finally:
        await pool.close()


def test_what_is_told_is_what_is_there(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        told = small_sample(url, seed=7, now=NOW)
        assert {name: count for name, count in told.items() if not name.startswith("indexer.")} == written(
            url
        )


def test_a_dry_run_tells_the_same_and_leaves_nothing(postgres: DatabaseServer) -> None:
    partitions = "SELECT count(*) FROM pg_inherits"
    with postgres.database() as url:
        before = query(url, partitions)
        told = small_sample(url, seed=7, now=NOW, dry_run=True)
        assert (written(url), query(url, partitions)) == ({}, before)
        assert small_sample(url, seed=7, now=NOW) == told


def test_every_table_of_every_domain_has_rows(sample: str) -> None:
    assert [name for name, count in row_counts(sample).items() if not count] == []


def test_every_view_for_readers_has_rows(sample: str) -> None:
    views = [row[0] for row in query(sample, VIEWS, (DOMAINS,))]
    assert len(views) > 20
    assert [view for view in views if query(sample, f"SELECT count(*) FROM {view}") == [(0,)]] == []


def test_the_rows_agree_with_one_another(sample: str) -> None:
    assert broken_rules(sample) == []
    assert ahead_of_time(sample) == []


@pytest.mark.parametrize("earlier", MOMENTS, ids=str)
def test_they_agree_whatever_the_time_of_day(postgres: DatabaseServer, earlier: timedelta) -> None:
    with postgres.database() as url:
        small_sample(url, seed=3, now=NOW - earlier)
        assert broken_rules(url) == []
        assert [name for name, count in row_counts(url).items() if not count] == []


async def test_every_epoch_passes_its_check(sample_pool: Pool) -> None:
    cleared = await sample_pool.fetch("SELECT epoch_number FROM market_epochs WHERE cleared_at IS NOT NULL")
    assert len(cleared) == 7
    for row in cleared:
        failed = [one for one in await check_epoch(sample_pool, row["epoch_number"], None) if not one.ok]
        assert failed == []


async def test_chain_and_books_tell_the_same(sample_pool: Pool) -> None:
    await assert_history(sample_pool)
    final = await sample_pool.fetchval("SELECT finalized_slot FROM indexer.cursors")
    for check in ("mint_differences", "trade_differences"):
        assert await sample_pool.fetch(load("verify")[check], str(DEFAULT_PROGRAM_ID), final) == []
    slots = (await sample_pool.fetchval("SELECT anchor_slot FROM indexer.cursors"), final)
    for check in ("missing_slots", "broken_links", "wrong_marks"):
        assert await sample_pool.fetch(load("verify")[check], *slots) == []


def test_orders_are_open_matched_settled_and_over(sample: str) -> None:
    states = {row[0] for row in query(sample, "SELECT DISTINCT status FROM trading_orders")}
    assert states >= {"pending", "filled", "settled", "expired"}


def test_the_market_clock_stands_as_before(sample: str) -> None:
    assert query(sample, "SELECT indexer.market_now() = now()") == [(True,)]


def test_new_rows_come_after_the_given_ids(sample: str) -> None:
    with psycopg.connect(sample) as connection:
        added = connection.execute("INSERT INTO hosting.hosting_sites (name) VALUES ('own') RETURNING id")
        assert added.fetchone() == (4,)
        connection.rollback()


def test_the_same_seed_gives_the_same_rows(postgres: DatabaseServer) -> None:
    with postgres.database() as one, postgres.database() as other, postgres.database() as different:
        for url, seed in ((one, 7), (other, 7), (different, 8)):
            small_sample(url, seed=seed, now=NOW)
        tables = [name for name, count in row_counts(one, list(SCHEMAS)).items() if count]
        assert len(tables) > 80
        for table in set(tables) - UNCOUNTED:
            assert fingerprint(one, table) == fingerprint(other, table), table
        assert fingerprint(one, "users") != fingerprint(different, "users")
