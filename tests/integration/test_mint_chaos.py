"""The running services, killed at any await, over a node that drops, forks and forgets to answer."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.node import LocalNode
from gridtokenx_indexer.mint.batcher import METER_TABLES
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.worker import MINTER_LEASE
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.project.follower import FollowerService
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.leases import LeaseConfig, LeaseKeeper
from gridtokenx_indexer.store.notify import Notifications
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.lifecycle import MAX_BLOCKHASH_AGE
from tests.support.following import GENESIS_UNIX, Following, held_lease, program_idl
from tests.support.grid_chain import PROGRAM_ADDRESS, GridChain, address, rpc_config
from tests.support.mint_history import assert_history
from tests.support.minting import FIRST_WINDOW, MintHouse, MintServices

FINALITY_SLOTS = 4
METERS = 8
WINDOWS = 3
TX = TxConfig(resend_ms=200, poll_ms=100)
MINT = MintConfig(sweep_ms=500, poll_ms=100)
LEASE = LeaseConfig(ttl_ms=10_000, margin_ms=1_000)


def services(house: MintHouse, database_url: str, rpc: RpcClient) -> list[Service]:
    """A whole daemon's worth, knowing nothing but the database."""
    pool, chain = house.pool, house.following.chain
    notifications = Notifications(database_url)
    follower_lease = LeaseKeeper(pool, "follower", config=LEASE)
    minter_lease = LeaseKeeper(pool, MINTER_LEASE, config=LEASE)
    follower = FollowerService(pool, rpc, follower_lease, house.following.config, idls=[program_idl()])
    minting = MintServices(pool, rpc, minter_lease, chain, notifications, config=MINT, tx=TX)
    return [notifications, follower_lease, minter_lease, follower, *minting.services]


async def live_then_die(house: MintHouse, database_url: str, until: asyncio.Event) -> None:
    """Runs the services until the event, then kills them wherever they are."""
    async with RpcClient(rpc_config(house.following.node)) as rpc:
        tasks = [
            asyncio.create_task(service.run(asyncio.Event()), name=service.name)
            for service in services(house, database_url, rpc)
        ]
        ended = asyncio.create_task(until.wait())
        done, _ = await asyncio.wait({ended, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, ended):
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        assert done == {ended}


def misbehave(node: LocalNode, chance: random.Random) -> int:
    """One trouble of the seed's choosing; returns for how many slots to look on."""
    node.faults.drop_transactions = 0
    match chance.randrange(6):
        case 0:
            node.faults.drop_transactions = 10**6
            return MAX_BLOCKHASH_AGE + 2 * FINALITY_SLOTS
        case 1:
            node.faults.drop_transactions = chance.randint(1, 4)
        case 2:
            node.faults.lose_replies = chance.randint(1, 8)
        case 3:
            node.fork(min(3, node.slot - node.finalized_slot - 1), replay=chance.random() < 0.5)
        case 4:
            node.faults.skip_slots = chance.randint(1, 10)
        case _:
            pass
    return chance.randint(5, 80)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [0, 6])
async def test_every_window_is_minted_exactly_once_whatever_happens(
    pool: Pool, database_url: str, seed: int
) -> None:
    chance = random.Random(seed)
    node_config = LocalNodeConfig(
        port=0, slot_ms=20, finality_slots=FINALITY_SLOTS, genesis_unix=GENESIS_UNIX, seed=f"chaos {seed}"
    )
    async with LocalNode(node_config) as node, RpcClient(rpc_config(node)) as rpc:
        chain = GridChain(node, rpc)
        await chain.set_up()
        config = FollowerConfig(
            program=PROGRAM_ADDRESS,
            energy_mint=address(chain.energy_mint),
            signers=(address(chain.minter.pubkey()),),
            poll_interval_ms=50,
            min_pause_ms=5,
            retry_pause_ms=5,
        )
        house = MintHouse(Following(pool, node, chain, rpc, config, await held_lease(pool)))
        await pool.execute("DELETE FROM indexer.leases")
        expected = 0
        for meter in range(METERS):
            await house.add_meter(f"sun {meter}")
            for window in range(WINDOWS):
                milli_kwh = chance.randint(-500, 1_000)
                expected += max(0, milli_kwh) * 10**6
                amount = f"{abs(milli_kwh) / 1000:.3f}"
                generated, consumed = (amount, "0") if milli_kwh > 0 else ("0", amount)
                await house.read(f"sun {meter}", FIRST_WINDOW + window, generated, consumed)
        async with asyncio.timeout(240):
            for window in range(WINDOWS):
                await house.move_clocks(FIRST_WINDOW + window + 1)
                while not await house.finished(METERS * (window + 1)):
                    until = asyncio.Event()
                    life = asyncio.create_task(live_then_die(house, database_url, until))
                    for _ in range(chance.randint(1, 3)):
                        await node.wait_for_slot(node.slot + misbehave(node, chance))
                    until.set()
                    await life
                    # The dead process released nothing; its successors need not wait for the time to pass.
                    await pool.execute("UPDATE indexer.leases SET expires_at = clock_timestamp()")
        minted = await pool.fetchval("SELECT sum(minted_base_units) FROM indexer.mint_totals")
        assert minted == expected
        await house.chain_supply_reaches(expected)
        await assert_history(pool)
        assert await pool.fetchval(
            "SELECT count(*) FROM indexer.lookup_table_addresses WHERE purpose = $1", METER_TABLES
        )
