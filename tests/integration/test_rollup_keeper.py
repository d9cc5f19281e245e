"""The part of the daemon that keeps half hours and days, while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from gridtokenx_indexer.ops.daemon.status import read_status
from gridtokenx_indexer.store.leases import LeaseConfig, LeaseKeeper
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.rollup_keeper import RollupKeeper
from gridtokenx_indexer.store.rollups import RollupConfig
from tests.support.eventually import eventually
from tests.support.telemetry import add_row, add_rows, make_world, samples

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HALF = timedelta(minutes=30)
QUICK = RollupConfig(poll_ms=20)


@pytest.fixture(autouse=True)
async def world(pool: Pool) -> None:
    await make_world(pool)


@asynccontextmanager
async def running(pool: Pool, config: RollupConfig = QUICK) -> AsyncIterator[asyncio.Task[None]]:
    """A keeper with its lease, stopped in order at the end."""
    stop, stop_lease = asyncio.Event(), asyncio.Event()
    lease = LeaseKeeper(pool, "rollups", config=LeaseConfig(ttl_ms=600, margin_ms=100))
    leasing = asyncio.create_task(lease.run(stop_lease))
    keeper = asyncio.create_task(RollupKeeper(pool, lease, config).run(stop))
    try:
        yield keeper
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.wait({keeper})
            stop_lease.set()
            await leasing
        if not keeper.cancelled():
            keeper.result()


async def test_new_telemetry_is_computed_while_it_comes(pool: Pool) -> None:
    async with running(pool):
        for number in range(3):
            await add_rows(pool, NOON + number * HALF)

            async def there(count: int = number + 1) -> bool:
                return len(await samples(pool)) == count

            await eventually(there, f"computed half hour {number}")

        async def day_is_there() -> bool:
            return bool(await pool.fetchval("SELECT count(*) FROM hosting.site_days WHERE uptime = 1"))

        await eventually(day_is_there, "computed the day")


async def test_what_one_process_left_the_next_takes_up(pool: Pool) -> None:
    await add_rows(pool, *(NOON + n * HALF for n in range(100)))

    async def everything() -> bool:
        return len(await samples(pool)) == 100

    async with running(pool, RollupConfig(poll_ms=20, page_rows=7, batch_half_hours=1)) as keeper:

        async def begun() -> bool:
            return bool(await samples(pool))

        await eventually(begun, "begun")
        keeper.cancel()
    assert not await everything()
    async with running(pool):
        await eventually(everything, "computed the rest")


async def test_of_two_daemons_one_works_and_the_other_takes_over(pool: Pool) -> None:
    async def computed(count: int) -> bool:
        return len(await samples(pool)) == count

    async def term() -> object:
        return await pool.fetchval("SELECT term FROM indexer.leases WHERE name = 'rollups'")

    async with AsyncExitStack() as second:
        async with running(pool):
            await add_rows(pool, NOON)
            await eventually(lambda: computed(1), "computed by the first")
            await second.enter_async_context(running(pool))
            await add_rows(pool, NOON + HALF)
            await eventually(lambda: computed(2), "computed by the first again")
            assert await term() == 1
        await add_rows(pool, NOON + 2 * HALF)
        await eventually(lambda: computed(3), "computed by the second")
        assert await term() == 2


async def test_the_lag_grows_while_an_older_transaction_is_open(pool: Pool) -> None:
    async def lag_of(seconds: int) -> bool:
        status = await read_status(pool)
        return bool(status["rollups"]["lag_seconds"] >= seconds)

    async def no_lag() -> bool:
        status = await read_status(pool)
        return bool(status["rollups"]["lag_seconds"] == 0 and len(await samples(pool)) == 2)

    await pool.execute("SELECT indexer.ensure_partition('hosting.miner_telemetry', $1::timestamptz)", NOON)
    async with running(pool), pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await add_row(slow, NOON)
        await add_rows(pool, NOON + HALF)
        await eventually(lambda: lag_of(2), "shown the delay")
        assert await samples(pool) == []
        await transaction.commit()
        await eventually(no_lag, "caught up")
