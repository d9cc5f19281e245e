"""One small day from readings to settled trades, on a local node or on the node at SOLANA_RPC_URL.

A real node needs a fresh ledger with the program loaded at genesis, at the address GRIDTOKENX_PROGRAM_ID (by
default the IDL's) and under the authority whose key file GRIDTOKENX_AUTHORITY_KEYPAIR names (by default the
demo's). `python -m tests.support.node_arguments` prints the arguments that install it.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from gridtokenx_indexer.ops.demo.allowances import allowances
from gridtokenx_indexer.ops.demo.assess import read_books
from gridtokenx_indexer.ops.demo.chain_setup import Cast, demo_cast, set_up_chain
from gridtokenx_indexer.ops.demo.clocks import Clock, LocalClocks, MarketClock
from gridtokenx_indexer.ops.demo.day import Day, read_day
from gridtokenx_indexer.ops.demo.identities import participants
from gridtokenx_indexer.ops.demo.people import register_people
from gridtokenx_indexer.ops.demo.play import Pace, Player
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from tests.support.daemons import running_daemon
from tests.support.demo_runs import write_small_day
from tests.support.program import PROGRAM_ID, program_elf

# Read before the fixtures take settings out of the environment.
URL = os.environ.get("SOLANA_RPC_URL")
AUTHORITY = os.environ.get("GRIDTOKENX_AUTHORITY_KEYPAIR")
PROGRAM = Pubkey.from_string(os.environ.get("GRIDTOKENX_PROGRAM_ID") or str(PROGRAM_ID))

pytestmark = [pytest.mark.node, pytest.mark.timeout(1800)]

PACE = Pace(grace=timedelta(seconds=121), patience_s=600)


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Where the day is played."""

    url: str
    cast: Cast
    clock: Clock


@pytest.fixture
def day(tmp_path: Path) -> Day:
    """6 meters, 4 windows around noon."""
    return read_day(write_small_day(tmp_path / "day.csv", meters=6, first_hour=12, hours=1))


@pytest.fixture
async def ground(pool: Pool, day: Day) -> AsyncIterator[Ground]:
    async with AsyncExitStack() as stack:
        if URL:
            yield Ground(url=URL, cast=demo_cast(PROGRAM, authority_of_node()), clock=MarketClock(pool))
            return
        cast = demo_cast(PROGRAM)
        node = await stack.enter_async_context(local_node(PACE.first_moment(day)))
        node.install_program(PROGRAM, program_elf(), cast.authority.pubkey())
        yield Ground(url=node.http_url, cast=cast, clock=LocalClocks(pool, node.http_url))


def authority_of_node() -> Keypair | None:
    return Keypair.from_json(Path(AUTHORITY).read_text()) if AUTHORITY else None


def local_node(first_moment: datetime) -> LocalNode:
    return LocalNode(
        LocalNodeConfig(port=0, slot_ms=20, finality_slots=6, genesis_unix=int(first_moment.timestamp()))
    )


async def test_a_day_is_minted_cleared_settled_and_proved(
    ground: Ground, day: Day, pool: Pool, database_url: str
) -> None:
    everyone = participants(day.meters.items())
    player = Player(pool, ground.clock, Wake(), PACE)
    async with RpcClient(RpcConfig(urls=(ground.url,))) as rpc:
        await set_up_chain(rpc, ground.cast, everyone, allowances(day))
        await register_people(pool, everyone)
        await ground.clock.move_to(PACE.first_moment(day))
        async with running_daemon(ground.cast, database_url=database_url, rpc_url=ground.url):
            await player.play(day, everyone, lambda played, total: None)
            books = await read_books(pool, rpc, ground.cast, day)
    assert [check for check in books.checks if not check.ok] == []
    assert books.counts["epochs_cleared"] == 4
    assert books.counts["windows_minted"] > 0
    assert books.counts["trades_settled"] > 0
