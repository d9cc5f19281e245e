"""Notifications wake subscribers, and their loss is survived."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from gridtokenx_indexer.store.notify import Notifications
from gridtokenx_indexer.store.pool import Pool

FOREVER_S = 60.0


@pytest.fixture
async def notifications(database_url: str) -> AsyncIterator[Notifications]:
    service = Notifications(database_url, application_name="listener")
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(stop))
    yield service
    stop.set()
    await asyncio.wait_for(task, 10)


async def listening(service: Notifications) -> None:
    await asyncio.wait_for(service.listening.wait(), 10)


async def test_a_notification_wakes_its_subscribers_only(pool: Pool, notifications: Notifications) -> None:
    stop = asyncio.Event()
    chain = notifications.subscribe("gridtokenx_chain")
    both = notifications.subscribe("gridtokenx_chain", "gridtokenx_orders")
    orders = notifications.subscribe("gridtokenx_orders")
    await listening(notifications)
    for wake in (chain, both, orders):
        await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)
    await pool.execute("NOTIFY gridtokenx_chain")
    await asyncio.wait_for(chain.wait(FOREVER_S, stop), 10)
    await asyncio.wait_for(both.wait(FOREVER_S, stop), 10)
    waiting = asyncio.create_task(orders.wait(FOREVER_S, stop))
    await pool.execute("NOTIFY gridtokenx_orders")
    await asyncio.wait_for(waiting, 10)


async def test_waiting_ends_with_the_time_and_with_stop(notifications: Notifications) -> None:
    wake = notifications.subscribe("gridtokenx_clock")
    await listening(notifications)
    stop = asyncio.Event()
    await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)
    await asyncio.wait_for(wake.wait(0.01, stop), 10)
    stop.set()
    await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)


async def test_moving_the_market_clock_wakes(pool: Pool, notifications: Notifications) -> None:
    wake = notifications.subscribe("gridtokenx_clock")
    await listening(notifications)
    stop = asyncio.Event()
    await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)
    await pool.execute("SELECT indexer.set_market_clock_offset(60000)")
    await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)


async def test_a_lost_connection_is_made_again_and_wakes(pool: Pool, notifications: Notifications) -> None:
    wake = notifications.subscribe("gridtokenx_chain")
    await listening(notifications)
    stop = asyncio.Event()
    await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)
    await pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'listener' AND datname = current_database()"
    )
    await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)
    await listening(notifications)
    await pool.execute("NOTIFY gridtokenx_chain")
    await asyncio.wait_for(wake.wait(FOREVER_S, stop), 10)
