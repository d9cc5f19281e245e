"""Half hours and days of telemetry stay true, however late rows come and whoever dies."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.store.leases import Lease
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.rollups import RollupConfig, Rollups
from tests.support.telemetry import add_row, add_rows, look_at_everything, make_world, roll_up, samples

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE, HALF, DAY = timedelta(minutes=1), timedelta(minutes=30), timedelta(days=1)
DAYS = "SELECT site_id, day, miners, hashrate_avg FROM hosting.site_days ORDER BY day, site_id"


@pytest.fixture(autouse=True)
async def world(pool: Pool) -> None:
    await make_world(pool)


@pytest.mark.requirement("S3-O03")
async def test_rows_reach_their_half_hour_and_their_day(pool: Pool) -> None:
    await add_rows(pool, NOON, NOON + 29 * MINUTE, NOON + 30 * MINUTE)
    await add_rows(pool, NOON + DAY, miner=2)
    assert await roll_up(pool) == 3
    assert await samples(pool) == [(1, NOON, 2), (1, NOON + HALF, 1), (2, NOON + DAY, 1)]
    # 100 TH/s over one or two of 48 half hours.
    assert [tuple(row) for row in await pool.fetch(DAYS)] == [
        (1, date(2026, 3, 10), 1, Decimal("4.1667")),
        (1, date(2026, 3, 11), 1, Decimal("2.0833")),
    ]
    assert await roll_up(pool) == 0


async def test_telemetry_of_last_year_reaches_its_half_hour(pool: Pool) -> None:
    await add_rows(pool, NOON)
    await roll_up(pool)
    late = NOON - timedelta(days=365)
    await add_rows(pool, late, late + MINUTE)
    assert await roll_up(pool) == 1
    assert (1, late, 2) in await samples(pool)
    assert await pool.fetchval("SELECT count(*) FROM hosting.site_days") == 2


async def test_a_row_that_commits_late_with_a_low_id_reaches_its_half_hour(pool: Pool) -> None:
    rollups = Rollups(pool, RollupConfig())
    await add_rows(pool, NOON)
    await roll_up(pool)
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await add_row(slow, NOON + HALF)
        await add_rows(pool, NOON + 2 * HALF)
        looks = [await rollups.look() for _ in range(3)]
        # The row that is committed waits for the older one, and the delay shows.
        assert (looks[-1].more, looks[-1].stuck) == (False, True)
        while await rollups.compute() is not None:
            pass
        assert len(await samples(pool)) == 1
        await transaction.commit()
    await roll_up(pool)
    assert await samples(pool) == [(1, NOON, 1), (1, NOON + HALF, 1), (1, NOON + 2 * HALF, 1)]


async def test_ids_of_the_writers_own_make_no_difference(pool: Pool) -> None:
    await add_rows(pool, NOON)
    await roll_up(pool)
    await pool.execute(
        "INSERT INTO hosting.miner_telemetry (id, miner_id, hashrate, recorded_at) VALUES (-5, 1, 7, $1)",
        NOON,
    )
    await roll_up(pool)
    assert await samples(pool) == [(1, NOON, 2)]


async def test_dropped_raw_rows_leave_their_half_hours_even_when_a_late_row_follows(pool: Pool) -> None:
    await add_rows(pool, *(NOON + n * MINUTE for n in range(20)))
    await roll_up(pool)
    before = await pool.fetch("SELECT * FROM hosting.telemetry_30min")
    await pool.execute("DROP TABLE hosting.miner_telemetry_p202603")
    assert await roll_up(pool) == 0
    await add_rows(pool, NOON + 25 * MINUTE)
    await add_rows(pool, NOON + 25 * MINUTE, miner=2)
    assert await roll_up(pool) == 1
    assert (await pool.fetch("SELECT * FROM hosting.telemetry_30min WHERE miner_id = 1")) == before
    assert await samples(pool) == [(1, NOON, 20), (2, NOON, 1)]


async def test_a_miner_that_moves_leaves_its_history_where_it_was(pool: Pool) -> None:
    await add_rows(pool, NOON)
    await roll_up(pool)
    await pool.execute("INSERT INTO hosting.hosting_sites (id, name) VALUES (9, 'south')")
    await pool.execute("UPDATE hosting.hosting_miners SET site_id = 9 WHERE id = 1")
    await add_rows(pool, NOON + MINUTE, NOON + DAY)
    await roll_up(pool)
    assert [(row["site_id"], row["day"]) for row in await pool.fetch(DAYS)] == [
        (1, date(2026, 3, 10)),
        (9, date(2026, 3, 11)),
    ]


async def test_pages_and_batches_of_any_size_give_the_same(pool: Pool) -> None:
    await add_rows(pool, *(NOON + n * 10 * MINUTE for n in range(200)))
    await add_rows(pool, *(NOON + n * 10 * MINUTE for n in range(0, 200, 7)), miner=2)
    assert await roll_up(pool, RollupConfig(page_rows=3, batch_half_hours=5)) == 67
    assert sum(count for _, _, count in await samples(pool)) == 229
    assert await pool.fetchval("SELECT count(*) FROM hosting.site_days") == 2


async def test_two_processes_share_the_work_and_do_nothing_twice(pool: Pool) -> None:
    await add_rows(pool, *(NOON + n * HALF for n in range(60)))
    config = RollupConfig(batch_half_hours=4)
    await look_at_everything(Rollups(pool, config), pool)

    async def work() -> int:
        rollups, done = Rollups(pool, config), 0
        while (computed := await rollups.compute()) is not None:
            done += computed.half_hours
        return done

    assert sum(await asyncio.gather(work(), work(), work())) == 60
    assert len(await samples(pool)) == 60
    assert await pool.fetchval("SELECT sum(miners) FROM hosting.site_days") == 2


async def test_a_half_hour_touched_while_it_is_computed_is_computed_again(pool: Pool) -> None:
    await add_rows(pool, NOON)
    rollups = Rollups(pool, RollupConfig())
    await look_at_everything(rollups, pool)
    async with pool.acquire() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("DELETE FROM indexer.touched_half_hours")
        touching = asyncio.create_task(rollups.touch(NOON, NOON + HALF))
        waits = (
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database())"
        )
        async with asyncio.timeout(20):
            while not await pool.fetchval(waits):
                assert not touching.done()
        await transaction.commit()
    assert await touching == 1
    assert await pool.fetchval("SELECT count(*) FROM indexer.touched_half_hours") == 1


async def test_a_lost_lease_writes_nothing(pool: Pool) -> None:
    await add_rows(pool, NOON)
    lost = Rollups(pool, RollupConfig(), Lease("rollups", "gone", 1, 0))
    with pytest.raises(RetryableError, match="lease rollups of term 1 is over"):
        await lost.look()
    await look_at_everything(Rollups(pool, RollupConfig()), pool)
    with pytest.raises(RetryableError, match="lease rollups of term 1 is over"):
        await lost.compute()
    assert await samples(pool) == []
    assert await pool.fetchval("SELECT count(*) FROM indexer.touched_half_hours") == 1


async def test_rows_of_a_range_are_computed_anew(pool: Pool) -> None:
    await add_rows(pool, NOON, NOON + DAY)
    await roll_up(pool)
    await pool.execute("DELETE FROM hosting.telemetry_30min")
    rollups = Rollups(pool, RollupConfig())
    assert await rollups.touch(NOON - 30 * DAY, NOON + DAY) == 1
    while await rollups.compute() is not None:
        pass
    assert await samples(pool) == [(1, NOON, 1)]


async def test_a_database_from_another_server_is_looked_at_whole(
    pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    await add_rows(pool, NOON)
    await pool.execute("UPDATE hosting.miner_telemetry SET transaction_id = '4000000000000'")
    await pool.execute("UPDATE indexer.rollup_progress SET transaction_id = '4000000000001'")
    with caplog.at_level(logging.WARNING):
        await Rollups(pool, RollupConfig()).look()
    assert "rollups_from_elsewhere" in caplog.messages
    assert await Rollups(pool, RollupConfig()).compute() is not None
    assert await samples(pool) == [(1, NOON, 1)]
    await add_rows(pool, NOON + HALF)
    rollups = Rollups(pool, RollupConfig())
    async with asyncio.timeout(60):
        while len(await samples(pool)) < 2:
            await rollups.look()
            await rollups.compute()


async def test_of_two_that_compute_a_day_the_second_has_the_newer_picture(pool: Pool) -> None:
    await add_rows(pool, NOON)
    await roll_up(pool)
    await add_rows(pool, NOON + HALF)
    await pool.execute("SELECT hosting.roll_up_telemetry($1)", NOON)
    compute, waits = (
        "SELECT hosting.roll_up_site_day($1)",
        (
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        ),
    )
    async with pool.acquire() as newer:
        transaction = newer.transaction()
        await transaction.start()
        await newer.execute("SELECT hosting.roll_up_telemetry($1)", NOON + HALF)
        await newer.execute(compute, NOON.date())
        older = asyncio.create_task(pool.execute(compute, NOON.date()))
        async with asyncio.timeout(20):
            while not await pool.fetchval(waits):
                assert not older.done()
        await transaction.commit()
    await older
    assert await pool.fetchval("SELECT hashrate_avg FROM hosting.site_days") == Decimal("4.1667")
