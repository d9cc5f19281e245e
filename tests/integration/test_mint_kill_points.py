"""A minter that dies anywhere, loses replies, forks or its lease still mints every window exactly once."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.errors import LeaseLostError, OperationInFlightError
from gridtokenx_indexer.tx.lifecycle import MAX_BLOCKHASH_AGE
from tests.support.following import FINALITY_SLOTS
from tests.support.mint_history import assert_history
from tests.support.minting import FIRST_WINDOW, Minter, MintHouse, mint_house

KWH = 10**9


class Killed(BaseException):
    """Stands for kill -9: nothing of ours may catch it."""


async def one_window(house: MintHouse) -> Minter:
    await house.add_meter("sun")
    await house.read("sun", FIRST_WINDOW, "1")
    await house.close_window(FIRST_WINDOW)
    return await house.minter()


async def expect_minted_once(house: MintHouse) -> None:
    await house.run(await house.minter())
    assert set((await house.statuses()).values()) == {"done"}
    assert await house.supply_base_units() == KWH
    assert [row["blockchain_status"] for row in await house.readings()] == ["minted"]
    await assert_history(house.pool)


async def test_killed_after_signing_before_the_commit(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        write = minter.writer.write

        async def die(*args: Any, **kwargs: Any) -> Any:
            await write(*args, **kwargs)
            raise Killed

        monkeypatch.setattr(minter.writer, "write", die)
        with pytest.raises(Killed):
            await minter.step()
        assert minter.sink.sent == []
        assert await house.attempts() == []
        assert (await house.statuses())[("sun", 0)] == "leased"
        await expect_minted_once(house)
        assert len(await house.attempts()) == 1


async def test_killed_after_the_commit_before_the_send(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)

        async def die(_attempts: object) -> None:
            raise Killed

        monkeypatch.setattr(minter.sender, "send", die)
        with pytest.raises(Killed):
            await minter.step()
        assert minter.sink.sent == []
        (attempt,) = await house.attempts()
        assert attempt["status"] == "signed"
        successor = await house.minter()
        assert await successor.broadcaster.send_due() == 1
        assert successor.sink.sent == [attempt["transaction"]]
        await expect_minted_once(house)
        assert len(await house.attempts()) == 1


async def test_killed_after_the_send_before_the_reply(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        hand_over = minter.sink.send_transaction

        async def die(raw: bytes, *, skip_preflight: bool = False) -> Any:
            await hand_over(raw, skip_preflight=skip_preflight)
            raise Killed

        monkeypatch.setattr(minter.sink, "send_transaction", die)
        with pytest.raises(Killed):
            await minter.step()
        await expect_minted_once(house)
        assert len(await house.attempts()) == 1


async def test_an_error_on_sending_proves_nothing(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        minter.sink.lose_reply = 1
        await minter.step()
        (attempt,) = await house.attempts()
        assert attempt["status"] == "sent"
        assert attempt["last_send_error"] == "the reply was lost"
        await expect_minted_once(house)
        assert len(await house.attempts()) == 1


async def test_only_the_stored_bytes_are_sent_again(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        minter.sink.swallow = 3
        await minter.step()
        for _ in range(3):
            await minter.broadcaster.send_due()
        (attempt,) = await house.attempts()
        assert set(minter.sink.sent) == {attempt["transaction"]}
        assert len(minter.sink.sent) == 4
        await expect_minted_once(house)
        assert len(await house.attempts()) == 1


async def test_an_expired_attempt_is_proved_dead_before_a_new_one_is_signed(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        minter.sink.swallow = 10**6
        await minter.step()
        (attempt,) = await house.attempts()
        house.following.node.produce(attempt["last_valid_block_height"] - await head_height(house))
        await house.following.follow()
        # Expired at the head, but not yet at a finalized block: nothing may be concluded.
        assert await minter.resolver.close_some() == 0
        assert await minter.step() == 0
        await house.settle(FINALITY_SLOTS + 1)
        assert await minter.resolver.close_some() == 1
        certificate = await pool.fetchrow("SELECT * FROM indexer.tx_death_certificates")
        assert certificate is not None
        assert certificate["signature"] == attempt["signature"]
        assert certificate["from_blockhash"] == attempt["blockhash"]
        assert certificate["to_block_height"] > attempt["last_valid_block_height"]
        assert certificate["blocks_searched"] == MAX_BLOCKHASH_AGE + 1
        minter.sink.swallow = 0
        await expect_minted_once(house)
        assert [row["status"] for row in await house.attempts()] == ["dead", "spent"]


async def test_skipped_slots_do_not_shorten_the_search(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        minter.sink.swallow = 10**6
        await minter.step()
        house.following.node.faults.skip_slots = 40
        house.following.node.produce(MAX_BLOCKHASH_AGE + FINALITY_SLOTS)
        await house.following.follow()
        assert await minter.resolver.close_some() == 0
        await house.settle(41)
        assert await minter.resolver.close_some() == 1
        certificate = await pool.fetchrow("SELECT * FROM indexer.tx_death_certificates")
        assert certificate is not None
        assert certificate["to_slot"] - certificate["from_slot"] >= MAX_BLOCKHASH_AGE + 41
        minter.sink.swallow = 0
        await expect_minted_once(house)


@pytest.mark.parametrize("replay", [False, True])
async def test_a_fork_that_takes_the_transaction_back_is_sent_the_same_bytes(
    pool: Pool, replay: bool
) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        await minter.step()
        node = house.following.node
        node.produce(3)
        await house.following.follow()
        seen = await pool.fetchval("SELECT count(*) FROM blockchain_events WHERE event_type = 'EnergyMinted'")
        assert seen == 1
        assert await minter.broadcaster.send_due() == 0
        assert await minter.resolver.close_some() == 0
        assert (await house.statuses())[("sun", 0)] == "sent"
        node.fork(3, replay=replay)
        await expect_minted_once(house)
        assert len(await house.attempts()) == 1


async def test_a_worker_that_lost_its_lease_neither_writes_nor_sends(pool: Pool) -> None:
    async with mint_house(pool) as house:
        old = await one_window(house)
        await house.minter()
        with pytest.raises(LeaseLostError):
            await old.step()
        assert await house.operations() == []
        assert old.sink.sent == []


async def test_the_lease_is_checked_between_the_lease_of_rows_and_the_write(pool: Pool) -> None:
    async with mint_house(pool) as house:
        old = await one_window(house)
        await old.planner.plan(old.lease)
        await old.freezer.lease_due(old.lease)
        await house.minter()
        with pytest.raises(LeaseLostError):
            await old.batcher.send_leased(old.lease)
        assert await house.attempts() == []
        await expect_minted_once(house)


async def test_a_worker_that_lost_its_lease_parks_nothing(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mint_house(pool) as house:
        old = await one_window(house)
        await old.planner.plan(old.lease)
        await old.freezer.lease_due(old.lease)
        await house.minter()
        monkeypatch.setattr("gridtokenx_indexer.mint.batcher.cut", lambda members, *_: ([], members))
        with pytest.raises(LeaseLostError):
            await old.batcher.send_leased(old.lease)
        assert set((await house.statuses()).values()) == {"leased"}


async def test_a_lease_that_is_no_longer_trusted_stops_the_next_send(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        monkeypatch.setattr(minter.sender, "_trusted", lambda _name: None)
        with pytest.raises(LeaseLostError):
            await minter.step()
        assert minter.sink.sent == []
        assert [row["status"] for row in await house.attempts()] == ["signed"]
        await expect_minted_once(house)


async def test_two_workers_at_once_make_one_attempt(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await one_window(house)
        lease_holder = await house.minter()
        twin = Minter(pool, lease_holder.sink, lease_holder.lease, lease_holder.chain)
        await asyncio.gather(lease_holder.step(), twin.step(), return_exceptions=True)
        assert len(await house.attempts()) == 1
        await expect_minted_once(house)


async def test_the_database_refuses_a_second_live_attempt(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await one_window(house)
        await minter.step()
        await pool.execute("UPDATE minting_retry_queue SET status = 'leased'")
        with pytest.raises(OperationInFlightError):
            await minter.batcher.send_leased(minter.lease)
        assert len(await house.attempts()) == 1
        with pytest.raises(asyncpg.UniqueViolationError):
            await pool.execute(
                "INSERT INTO indexer.tx_attempt_items SELECT operation, blockhash_slot, signature, 9, true "
                "FROM indexer.tx_attempt_items"
            )


async def head_height(house: MintHouse) -> int:
    height: int = await house.pool.fetchval("SELECT head_block_height FROM indexer.cursors")
    return height
