"""SIGTERM drains the daemon; a second signal stops it at once."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from gridtokenx_indexer.ops.demo.allowances import allowances
from gridtokenx_indexer.ops.demo.assess import read_books
from gridtokenx_indexer.ops.demo.chain_setup import Cast, demo_cast, set_up_chain
from gridtokenx_indexer.ops.demo.clocks import LocalClocks
from gridtokenx_indexer.ops.demo.day import Day, read_day
from gridtokenx_indexer.ops.demo.identities import Participant, participants
from gridtokenx_indexer.ops.demo.people import register_people
from gridtokenx_indexer.ops.demo.play import Pace, Player
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from tests.support.daemons import Daemon, running_daemon
from tests.support.demo_runs import write_small_day
from tests.support.eventually import eventually
from tests.support.program import PROGRAM_ID, program_elf

pytestmark = pytest.mark.timeout(300)

PACE = Pace(grace=timedelta(seconds=121))


class Village(msgspec.Struct, frozen=True, kw_only=True):
    """A chain set up for a few participants, and their day."""

    node: LocalNode
    rpc: RpcClient
    cast: Cast
    day: Day
    everyone: tuple[Participant, ...]
    clocks: LocalClocks


@pytest.fixture
async def village(pool: Pool, tmp_path: Path) -> AsyncIterator[Village]:
    day = read_day(write_small_day(tmp_path / "day.csv", meters=4, first_hour=12, hours=1))
    first_moment = PACE.first_moment(day)
    cast = demo_cast(PROGRAM_ID)
    config = LocalNodeConfig(port=0, slot_ms=20, finality_slots=6, genesis_unix=int(first_moment.timestamp()))
    async with LocalNode(config) as node, RpcClient(RpcConfig(urls=(node.http_url,))) as rpc:
        node.install_program(PROGRAM_ID, program_elf(), cast.authority.pubkey())
        everyone = participants(day.meters.items())
        await set_up_chain(rpc, cast, everyone, allowances(day))
        await register_people(pool, everyone)
        clocks = LocalClocks(pool, node.http_url)
        await clocks.move_to(first_moment)
        yield Village(node=node, rpc=rpc, cast=cast, day=day, everyone=everyone, clocks=clocks)


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
