"""Readings become minted energy on the real program, through the real follower."""

from __future__ import annotations

import pytest

from gridtokenx_indexer.store.pool import Pool
from tests.support.minting import FIRST_WINDOW, mint_house

KWH = 10**9


@pytest.mark.requirement("S0-F07")
async def test_a_window_with_surplus_is_minted_once_and_its_readings_follow(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.add_meter("home")
        await house.read("sun", FIRST_WINDOW, "1.250001", "0.25")
        await house.read("home", FIRST_WINDOW, "0", "0.4")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        await house.run(minter)
        await house.run(minter)

        sun, home = sorted(await house.operations(), key=lambda row: row["meter_serial"], reverse=True)
        assert sun["status"] == "done"
        assert sun["amount_base_units"] == 1_000_001_000
        assert home["status"] == "no_surplus"
        assert home["signature"] is None
        assert await house.supply_base_units() == 1_000_001_000
        (attempt,) = await house.attempts()
        assert attempt["status"] == "spent"
        assert attempt["signature"] == sun["signature"]
        by_serial = {row["meter_serial"]: row for row in await house.readings()}
        assert by_serial["sun"]["minted"]
        assert by_serial["sun"]["mint_signature"] == sun["signature"]
        assert by_serial["home"]["blockchain_status"] == "no_surplus"
        assert not by_serial["home"]["minted"]
        assert await pool.fetchval("SELECT count(*) FROM indexer.tx_attempt_items_live") == 0
