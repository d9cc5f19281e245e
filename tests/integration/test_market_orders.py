"""What may enter the book, what may change, and what a deleted user leaves behind."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from msgspec import structs

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.windows import epoch_end
from gridtokenx_indexer.market import ids
from gridtokenx_indexer.market.clearing.book import Side
from gridtokenx_indexer.market.orders import NewOrder, TimeInForce, enter_orders
from gridtokenx_indexer.tx.ports import Pool
from tests.support.market import EPOCH, Market, add_order, open_market, set_market_time


@pytest.fixture
async def market(pool: Pool) -> Market:
    return await open_market(pool)


@pytest.fixture
async def seller(market: Market) -> UUID:
    (user,) = await market.users(1)
    return user


@pytest.mark.parametrize(
    ("energy", "price", "columns", "complaint"),
    [
        ("0.0005", "3", {}, "multiple of the lot"),
        ("1.0005", "3", {}, "multiple of the lot"),
        ("-1", "3", {}, "multiple of the lot"),
        ("1", "0.0009", {}, "is outside"),
        ("1", "1000.000001", {}, "is outside"),
        ("1", "-3", {}, "is outside"),
        ("1", "3", {"epoch_id": ids.epoch_id(EPOCH)}, "assigns epochs"),
        ("1", "3", {"closed_epoch_id": ids.epoch_id(EPOCH)}, "assigns epochs"),
        ("1", "3", {"status": "active"}, "enters as pending"),
        ("1", "3", {"filled_amount": Decimal(1)}, "enters as pending"),
        ("1", "3", {"order_type": "swap"}, "order_type_check"),
        ("1", "3", {"time_in_force": "fok"}, "time_in_force_check"),
        ("1", "3", {"zone_id": -1}, "zone_id_check"),
    ],
)
async def test_what_may_not_enter_is_refused_with_its_reason(
    market: Market, seller: UUID, energy: str, price: str, columns: dict[str, Any], complaint: str
) -> None:
    side = columns.pop("order_type", "sell")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=complaint):
        await add_order(market.pool, 1, seller, side, energy, price, **columns)


async def test_lot_band_and_tick_are_those_of_the_rules(market: Market, seller: UUID) -> None:
    await market.pool.execute(
        "UPDATE indexer.market_rules SET lot_kwh = 0.1, price_floor = 2, price_cap = 4, price_tick = 0.01"
    )
    await add_order(market.pool, 1, seller, "sell", "0.1", "2")
    await add_order(market.pool, 2, seller, "sell", "0.3", "4")
    with pytest.raises(asyncpg.CheckViolationError, match="multiple of the tick"):
        await add_order(market.pool, 3, seller, "sell", "0.1", "3.005")
    with pytest.raises(asyncpg.CheckViolationError, match="multiple of the lot"):
        await add_order(market.pool, 3, seller, "sell", "0.15", "3")


async def test_a_payment_beyond_u64_is_refused(market: Market, seller: UUID) -> None:
    await market.pool.execute("UPDATE indexer.market_rules SET price_cap = 999999999")
    with pytest.raises(asyncpg.CheckViolationError, match="payment_check"):
        await add_order(market.pool, 1, seller, "sell", "999999999", "999999999")


async def test_rules_that_allow_a_worthless_trade_are_refused(market: Market) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="smallest_payment"):
        await market.pool.execute("UPDATE indexer.market_rules SET price_floor = 0.0009")


async def test_the_database_ranks_orders_whatever_the_writer_says(market: Market, seller: UUID) -> None:
    await add_order(market.pool, 1, seller, "sell", "1", "3")
    await market.pool.copy_records_to_table(
        "trading_orders",
        columns=["id", "user_id", "order_type", "energy_amount", "price_per_kwh", "seq", "entered_at"],
        records=[(UUID(int=9), seller, "sell", Decimal(1), Decimal(3), -5, epoch_end(EPOCH))],
    )
    rows = await market.pool.fetch("SELECT id, entered_at FROM trading_orders ORDER BY seq")

    assert rows[1]["id"] == UUID(int=9)
    assert rows[1]["entered_at"] < epoch_end(EPOCH)


async def test_the_zone_is_the_writers_else_the_meters_else_zero(market: Market, seller: UUID) -> None:
    meter = await market.pool.fetchval(
        "INSERT INTO meter_registry (user_id, meter_serial, zone_id) VALUES ($1, 'M', 7) RETURNING id", seller
    )
    await add_order(market.pool, 1, seller, "sell", "1", "3")
    await add_order(market.pool, 2, seller, "sell", "1", "3", meter_id=meter)
    await add_order(market.pool, 3, seller, "sell", "1", "3", meter_id=meter, zone_id=2)
    assert await market.orders("zone_id") == [(0,), (7,), (2,)]

    (stranger,) = await market.users(2)
    with pytest.raises(asyncpg.RestrictViolationError, match="belongs to another user"):
        await add_order(market.pool, 4, stranger, "sell", "1", "3", meter_id=meter)


@pytest.mark.parametrize(
    "change",
    [
        "user_id = gen_random_uuid()",
        "order_type = 'buy'",
        "zone_id = 3",
        "meter_id = gen_random_uuid()",
        "filled_amount = 1",
        "epoch_id = gen_random_uuid()",
        "closed_epoch_id = gen_random_uuid()",
        "status = 'filled'",
        "status = 'expired'",
    ],
)
async def test_a_writer_changes_nothing_that_is_not_his(market: Market, seller: UUID, change: str) -> None:
    await add_order(market.pool, 1, seller, "sell", "1", "3")
    with pytest.raises(asyncpg.RestrictViolationError):
        await market.pool.execute(f"UPDATE trading_orders SET {change}")


async def test_a_new_price_gives_a_new_rank_and_a_new_entry(market: Market, seller: UUID) -> None:
    await add_order(market.pool, 1, seller, "sell", "1", "3")
    await add_order(market.pool, 2, seller, "sell", "1", "3")
    before = await market.orders("seq", "entered_at")
    await set_market_time(market.pool, epoch_end(EPOCH) + timedelta(seconds=1))
    await market.pool.execute("UPDATE trading_orders SET price_per_kwh = 2.9 WHERE seq = $1", before[0][0])
    await market.pool.execute("UPDATE trading_orders SET seq = DEFAULT, updated_at = now()")
    after = await market.orders("seq", "entered_at")

    assert after[0][0] > before[1][0]
    assert after[0][1] >= epoch_end(EPOCH)
    assert after[1] == before[1]


async def test_a_matched_order_keeps_its_price_and_may_still_be_cancelled(
    market: Market, seller: UUID
) -> None:
    (buyer,) = await market.users(2)
    order = await add_order(market.pool, 1, seller, "sell", "2", "3")
    await add_order(market.pool, 2, buyer, "buy", "1", "4")
    await market.clear()

    with pytest.raises(asyncpg.RestrictViolationError, match="matched or closed"):
        await market.pool.execute("UPDATE trading_orders SET price_per_kwh = 2 WHERE id = $1", order)
    await market.pool.execute("UPDATE trading_orders SET status = 'cancelled' WHERE id = $1", order)
    assert (await market.orders("status", "filled_amount"))[0] == ("cancelled", Decimal(1))
    with pytest.raises(asyncpg.RestrictViolationError, match="cannot go from cancelled"):
        await market.pool.execute("UPDATE trading_orders SET status = 'active' WHERE id = $1", order)


async def test_a_cancelled_order_names_the_running_epoch(market: Market, seller: UUID) -> None:
    await add_order(market.pool, 1, seller, "sell", "2", "3")
    await market.pool.execute("UPDATE trading_orders SET status = 'cancelled'")

    assert await market.orders("closed_epoch_id") == [(ids.epoch_id(EPOCH),)]


async def test_results_are_never_changed(market: Market, seller: UUID) -> None:
    (buyer,) = await market.users(2)
    await add_order(market.pool, 1, seller, "sell", "2", "3")
    await add_order(market.pool, 2, buyer, "buy", "1", "4")
    await market.clear()

    for statement in (
        "UPDATE order_matches SET matched_amount = 2",
        "UPDATE order_matches SET match_price = 2",
        "UPDATE indexer.epoch_books SET seq = 1",
        "DELETE FROM indexer.epoch_books",
        "TRUNCATE indexer.epoch_books",
        "UPDATE indexer.trade_leaves SET energy_base_units = 1",
        "DELETE FROM indexer.trade_leaves",
        "TRUNCATE indexer.trade_leaves CASCADE",
        "UPDATE market_epochs SET status = 'active'",
        "UPDATE market_epochs SET epoch_number = 202611211030",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await market.pool.execute(statement)


async def test_deleting_a_user_waits_for_his_settlements_and_leaves_copies(
    market: Market, seller: UUID
) -> None:
    (buyer,) = await market.users(2)
    await add_order(market.pool, 1, seller, "sell", "2", "3")
    await add_order(market.pool, 2, buyer, "buy", "1", "4")
    await market.clear()

    with pytest.raises(asyncpg.RestrictViolationError, match="cannot be deleted"):
        await market.pool.execute("DELETE FROM users WHERE id = $1", buyer)
    await market.pool.execute("UPDATE settlements SET status = 'failed'")
    await market.pool.execute("UPDATE order_matches SET status = 'failed'")
    await market.pool.execute("DELETE FROM users WHERE id = $1", buyer)

    copies = await market.pool.fetch("SELECT table_name FROM indexer.deleted_rows ORDER BY table_name")
    assert [row["table_name"] for row in copies] == [
        "public.order_matches",
        "public.settlements",
        "public.trading_orders",
    ]
    assert await market.pool.fetchval("SELECT count(*) FROM indexer.trade_leaves") == 1
    # The energy was traded, whoever is gone: the seller's order does not open again.
    assert await market.orders("filled_amount") == [(Decimal(1),)]


async def test_orders_settle_when_their_last_match_does(market: Market, seller: UUID) -> None:
    users = await market.users(2, 3)
    await add_order(market.pool, 1, seller, "sell", "2", "3")
    for number, buyer in enumerate(users):
        await add_order(market.pool, number + 2, buyer, "buy", "1", "4")
    await market.clear()
    await market.pool.execute("UPDATE order_matches SET status = 'settled' WHERE trade_index = 0")
    assert [status for (status,) in await market.orders("status")] == ["filled", "settled", "filled"]
    await market.pool.execute("UPDATE order_matches SET status = 'settled' WHERE trade_index = 1")
    assert [status for (status,) in await market.orders("status")] == ["settled"] * 3


async def test_a_list_of_orders_enters_in_its_order_or_not_at_all(market: Market, seller: UUID) -> None:
    orders = [
        NewOrder(
            id=UUID(int=90 - number),
            user_id=seller,
            side=Side.SELL,
            energy_kwh=Decimal("1.5"),
            price_per_kwh=Decimal(3),
            time_in_force=TimeInForce.EPOCH,
        )
        for number in range(20)
    ]
    async with market.pool.acquire() as conn:
        seqs = await enter_orders(conn, orders)
        assert seqs == sorted(seqs)
        entered = await market.pool.fetch("SELECT id FROM trading_orders ORDER BY seq")
        assert [row["id"] for row in entered] == [order.id for order in orders]
        with pytest.raises(ParkError, match="may not enter") as refused:
            await enter_orders(conn, orders[:1])
        assert refused.value.fields["rule"] == "trading_orders_pkey"
        too_fine = structs.replace(orders[0], id=UUID(int=6), energy_kwh=Decimal("0.0015"))
        with pytest.raises(ParkError, match=r"0\.0015.* is not a positive multiple of the lot") as refused:
            await enter_orders(conn, [too_fine])
        assert refused.value.fields["rule"] == "trading_orders_lot"
        assert refused.value.remedy == "indexer.market_rules holds the lot."
        fine = NewOrder(
            id=UUID(int=7),
            user_id=seller,
            side=Side.BUY,
            energy_kwh=Decimal(1),
            price_per_kwh=Decimal("3.1234567"),
        )
        with pytest.raises(ParkError, match="more than 6 decimals"):
            await enter_orders(conn, [fine])
