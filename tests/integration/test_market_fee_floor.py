"""Charges per kWh raise the lowest price of a zone, so that the program takes whatever is published."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.market.check import check_epoch
from gridtokenx_indexer.market.clearing_run import clear_epoch
from gridtokenx_indexer.store.pool import Pool
from tests.support.market import CONFIG, EPOCH, TERMS, add_order, open_market
from tests.support.settling import FIRST_EPOCH, trade_house

CHARGE_PER_KWH = (
    "INSERT INTO indexer.fee_schedules (effective_from, market_fee_bps, grid_fee_per_kwh)"
    " VALUES (197001010001, 25, $1)"
)
LOWEST = Decimal("1.316615")


async def test_trades_under_a_charge_per_kwh_settle_on_chain(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="3")
        await house.add_trader("home", money="100")
        await house.add_trader("shop", money="100")
        await house.order("sun", "sell", "2", "1.1")
        await house.order("home", "buy", "1.5", "8")
        await house.order("shop", "buy", "0.25", "1.3")
        await pool.execute(CHARGE_PER_KWH, Decimal("0.01"))
        process = await house.process()
        await house.end_epoch(process)
        await house.run(process)

        assert await house.rows("SELECT state, reason FROM indexer.trade_leaves") == [("settled", None)]
        (floor, price), *others = await house.rows(
            "SELECT price_floor, clearing_price FROM market_epoch_zones"
        )
        assert not others
        assert price >= floor == LOWEST
        # A bid that could only trade below it is neither matched nor lost.
        assert await house.rows("SELECT status, filled_amount FROM trading_orders ORDER BY seq") == [
            ("partially_filled", Decimal("1.5")),
            ("settled", Decimal("1.5")),
            ("active", Decimal(0)),
        ]
        assert [check for check in await check_epoch(pool, FIRST_EPOCH, None) if not check.ok] == []


async def test_charges_that_no_price_can_bear_wait_for_a_person(pool: Pool) -> None:
    market = await open_market(pool)
    seller, buyer = await market.users(1, 2)
    await add_order(pool, 1, seller, "sell", "1", "3")
    await add_order(pool, 2, buyer, "buy", "1", "999")
    await pool.execute(CHARGE_PER_KWH, Decimal(1000))
    await market.close()
    with pytest.raises(RetryableError, match=r"indexer\.fee_schedules or set_limits"):
        await market.run_clearing()
    generous = msgspec.structs.replace(TERMS, max_fee_bps=9_000)
    cleared = await clear_epoch(pool, EPOCH, market.lease, CONFIG, generous)
    assert cleared is not None
    assert await market.orders("status") == [("active",), ("active",)]
