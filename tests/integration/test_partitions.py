"""Partitions: created once, at the right bounds, under concurrency, and ahead of both clocks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from gridtokenx_indexer.decode.facts import BlockFacts
from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, Slot
from gridtokenx_indexer.source.chain import BlockLink
from gridtokenx_indexer.store.chain_batch import IndexedBlock
from gridtokenx_indexer.store.chain_writer import PartitionKeeper as SlotPartitions
from gridtokenx_indexer.store.chain_writer import write_blocks
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.partitions import (
    PartitionKeeper,
    create_partitions,
    ensure_partitions_ahead,
    missing_partitions,
)
from gridtokenx_indexer.store.pool import Pool

BOUNDS = "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = $1::text::regclass"
CHILDREN = "SELECT count(*) FROM pg_inherits WHERE inhparent = $1::text::regclass"
OLD_MONTHS_MS = -15 * 30 * 86_400_000


@pytest.fixture
async def table(pool: Pool) -> str:
    await pool.execute(
        "CREATE TABLE cut (position bigint, id bigint GENERATED ALWAYS AS IDENTITY,"
        " twice bigint GENERATED ALWAYS AS (position * 2) STORED, user_id uuid REFERENCES users,"
        " word text DEFAULT 'x' CHECK (word <> ''), PRIMARY KEY (position, id)) PARTITION BY RANGE (position)"
    )
    await pool.execute(
        "INSERT INTO indexer.partition_policies (table_name, kind, step) VALUES ('cut', 'slot', 1000)"
    )
    return "cut"


@pytest.mark.parametrize(
    ("position", "name", "bounds"),
    [
        (0, "public.cut_p0", "('0') TO ('1000')"),
        (999, "public.cut_p0", "('0') TO ('1000')"),
        (1000, "public.cut_p1000", "('1000') TO ('2000')"),
        (432_123_456_789, "public.cut_p432123456000", "('432123456000') TO ('432123457000')"),
    ],
)
async def test_number_partitions_start_at_multiples_of_the_step(
    pool: Pool, table: str, position: int, name: str, bounds: str
) -> None:
    assert await pool.fetchval("SELECT indexer.ensure_partition($1, $2::bigint)", table, position) == name
    assert await pool.fetchval(BOUNDS, name) == f"FOR VALUES FROM {bounds}"
    await pool.execute("INSERT INTO cut (position) VALUES ($1)", position)
    assert await pool.fetchval("SELECT twice FROM cut") == position * 2


async def test_time_partitions_have_utc_bounds_whatever_the_session(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("SET timezone = 'Asia/Bangkok'")
        # 2016-12-31 20:00 UTC is already 2017 in Bangkok.
        moment = datetime(2016, 12, 31, 20, tzinfo=UTC)
        name = await connection.fetchval(
            "SELECT indexer.ensure_partition('meter_readings', $1::timestamptz)", moment
        )
        await connection.execute("SET timezone = 'UTC'")
        bounds = await connection.fetchval(BOUNDS, name)
        await connection.execute("RESET timezone")
    assert name == "public.meter_readings_p201612"
    assert bounds == "FOR VALUES FROM ('2016-12-01 00:00:00+00') TO ('2017-01-01 00:00:00+00')"


async def test_text_goes_by_the_table_s_kind(pool: Pool, table: str) -> None:
    ensure = "SELECT indexer.ensure_partition($1::text, $2::text)"
    assert await pool.fetchval(ensure, table, "1500") == "public.cut_p1000"
    assert await pool.fetchval(ensure, "meter_readings", "2016-05-12") == "public.meter_readings_p201605"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SELECT indexer.ensure_partition('nothing', 1)", "no policy for table nothing"),
        ("SELECT indexer.ensure_partition('meter_readings', 5::bigint)", "cut by month; give a time"),
        ("SELECT indexer.ensure_partition('cut', now())", "cut by slot; give a slot"),
        ("SELECT indexer.ensure_partition('cut', -1)", "holds nothing at -1"),
        ("SELECT indexer.ensure_partition('cut', NULL::bigint)", "holds nothing at NULL"),
        ("SELECT indexer.ensure_partition('meter_readings', NULL::timestamptz)", "holds nothing at NULL"),
        ("SELECT indexer.ensure_partition('meter_readings', 'infinity'::text)", "holds nothing at infinity"),
        (
            "SELECT indexer.ensure_partition('meter_readings', '0044-03-15 BC'::text)",
            "holds nothing at 0044.* BC",
        ),
    ],
)
async def test_wrong_calls_are_refused(pool: Pool, table: str, statement: str, message: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match=message):
        await pool.execute(statement)


async def test_concurrent_writers_create_one_partition(pool: Pool, table: str) -> None:
    calls = (pool.fetchval("SELECT indexer.ensure_partition('cut', $1::bigint)", 5_000 + n) for n in range(8))
    assert set(await asyncio.gather(*calls)) == {"public.cut_p5000"}
    assert await pool.fetchval(CHILDREN, table) == 1


async def test_cut_of_a_table_with_partitions_is_fixed(pool: Pool, table: str) -> None:
    await pool.execute("UPDATE indexer.partition_policies SET step = 500 WHERE table_name = 'cut'")
    await pool.execute("SELECT indexer.ensure_partition('cut', 1)")
    with pytest.raises(asyncpg.RestrictViolationError, match="already has partitions cut by slot of 500"):
        await pool.execute("UPDATE indexer.partition_policies SET step = 1000 WHERE table_name = 'cut'")


async def test_write_beyond_the_last_partition_fails_by_name(pool: Pool, table: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="no partition of relation"):
        await pool.execute("INSERT INTO cut (position) VALUES (1)")


async def test_partitions_reach_ahead_of_both_clocks(pool: Pool) -> None:
    await pool.execute("SELECT indexer.set_market_clock_offset($1)", OLD_MONTHS_MS)
    assert await ensure_partitions_ahead(pool) > 0
    for clock in ("now()", "indexer.market_now()"):
        for ahead in (0, 1, 2, 3):
            await pool.execute(
                "INSERT INTO meter_readings (timestamp, energy_generated)"
                f" VALUES ({clock} + interval '{ahead} months', 1)"
            )
        await pool.execute(
            f"INSERT INTO audit_logs (action, created_at) VALUES ('x', {clock} + interval '12 months')"
        )
    assert await ensure_partitions_ahead(pool) == 0


async def test_keeper_follows_the_market_clock(pool: Pool) -> None:
    wake, stop = Wake(), asyncio.Event()
    keeper = asyncio.create_task(PartitionKeeper(pool, wake).run(stop))
    present = "SELECT to_regclass('public.meter_readings_p201605') IS NOT NULL"
    offset = "SELECT (extract(epoch FROM '2016-05-12'::timestamptz - now()) * 1000)::bigint"
    await pool.execute("SELECT indexer.set_market_clock_offset($1)", await pool.fetchval(offset))
    wake.ring()
    async with asyncio.timeout(20):
        while not await pool.fetchval(present):
            assert not keeper.done()
    stop.set()
    await asyncio.wait_for(keeper, 10)


async def test_market_clock_is_the_transaction_s_time_plus_the_offset(pool: Pool) -> None:
    assert await pool.fetchval("SELECT indexer.market_now() = now()")
    await pool.execute("SELECT indexer.set_market_clock_offset(-320000000123)")
    assert await pool.fetchval(
        "SELECT indexer.market_now() = now() - interval '320000000 seconds 123 milliseconds'"
    )
    with pytest.raises(asyncpg.CheckViolationError, match="settings_market_clock_offset_ms"):
        await pool.execute("UPDATE indexer.settings SET value = '1.5' WHERE key = 'market_clock_offset_ms'")


async def test_a_block_far_ahead_finds_its_partitions(pool: Pool) -> None:
    await ensure_partitions_ahead(pool)
    slot = Slot(300_000_000)
    for ahead in (slot, Slot(slot + 300_000_000)):
        link = BlockLink(ahead, Slot(ahead - 1), Blockhash("hash"), Blockhash("before"), BlockHeight(5), None)
        block = IndexedBlock(link, range(0), BlockFacts(ahead, None, ()))
        await SlotPartitions(pool).ensure([(ahead, ahead)])
        async with pool.acquire() as connection, connection.transaction():
            await write_blocks(connection, [block], Slot(0))
    stored = await pool.fetch("SELECT slot, tableoid::regclass::text FROM indexer.slots ORDER BY 1")
    assert [tuple(row) for row in stored] == [
        (300_000_000, "indexer.slots_p300000000"),
        (600_000_000, "indexer.slots_p600000000"),
    ]


@pytest.fixture
async def user_in_use(pool: Pool) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy[asyncpg.Record]]:
    """A transaction that has changed a user and stays open."""
    await pool.execute("INSERT INTO users (email) VALUES ('a@example.org')")
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("UPDATE users SET first_name = 'Ann'")
        yield connection
        await transaction.rollback()


async def test_an_open_transaction_keeps_back_only_what_it_touches(
    pool: Pool, user_in_use: asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
) -> None:
    plan = [
        one
        for one in await missing_partitions(pool)
        if one.name[-6:] == f"{datetime.now(UTC):%Y%m}"
        and one.table in ("public.meter_readings", "hosting.miner_telemetry")
    ]
    outcome = await create_partitions(pool, plan)
    assert (outcome.created, [one.table for one in outcome.blocked]) == (1, ["public.meter_readings"])


async def test_other_writers_wait_for_seconds_only(
    pool: Pool, user_in_use: asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
) -> None:
    plan = [one for one in await missing_partitions(pool) if one.table == "public.meter_readings"][:1]
    creating = asyncio.create_task(create_partitions(pool, plan))
    waits = (
        "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'users'::regclass AND NOT granted"
        " AND mode = 'ShareRowExclusiveLock')"
    )
    async with asyncio.timeout(20):
        while not await pool.fetchval(waits):
            assert not creating.done()
        # Behind the partition that waits, until that gives up.
        await pool.execute("INSERT INTO users (email) VALUES ('b@example.org')")
    assert (await creating).blocked == tuple(plan)


async def test_who_holds_a_table_is_named(
    pool: Pool, user_in_use: asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
) -> None:
    process = user_in_use.get_server_pid()
    with pytest.raises(RetryableError, match=rf"in use by process {process} \(gridtokenx-test\)"):
        await ensure_partitions_ahead(pool, tries=1)
    await user_in_use.execute("ROLLBACK; BEGIN")
    assert await ensure_partitions_ahead(pool) > 0
