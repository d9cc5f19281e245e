"""A small village on a local chain, with its day still to be played."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from gridtokenx_indexer.ops.demo.allowances import allowances
from gridtokenx_indexer.ops.demo.chain_setup import Cast, demo_cast, set_up_chain
from gridtokenx_indexer.ops.demo.clocks import LocalClocks
from gridtokenx_indexer.ops.demo.day import Day, read_day
from gridtokenx_indexer.ops.demo.identities import Participant, participants
from gridtokenx_indexer.ops.demo.people import register_people
from gridtokenx_indexer.ops.demo.play import Pace
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.pool import Pool
from tests.support.demo_runs import write_small_day
from tests.support.program import PROGRAM_ID, program_elf

PACE = Pace(grace=timedelta(seconds=121))


class Village(msgspec.Struct, frozen=True, kw_only=True):
    """A chain set up for a few participants, and their day."""

    node: LocalNode
    rpc: RpcClient
    cast: Cast
    day: Day
    everyone: tuple[Participant, ...]
    clocks: LocalClocks


@asynccontextmanager
async def small_village(pool: Pool, folder: Path) -> AsyncIterator[Village]:
    """4 meters, 4 windows at noon."""
    day = read_day(write_small_day(folder / "day.csv", meters=4, first_hour=12, hours=1))
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
