"""Replay and restart give the same bytes as following without a break."""

from __future__ import annotations

import random

import pytest

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.localnet.validator import ForkMode
from gridtokenx_indexer.ops.replaying import replay_all
from gridtokenx_indexer.project.account_balances import AccountBalances
from gridtokenx_indexer.project.digest import DIGESTED, digests
from gridtokenx_indexer.project.replay import replay
from gridtokenx_indexer.store.leases import Lease
from gridtokenx_indexer.store.pool import Pool, create_pool
from tests.support.following import FINALITY_SLOTS, Following, following, held_lease
from tests.support.grid_chain import address
from tests.support.postgres import DatabaseServer
from tests.support.svm import key

WINDOW = 1_463_011_200 // 900 - 1


async def activity(setting: Following) -> None:
    """Mints, a skipped mint, a burn, a failed transaction and skipped slots."""
    chain, node = setting.chain, setting.node
    alice = await chain.open_account(key("alice"), chain.energy_mint)
    for serial, amount in (("m1", 1_000), ("m2", 2_000), ("m1", 1_000)):
        await chain.send(chain.mint(serial, WINDOW, amount, alice), signers=[chain.minter])
    node.faults.skip_slots = 2
    node.produce(3)
    await chain.send(chain.burn(alice, key("alice").pubkey(), 300), signers=[key("alice")])
    await chain.send(chain.burn(alice, key("alice").pubkey(), 10**9), signers=[key("alice")], fails=True)
    node.produce(1)


async def test_replay_gives_the_same_bytes(pool: Pool) -> None:
    async with following(pool) as setting:
        await activity(setting)
        await setting.follow()
        before = await digests(pool)
        await pool.execute("DELETE FROM blockchain.account_balances")
        await pool.execute("UPDATE blockchain_events SET data = '{}'")
        damaged = await digests(pool)
        assert {table for table in DIGESTED if damaged[table] != before[table]} == {"events", "balances"}
        assert setting.lease.lease is not None
        mint = address(setting.chain.energy_mint)
        result = await replay(pool, setting.lease.lease, [AccountBalances(mint)])
        assert await digests(pool) == before
        assert result.events == await pool.fetchval("SELECT count(*) FROM blockchain_events") == 4
        assert result.transactions == await pool.fetchval("SELECT count(*) FROM indexer.raw_transactions")


async def test_replay_brings_back_balances_that_are_all_lost(pool: Pool) -> None:
    """What they are made of is not read from what is to be made again."""
    async with following(pool) as setting:
        await activity(setting)
        await setting.follow()
        before = await digests(pool)
        energy = "SELECT count(*) FROM blockchain.account_balances WHERE energy_balances <> '{}'"
        assert await pool.fetchval(energy) == 1
        await pool.execute("UPDATE indexer.leases SET expires_at = now()")
        await pool.execute("DELETE FROM blockchain.account_balances")
        assert (await replay_all(pool, dry_run=False)).changed_tables == ("balances",)
        assert await digests(pool) == before


async def test_replay_that_does_not_know_the_energy_token_changes_nothing(pool: Pool) -> None:
    async with following(pool) as setting:
        await activity(setting)
        await setting.follow()
        before = await digests(pool)
        await pool.execute("UPDATE indexer.cursors SET energy_mint = NULL")
        await pool.execute("UPDATE indexer.leases SET expires_at = now()")
        with pytest.raises(StopError, match="start the daemon"):
            await replay_all(pool, dry_run=False)
        assert await digests(pool) == before
        setting.lease = await held_lease(pool)
        setting.node.produce(1)
        await setting.follow()
        assert await pool.fetchval("SELECT energy_mint FROM indexer.cursors") == address(
            setting.chain.energy_mint
        )


async def test_replay_needs_the_followers_lease(pool: Pool) -> None:
    async with following(pool) as setting:
        await activity(setting)
        await setting.follow()
        before = await digests(pool)
        with pytest.raises(RetryableError, match="is over"):
            await replay(pool, Lease("follower", "somebody else", 77, 0.0), [AccountBalances(None)])
        assert await digests(pool) == before


@pytest.mark.parametrize("seed", range(4))
async def test_restarts_and_forks_at_any_point_end_in_the_same_bytes(
    postgres: DatabaseServer, pool: Pool, seed: int
) -> None:
    """One follower restarts at every step and sees forks; another looks once, when all is final."""
    chance = random.Random(seed)
    async with following(pool) as setting:
        chain, node = setting.chain, setting.node
        alice = await chain.open_account(key("alice"), chain.energy_mint)
        for number in range(12):
            match chance.randrange(5):
                case 0:
                    depth = chance.randint(1, min(3, node.slot - node.finalized_slot - 3))
                    node.fork(depth, chance.choice(list(ForkMode)), replay=True)
                    node.produce(1)
                case 1:
                    node.faults.skip_slots = chance.randint(1, 3)
                    node.produce(node.faults.skip_slots)
                case _:
                    # A fork may have lost the account that it mints to.
                    mint = chain.mint(f"m{number}", WINDOW, 1_000 + number, alice)
                    await chain.send(mint, signers=[chain.minter], fails=None)
            if chance.random() < 0.7:
                await setting.open()
                await setting.follow()
        node.produce(FINALITY_SLOTS + 2)
        for _ in range(3):
            await setting.follow()
        with postgres.database() as url:
            other = await create_pool(url, application_name="once")
            try:
                once = Following(other, node, chain, setting.rpc, setting.config, await held_lease(other))
                await once.follow()
                assert await digests(other) == await digests(pool)
                slots = "SELECT slot, status, blockhash, proved_by FROM indexer.slots ORDER BY slot"
                assert await other.fetch(slots) == await pool.fetch(slots)
            finally:
                await other.close()
