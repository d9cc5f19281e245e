"""The grid's charge for a trade, from the schedule to the settled trade that readers see."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gridtokenx_indexer.store.pool import Pool
from tests.support.settling import trade_house


@pytest.mark.requirement("S1-F02")
async def test_the_grid_fee_of_a_trade_follows_the_schedule(pool: Pool) -> None:
    async with trade_house(pool) as house:
        # Together less than the 25 basis points that the program allows.
        await pool.execute("UPDATE indexer.fee_schedules SET market_fee_bps = 5, grid_fee_per_kwh = 0.005001")
        await house.add_trader("sun", energy="2")
        await house.add_trader("home", money="100")
        await house.order("sun", "sell", "2", "3")
        await house.order("home", "buy", "1.501", "3.4")
        process = await house.process()
        await house.end_epoch(process)
        await house.run(process)
        trades = "SELECT energy_kwh, grid_fee, settlement_status, settlement_state FROM trading.api_trades"
        # 1.501 kWh at 0.005001, what is below a millionth left out.
        assert await house.rows(trades) == [
            (Decimal("1.501"), Decimal("0.007506"), "settled", "completed"),
        ]
