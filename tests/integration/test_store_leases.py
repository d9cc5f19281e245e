"""Leases: one holder, rising terms, fenced writes, early distrust."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.store.leases import Lease, LeaseConfig, LeaseKeeper, require_current
from gridtokenx_indexer.store.pool import Pool, create_pool

SHORT = LeaseConfig(ttl_ms=400, margin_ms=100)
LONG = LeaseConfig(ttl_ms=60_000, margin_ms=1_000)
EXPIRE = "UPDATE indexer.leases SET expires_at = clock_timestamp() - interval '1 s'"


class Running:
    """A keeper whose service runs."""

    def __init__(self, keeper: LeaseKeeper, stop: asyncio.Event, task: asyncio.Task[None]) -> None:
        self.keeper = keeper
        self.stop = stop
        self.task = task

    async def lease(self) -> Lease:
        async with asyncio.timeout(10):
            held = await self.keeper.held(self.stop)
        assert held is not None
        return held


@asynccontextmanager
async def running(pool: Pool, holder: str, config: LeaseConfig) -> AsyncIterator[Running]:
    keeper = LeaseKeeper(pool, "mint", holder=holder, config=config)
    stop = asyncio.Event()
    task = asyncio.create_task(keeper.run(stop))
    try:
        yield Running(keeper, stop, task)
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)


async def test_second_process_waits_and_takes_over_under_the_next_term(pool: Pool) -> None:
    first = LeaseKeeper(pool, "mint", holder="first", config=LONG)
    await first._step()
    second = LeaseKeeper(pool, "mint", holder="second", config=LONG)
    await second._step()
    assert second.term() is None
    await pool.execute(EXPIRE)
    await second._step()
    lease = second.term()
    assert lease is not None
    assert (lease.holder, lease.term) == ("second", 2)
    await first._step()
    assert first.term() is None


async def test_dead_process_s_lease_is_taken_without_being_told(pool: Pool) -> None:
    await LeaseKeeper(pool, "mint", holder="dead", config=SHORT)._step()
    async with running(pool, "second", SHORT) as second:
        assert (await second.lease()).term > 1


async def test_release_on_stop_hands_over_at_once(pool: Pool) -> None:
    async with running(pool, "first", LONG) as first:
        assert (await first.lease()).term == 1
    async with running(pool, "second", LONG) as second:
        assert (await second.lease()).term == 2


async def test_renewal_keeps_the_term(pool: Pool) -> None:
    keeper = LeaseKeeper(pool, "mint", holder="first", config=LONG)
    await keeper._step()
    before = await pool.fetchval("SELECT expires_at FROM indexer.leases")
    await keeper._step()
    assert await pool.fetchval("SELECT expires_at > $1 AND term = 1 FROM indexer.leases", before)
    lease = keeper.term()
    assert lease is not None
    assert lease.term == 1


async def test_lease_is_distrusted_before_the_database_ends_it(pool: Pool) -> None:
    now = [0.0]
    keeper = LeaseKeeper(pool, "mint", holder="first", config=LONG, clock=lambda: now[0])
    await keeper._step()
    now[0] = 58.9
    assert keeper.term() is not None
    now[0] = 59.0
    assert keeper.term() is None
    assert await pool.fetchval("SELECT expires_at > clock_timestamp() FROM indexer.leases")


async def test_expired_lease_is_not_renewed_under_its_old_term(pool: Pool) -> None:
    keeper = LeaseKeeper(pool, "mint", holder="first", config=LONG)
    await keeper._step()
    await pool.execute(EXPIRE)
    await keeper._step()
    lease = keeper.term()
    assert lease is not None
    assert lease.term == 2


async def test_write_under_an_old_term_is_refused(pool: Pool) -> None:
    first = LeaseKeeper(pool, "mint", holder="first", config=LONG)
    await first._step()
    lease = first.term()
    assert lease is not None
    async with pool.acquire() as connection, connection.transaction():
        await require_current(connection, lease)
    await pool.execute(EXPIRE)
    await LeaseKeeper(pool, "mint", holder="second", config=LONG)._step()
    async with pool.acquire() as connection, connection.transaction():
        with pytest.raises(RetryableError, match="lease mint of term 1 is over"):
            await require_current(connection, lease)


async def test_takeover_waits_for_a_write_under_the_old_term_and_renewal_does_not(pool: Pool) -> None:
    first = LeaseKeeper(pool, "mint", holder="first", config=LONG)
    await first._step()
    lease = first.term()
    assert lease is not None
    async with pool.acquire() as connection:
        async with connection.transaction():
            await require_current(connection, lease)
            await asyncio.wait_for(first._step(), 10)
            await pool.execute("UPDATE indexer.leases SET expires_at = clock_timestamp()")
            takeover = asyncio.create_task(LeaseKeeper(pool, "mint", holder="second", config=LONG)._step())
            async with asyncio.timeout(10):
                while not await pool.fetchval(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
                    " AND locktype IN ('tuple', 'transactionid'))"
                ):
                    await asyncio.wait([takeover], timeout=0.02)
            assert not takeover.done()
        await asyncio.wait_for(takeover, 10)
    assert await pool.fetchval("SELECT term FROM indexer.leases") == 2


async def test_unreachable_database_costs_the_lease_not_the_service(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    pool = await create_pool(database_url, application_name="gone")
    keeper = LeaseKeeper(pool, "mint", holder="first", config=SHORT)
    await keeper._step()
    await pool.close()
    with pytest.raises(asyncpg.InterfaceError):
        await pool.fetchval("SELECT 1")
    await keeper._step()
    assert "lease_unreachable" in caplog.messages
