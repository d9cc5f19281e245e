"""A reading is one measurement of one meter on chain and counts once, whatever happens to rows around it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import window_start
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.readings_file import Obstacle
from gridtokenx_indexer.mint.readings_import import ImportReport, import_file
from gridtokenx_indexer.store.pool import Pool
from tests.support.minting import FIRST_WINDOW, MintHouse, mint_house

KWH = 10**9
REGISTER_ANEW = """
INSERT INTO meter_registry (user_id, meter_serial, verification_status)
SELECT id, 'sun', 'verified' FROM users
"""


async def deliver(pool: Pool, folder: Path, window: int, generated: str) -> ImportReport:
    """The file with one reading of the meter `sun`."""
    moment = window_start(Window(window))
    path = folder / "again.csv"
    path.write_text(
        "meter_serial,timestamp,energy_generated_kwh,energy_consumed_kwh\n"
        f"sun,{moment:%Y-%m-%dT%H:%M:%SZ},{generated},0\n",
        encoding="utf-8",
    )
    return await import_file(pool, path, MintConfig())


async def mint_one(house: MintHouse) -> None:
    await house.add_meter("sun")
    await house.read("sun", FIRST_WINDOW, "5")
    await house.close_window(FIRST_WINDOW)
    await house.run(await house.minter())
    assert await house.supply_base_units() == 5 * KWH


async def test_a_meter_registered_anew_brings_no_reading_twice(pool: Pool, tmp_path: Path) -> None:
    async with mint_house(pool) as house:
        await mint_one(house)
        await pool.execute("DELETE FROM meter_registry")
        await pool.execute(REGISTER_ANEW)
        report = await deliver(pool, tmp_path, FIRST_WINDOW, "5")
        assert [problem.obstacle for problem in report.problems] == [Obstacle.DUPLICATE]
        with pytest.raises(asyncpg.UniqueViolationError) as refused:
            await house.read("sun", FIRST_WINDOW, "5")
        assert refused.value.constraint_name is not None
        assert "meter_key" in refused.value.constraint_name
        await house.close_window(FIRST_WINDOW + 1)
        await house.run(await house.minter())
        assert await house.supply_base_units() == 5 * KWH


async def test_a_counted_reading_cannot_be_deleted(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await mint_one(house)
        with pytest.raises(asyncpg.RestrictViolationError) as refused:
            await pool.execute("DELETE FROM meter_readings")
        assert refused.value.constraint_name == "meter_readings_counted_kept"
        assert await pool.fetchval("SELECT count(*) FROM meter_readings") == 1


async def test_a_reading_that_lost_its_meter_uncounted_is_the_new_meters(pool: Pool, tmp_path: Path) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "5")
        await pool.execute("DELETE FROM meter_registry")
        await house.close_window(FIRST_WINDOW)
        await house.run(await house.minter())
        assert await pool.fetchval("SELECT blockchain_status FROM meter_readings") == "rejected"
        await pool.execute(REGISTER_ANEW)
        report = await deliver(pool, tmp_path, FIRST_WINDOW, "4")
        assert (report.stored, report.problems) == (1, [])
        again = await deliver(pool, tmp_path, FIRST_WINDOW, "4")
        assert [problem.obstacle for problem in again.problems] == [Obstacle.DUPLICATE]
        await house.run(await house.minter())
        assert await house.supply_base_units() == 4 * KWH


async def test_readings_are_minted_although_their_meter_is_gone(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "5")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        await minter.step()
        assert await pool.fetchval("SELECT status FROM minting_retry_queue") == "sent"
        await pool.execute("DELETE FROM meter_registry")
        await house.run(minter)
        row = await pool.fetchrow("SELECT minted, meter_id FROM meter_readings")
        assert row is not None
        assert tuple(row) == (True, None)


async def test_a_reading_stays_its_meters(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.add_meter("moon")
        await house.read("sun", FIRST_WINDOW, "5")
        with pytest.raises(asyncpg.RestrictViolationError) as moved:
            await pool.execute(
                "UPDATE meter_readings AS r SET meter_id = m.id FROM meter_registry AS m"
                " WHERE m.meter_serial = 'moon'"
            )
        assert moved.value.constraint_name == "meter_readings_meter_fixed"
        with pytest.raises(asyncpg.RestrictViolationError):
            await pool.execute("UPDATE meter_readings SET meter_key = sha256('x')")
        with pytest.raises(asyncpg.ForeignKeyViolationError) as unknown:
            await pool.execute(
                'INSERT INTO meter_readings (meter_id, "timestamp") VALUES (gen_random_uuid(), $1)',
                window_start(Window(FIRST_WINDOW)) + timedelta(seconds=1),
            )
        assert unknown.value.constraint_name == "meter_readings_meter_id_fkey"
