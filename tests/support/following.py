"""A follower over a local node, moved step by step, and what it wrote."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec

from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.node import LocalNode
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.project.follower import FollowerService
from gridtokenx_indexer.project.frontier import Frontier
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.chain_reader import IdlText
from gridtokenx_indexer.store.leases import Lease
from gridtokenx_indexer.store.pool import Pool
from tests.support.grid_chain import PROGRAM_ADDRESS, GridChain, address, rpc_config
from tests.support.leases import take_lease

FINALITY_SLOTS = 6
GENESIS_UNIX = 1_463_011_200


@dataclass
class HeldLease:
    """A lease taken by hand; set `lease` to None to lose it."""

    lease: Lease | None

    def term(self) -> Lease | None:
        return self.lease

    async def held(self, stop: asyncio.Event) -> Lease | None:
        if self.lease is None:
            await stop.wait()
        return self.lease


async def held_lease(pool: Pool) -> HeldLease:
    taken = await take_lease(pool, "follower")
    return HeldLease(Lease(taken.name, "test", taken.term, taken.trusted_until))


def program_idl() -> IdlText:
    text = resource("programs/gridtokenx/idl.json").read_text()
    return IdlText(PROGRAM_ADDRESS, text)


@dataclass
class Following:
    pool: Pool
    node: LocalNode
    chain: GridChain
    rpc: RpcClient
    config: FollowerConfig
    lease: HeldLease

    def service(self, **changes: object) -> FollowerService:
        config = msgspec.structs.replace(self.config, **changes)
        return FollowerService(self.pool, self.rpc, self.lease, config, idls=[program_idl()])

    async def open(self, **changes: object) -> Frontier:
        """A follower just started: everything it knows is from the database."""
        assert self.lease.lease is not None
        return await self.service(**changes).open(self.lease.lease)

    async def follow(self) -> Frontier:
        """Starts, takes what the node has, and is gone."""
        frontier = await self.open()
        await frontier.advance(self.rpc.pinned())
        return frontier


@asynccontextmanager
async def following(pool: Pool, *, set_up: bool = True) -> AsyncIterator[Following]:
    """A node whose slots pass only when told, the program initialized and final."""
    node_config = LocalNodeConfig(
        port=0, slot_ms=0, finality_slots=FINALITY_SLOTS, genesis_unix=GENESIS_UNIX, seed="following"
    )
    async with LocalNode(node_config) as node, RpcClient(rpc_config(node)) as rpc:
        chain = GridChain(node, rpc)
        if set_up:
            await chain.set_up()
            node.produce(FINALITY_SLOTS)
        config = FollowerConfig(
            program=PROGRAM_ADDRESS,
            energy_mint=address(chain.energy_mint),
            mints=(address(chain.payment_mint),),
            lamport_accounts=(address(chain.payer.pubkey()),),
            signers=(address(chain.minter.pubkey()),),
            poll_interval_ms=20,
            min_pause_ms=1,
            retry_pause_ms=1,
        )
        yield Following(pool, node, chain, rpc, config, await held_lease(pool))
