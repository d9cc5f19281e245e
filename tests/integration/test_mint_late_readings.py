"""Late readings are carried into the meter's next open window with their sign; every reading counts once."""

from __future__ import annotations

from typing import Any, cast

import pytest

from gridtokenx_indexer.mint.planner import MintPlanner
from gridtokenx_indexer.store.pool import Pool
from tests.support.minting import FIRST_WINDOW, MINT, MintHouse, mint_house

MILLION = 10**6


async def amounts(house: MintHouse) -> dict[int, tuple[str, int, int]]:
    """Status, amount and carried of meter sun's windows, in 1e-3 kWh, by windows after the first."""
    return {
        row["mint_window"] - FIRST_WINDOW: (
            row["status"],
            int(row["amount_base_units"]) // MILLION,
            int(row["carried_base_units"]) // MILLION,
        )
        for row in await house.operations()
    }


async def play(house: MintHouse, window: int) -> None:
    await house.close_window(FIRST_WINDOW + window)
    await house.run(await house.minter())


def late(rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [
        (row["carried_from"] - FIRST_WINDOW, row["mint_window"] - FIRST_WINDOW)
        for row in rows
        if row["carried_from"] is not None
    ]


async def test_a_late_gain_is_minted_with_the_next_open_window(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "2")
        await play(house, 0)
        await house.read("sun", FIRST_WINDOW, "0.5", offset_s=300)
        await house.read("sun", FIRST_WINDOW + 1, "1")
        await play(house, 1)
        assert await amounts(house) == {0: ("done", 2000, 0), 1: ("done", 1500, 500)}
        assert late(await house.readings()) == [(0, 1)]
        assert await house.supply_base_units() == 3500 * MILLION


async def test_a_late_loss_is_taken_from_later_windows_until_it_is_made_up_for(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "2")
        await play(house, 0)
        await house.read("sun", FIRST_WINDOW, "0", "1.7", offset_s=300)
        await house.read("sun", FIRST_WINDOW + 1, "1")
        await play(house, 1)
        assert await pool.fetchval("SELECT base_units FROM indexer.mint_carries") == -700 * MILLION
        await house.read("sun", FIRST_WINDOW + 2, "1.2")
        await play(house, 2)
        assert await amounts(house) == {
            0: ("done", 2000, 0),
            1: ("no_surplus", 0, -1700),
            2: ("done", 500, -700),
        }
        assert await pool.fetchval("SELECT count(*) FROM indexer.mint_carries") == 0
        assert await house.supply_base_units() == 2500 * MILLION


async def test_a_silent_meters_late_gain_gets_a_window_of_its_own(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "0", "1")
        await play(house, 0)
        assert (await house.statuses())[("sun", 0)] == "no_surplus"
        await house.read("sun", FIRST_WINDOW, "3", offset_s=1)
        await house.run(await house.minter())
        # The clock stands in window 1, which is not over yet.
        assert (await house.statuses())[("sun", 1)] == "queued"
        await play(house, 1)
        assert await amounts(house) == {0: ("no_surplus", 0, 0), 1: ("done", 2000, 2000)}
        assert all(row["minted"] == (row["carried_from"] is not None) for row in await house.readings())


async def test_a_first_reading_that_comes_late_mints_its_own_window(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW + 3, "1")
        await play(house, 3)
        await house.read("sun", FIRST_WINDOW + 1, "1")
        await house.run(await house.minter())
        assert await amounts(house) == {1: ("done", 1000, 0), 3: ("done", 1000, 0)}


async def test_several_readings_of_a_window_are_netted_before_the_floor(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        for minute, (generated, consumed) in enumerate([("1", "0"), ("0", "0.4"), ("0.000001", "0.1")]):
            await house.read("sun", FIRST_WINDOW, generated, consumed, offset_s=300 * minute)
        await play(house, 0)
        (operation,) = await house.operations()
        assert operation["amount_base_units"] == 500_001_000
        assert len({row["mint_signature"] for row in await house.readings()}) == 1


async def test_many_windows_of_one_meter_can_close_at_once(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        for window in range(30):
            await house.read("sun", FIRST_WINDOW + window, f"0.{window + 1:03}")
        await play(house, 29)
        assert set((await house.statuses()).values()) == {"done"}
        assert await house.supply_base_units() == sum(range(1, 31)) * MILLION
        attempts = await house.attempts()
        # Without a lookup table 7 mints fit, and the first transactions create the account and the ledger.
        assert 2 <= len(attempts) <= 6


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE meter_readings DISABLE TRIGGER meter_readings_keep_rows; DELETE FROM meter_readings",
        "DELETE FROM meter_registry",
    ],
    ids=["readings gone with their partition", "meter registered anew"],
)
async def test_what_was_counted_stays_counted_when_its_readings_are_gone(pool: Pool, change: str) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "2", "3")
        await house.read("sun", FIRST_WINDOW + 1, "5")
        await play(house, 1)
        await pool.execute(change)
        await pool.execute(
            "INSERT INTO meter_registry (user_id, meter_serial, verification_status) "
            "SELECT id, 'sun', 'verified' FROM users ON CONFLICT DO NOTHING"
        )
        for window in (0, 1, 2):
            await house.read("sun", FIRST_WINDOW + window, "1.5", offset_s=300)
        await play(house, 2)
        # Of window 0 the netted 0.5 kWh are late, of window 1 all of the 1.5 kWh.
        assert await amounts(house) == {
            0: ("no_surplus", 0, 0),
            1: ("done", 5000, 0),
            2: ("done", 3500, 2000),
        }


async def test_a_meter_registered_anew_brings_its_waiting_windows_along(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "2")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        await minter.planner.plan(minter.lease)
        await pool.execute("DELETE FROM meter_registry")
        await house.run(minter)
        assert await pool.fetchval("SELECT status FROM minting_retry_queue") == "parked"
        await pool.execute(
            "INSERT INTO meter_registry (user_id, meter_serial, verification_status) "
            "SELECT id, 'sun', 'verified' FROM users"
        )
        await house.read("sun", FIRST_WINDOW, "0.5", offset_s=300)
        await house.run(await house.minter())
        # The reading of the meter that is gone belongs to nobody.
        assert await amounts(house) == {0: ("done", 500, 0)}
        rows = await pool.fetch("SELECT meter_id IS NULL AS lost, minted FROM meter_readings")
        assert {(row["lost"], row["minted"]) for row in rows} == {(True, False), (False, True)}


async def test_a_reading_of_another_day_that_comes_while_a_batch_is_planned_waits_for_the_next(
    pool: Pool,
) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.close_window(FIRST_WINDOW + 200)
        await house.read("sun", FIRST_WINDOW + 150, "1")

        class BusyPool:
            """Another application commits a reading between the planner's look and its judgement."""

            def __getattr__(self, name: str) -> Any:
                return getattr(pool, name)

            async def fetch(self, statement: str, *arguments: Any) -> Any:
                rows = await pool.fetch(statement, *arguments)
                if not await pool.fetchval("SELECT count(*) > 1 FROM meter_readings"):
                    await house.read("sun", FIRST_WINDOW, "2")
                return rows

        minter = await house.minter()
        await MintPlanner(cast("Pool", BusyPool()), MINT).plan(minter.lease)
        await house.run(minter)
        assert await amounts(house) == {0: ("done", 2000, 0), 150: ("done", 1000, 0)}
