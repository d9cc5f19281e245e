"""Skipped slots and replaced confirmed slots, on the local node."""

from __future__ import annotations

from decimal import Decimal

from gridtokenx_indexer.localnet.validator import ForkMode
from gridtokenx_indexer.store.pool import Pool
from tests.support.following import FINALITY_SLOTS, Following, following
from tests.support.svm import key

WINDOW = 1_463_011_200 // 900 - 1


async def alice_balance(pool: Pool) -> tuple[Decimal, int] | None:
    row = await pool.fetchrow(
        "SELECT total_balance, nonce FROM blockchain.account_balances WHERE owner = $1",
        str(key("alice").pubkey()),
    )
    return None if row is None else (row["total_balance"], row["nonce"])


async def slots(pool: Pool) -> list[tuple[int, str]]:
    rows = await pool.fetch("SELECT slot, status FROM indexer.slots ORDER BY slot")
    return [tuple(row) for row in rows]


async def mint(setting: Following, serial: str, amount: int) -> None:
    chain = setting.chain
    alice = await chain.open_account(key("alice"), chain.energy_mint)
    await chain.send(chain.mint(serial, WINDOW, amount, alice), signers=[chain.minter])


async def test_skipped_slots_are_proved_by_the_block_that_steps_over_them(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        before = setting.node.slot
        setting.node.faults.skip_slots = 3
        setting.node.produce(5)
        await setting.follow()
        skipped = await pool.fetch("SELECT slot, proved_by FROM indexer.slots WHERE status = 'skipped'")
        assert [tuple(row) for row in skipped] == [(before + n, before + 4) for n in (1, 2, 3)]


async def test_slots_that_may_still_get_a_block_are_not_called_skipped(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        setting.node.faults.skip_slots = 3
        setting.node.produce(3)
        await setting.follow()
        assert not [slot for slot, status in await slots(pool) if status == "skipped"]


async def test_three_replaced_confirmed_slots_are_rolled_back(pool: Pool) -> None:
    async with following(pool) as setting:
        await mint(setting, "meter-1", 1_000)
        setting.node.produce(FINALITY_SLOTS)
        await mint(setting, "meter-2", 500)
        setting.node.produce(1)
        await setting.follow()
        assert await alice_balance(pool) == (Decimal(1_500), 3)
        confirmed = await pool.fetchval("SELECT max(slot) FROM blockchain_events")
        assert confirmed > setting.node.finalized_slot
        lost = setting.node.fork(3)
        assert confirmed in lost
        setting.node.produce(1)
        frontier = await setting.follow()
        held_at = frontier.window.head.slot
        assert await alice_balance(pool) == (Decimal(1_500), 3), "only finality takes a block back"
        setting.node.produce(FINALITY_SLOTS + 1)
        await setting.follow()
        await setting.follow()
        assert await alice_balance(pool) == (Decimal(1_000), 2)
        assert await pool.fetchval("SELECT max(slot) FROM blockchain_events") < confirmed
        assert await pool.fetchval("SELECT head_slot FROM indexer.cursors") > held_at


async def test_finality_that_steps_over_our_slots_takes_them_back(pool: Pool) -> None:
    async with following(pool) as setting:
        await mint(setting, "meter-1", 1_000)
        setting.node.produce(2)
        await setting.follow()
        lost = setting.node.fork(3, ForkMode.STEP_OVER)
        setting.node.produce(FINALITY_SLOTS + 3)
        await setting.follow()
        await setting.follow()
        statuses = dict(await slots(pool))
        assert {statuses[slot] for slot in lost} == {"skipped"}
        assert await alice_balance(pool) != (Decimal(1_000), 2)
        links = await pool.fetch(
            "SELECT slot, parent_slot FROM indexer.slots WHERE status <> 'skipped' ORDER BY slot"
        )
        assert [row["parent_slot"] for row in links[1:]] == [row["slot"] for row in links[:-1]]


async def test_a_skip_record_is_taken_back_with_the_block_that_proved_it(pool: Pool) -> None:
    async with following(pool) as setting:
        setting.node.faults.skip_slots = 2
        setting.node.produce(4)
        await setting.follow()
        before = dict(await slots(pool))
        skipped = [slot for slot, status in before.items() if status == "skipped"]
        assert len(skipped) == 2
        setting.node.fork(3, ForkMode.STEP_OVER)
        setting.node.produce(FINALITY_SLOTS + 3)
        await setting.follow()
        await setting.follow()
        proofs = await pool.fetch(
            "SELECT s.slot FROM indexer.slots s LEFT JOIN indexer.slots b ON b.slot = s.proved_by "
            "WHERE s.status = 'skipped' AND (b.slot IS NULL OR b.parent_slot >= s.slot)"
        )
        assert proofs == []


async def test_a_replayed_transaction_is_indexed_where_it_finally_landed(pool: Pool) -> None:
    async with following(pool) as setting:
        await mint(setting, "meter-1", 1_000)
        setting.node.produce(1)
        await setting.follow()
        setting.node.fork(2, replay=True)
        setting.node.produce(FINALITY_SLOTS + 2)
        await setting.follow()
        await setting.follow()
        assert await alice_balance(pool) == (Decimal(1_000), 2)
        events = await pool.fetch("SELECT slot FROM blockchain_events WHERE event_type = 'EnergyMinted'")
        assert len(events) == 1
