"""What counts, what waits, what is refused for good; judged once, by the database's market clock."""

from __future__ import annotations

import asyncpg
import pytest

from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import window_start
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.planner import MintPlanner
from gridtokenx_indexer.mint.worker import MINTER_LEASE
from gridtokenx_indexer.store.pool import Pool
from tests.support.leases import take_lease
from tests.support.minting import FIRST_WINDOW, mint_house


async def test_unverified_meters_wait_and_are_minted_once_verified(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("new", status="pending")
        await house.add_meter("poor", wallet=False)
        await house.read("new", FIRST_WINDOW, "1")
        await house.read("poor", FIRST_WINDOW, "2")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        await house.run(minter)
        assert await house.operations() == []
        reasons = {row["meter_serial"]: row["status_reason"] for row in await house.readings()}
        assert reasons == {"new": "meter_unverified", "poor": "no_wallet"}

        await pool.execute("UPDATE meter_registry SET verification_status = 'verified'")
        await pool.execute("UPDATE users SET wallet_address = $1 WHERE wallet_address IS NULL", "z" * 44)
        await house.run(minter)
        statuses = await house.statuses()
        assert statuses[("new", 0)] == "done"
        # It looks like an address but has more than 32 bytes.
        assert statuses[("poor", 0)] == "parked"


async def test_old_and_absurd_readings_are_rejected_with_the_reason(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW - 8 * 96, "1")
        await house.read("sun", FIRST_WINDOW, "100.000001")
        await house.read("sun", FIRST_WINDOW, "0", "100.000001", offset_s=1)
        await house.close_window(FIRST_WINDOW)
        await house.run(await house.minter())
        assert [(row["blockchain_status"], row["status_reason"]) for row in await house.readings()] == [
            ("rejected", "too_old"),
            ("rejected", "amount_above_limit"),
            ("rejected", "amount_above_limit"),
        ]
        assert await house.operations() == []


async def test_a_window_is_not_touched_before_its_end_and_grace(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "1")
        minter = await house.minter()
        end = window_start(Window(FIRST_WINDOW + 1))
        house.following.node.set_clock(end.timestamp())
        await house.set_market_clock(end)
        await house.settle()
        await house.run(minter)
        assert [row["blockchain_status"] for row in await house.readings()] == ["pending"]
        await house.close_window(FIRST_WINDOW)
        await house.run(minter)
        assert [row["blockchain_status"] for row in await house.readings()] == ["minted"]


@pytest.mark.parametrize("amount", ["-0.000001", "NaN"])
async def test_the_database_itself_refuses_impossible_amounts(pool: Pool, amount: str) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        with pytest.raises(asyncpg.CheckViolationError):
            await house.read("sun", FIRST_WINDOW, amount)


async def test_a_counted_reading_and_a_frozen_amount_cannot_be_changed(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "1")
        await house.close_window(FIRST_WINDOW)
        await house.run(await house.minter())
        for statement in (
            "UPDATE meter_readings SET energy_generated = 2",
            "UPDATE meter_readings SET mint_window = NULL",
            "UPDATE minting_retry_queue SET amount_base_units = 1",
            "UPDATE minting_retry_queue SET destination = 'x'",
            "DELETE FROM minting_retry_queue",
        ):
            with pytest.raises(asyncpg.RestrictViolationError):
                await pool.execute(statement)


async def test_deleting_the_user_leaves_operation_and_readings_behind(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "1")
        await house.close_window(FIRST_WINDOW)
        await house.run(await house.minter())
        await pool.execute("DELETE FROM users")
        row = await pool.fetchrow("SELECT status, reading_id FROM minting_retry_queue")
        assert row is not None
        assert row["status"] == "done"
        assert row["reading_id"] is not None


async def test_an_operation_outlives_the_reading_that_opened_it(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "1")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        await minter.planner.plan(minter.lease)
        await pool.execute("DELETE FROM meter_readings")
        rows = await pool.fetch("SELECT status, reading_id FROM minting_retry_queue")
        assert [tuple(row) for row in rows] == [("queued", None)]


async def test_a_sweep_brings_back_in_batches_and_leaves_the_rest_to_the_next(pool: Pool) -> None:
    lease = await take_lease(pool, MINTER_LEASE)
    planner = MintPlanner(pool, MintConfig(plan_batch_readings=2))
    await pool.execute("INSERT INTO users (email, wallet_address) VALUES ('a@example.org', $1)", "w" * 44)
    await pool.execute("INSERT INTO meter_registry (user_id, meter_serial) SELECT id, 'sun' FROM users")
    await pool.execute(
        "SELECT indexer.ensure_partition('meter_readings', now() - interval '1 day' * d)"
        " FROM generate_series(0, 1) AS d"
    )
    await pool.execute(
        "INSERT INTO meter_readings (meter_id, timestamp, energy_generated, blockchain_status, status_reason)"
        " SELECT id, now() - g * interval '1 min', 1, 'parked', 'meter_unverified'"
        " FROM meter_registry, generate_series(1, 25) AS g"
    )
    left = "SELECT count(*) FROM meter_readings WHERE blockchain_status = 'parked'"
    await planner.sweep(lease)
    assert await pool.fetchval(left) == 25
    await pool.execute("UPDATE meter_registry SET verification_status = 'verified'")
    await planner.sweep(lease)
    assert await pool.fetchval(left) == 5
    await planner.sweep(lease)
    assert await pool.fetchval(left) == 0
