"""SIGTERM drains the daemon; a second signal stops it at once."""

from __future__ import annotations

import asyncio
import json
import signal
from typing import Any

import pytest

from gridtokenx_indexer.ops.demo.assess import read_books
from gridtokenx_indexer.ops.demo.play import Player
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from tests.support.daemons import Daemon, running_daemon
from tests.support.eventually import eventually
from tests.support.village import PACE, Village

pytestmark = pytest.mark.timeout(300)


def events(daemon: Daemon) -> list[dict[str, Any]]:
    return [json.loads(line) for line in daemon.log().splitlines()]


async def ended(daemon: Daemon) -> int:
    """The exit code."""
    return await asyncio.wait_for(daemon.child.ended(), 60)


async def test_a_drained_daemon_leaves_nothing_half_done(
    village: Village, pool: Pool, database_url: str
) -> None:
    player = Player(pool, village.clocks, Wake(), PACE)
    url = village.node.http_url
    playing = asyncio.create_task(player.play(village.day, village.everyone, lambda played, total: None))
    try:
        async with running_daemon(village.cast, database_url=database_url, rpc_url=url) as daemon:
            await eventually(
                lambda: pool.fetchval("SELECT count(*) FROM indexer.tx_attempts"), "an attempt is written"
            )
            daemon.child.signal(signal.SIGTERM)
            assert await ended(daemon) == 0
            last = events(daemon)[-1]
            assert (last["event"], last["exit_code"], last["cancelled"]) == ("stopped", 0, 0)
            assert (
                await pool.fetchval(
                    "SELECT count(*) FROM indexer.leases WHERE expires_at > clock_timestamp()"
                )
                == 0
            )
        async with running_daemon(village.cast, database_url=database_url, rpc_url=url):
            await asyncio.wait_for(playing, 120)
            books = await read_books(pool, village.rpc, village.cast, village.day)
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
    assert [check for check in books.checks if not check.ok] == []


async def test_an_interrupt_drains_too_and_exits_130(village: Village, database_url: str) -> None:
    url = village.node.http_url
    async with running_daemon(village.cast, database_url=database_url, rpc_url=url) as daemon:
        daemon.child.signal(signal.SIGINT)
        assert await ended(daemon) == 130
        assert events(daemon)[-1]["cancelled"] == 0
