from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.domain.merkle import root
from gridtokenx_indexer.domain.windows import epoch_end
from gridtokenx_indexer.market import ids
from gridtokenx_indexer.market.clearer import CLEARER_LEASE, EpochClearer
from gridtokenx_indexer.market.clearing_run import clear_epoch
from gridtokenx_indexer.market.epochs import EpochStatus
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.tx.errors import LeaseLostError
from gridtokenx_indexer.tx.ports import Pool
from tests.support.cutting import CutError, cutting
from tests.support.leases import StandingLeases, take_lease
from tests.support.market import (
    CONFIG,
    EPOCH,
    NEXT_EPOCH,
    TERMS,
    FixedTerms,
    Market,
    add_order,
    add_user,
    open_market,
    set_market_time,
    some_key,
)

RESULT_TABLES = (
    "market_epochs",
    "market_epoch_zones",
    "market_epoch_parts",
    "order_matches",
    "settlements",
    "indexer.epoch_books",
    "indexer.trade_leaves",
    "trading_orders",
)
BOOKKEEPING = {"created_at", "updated_at", "cleared_at", "settled_at"}


@pytest.fixture
async def market(pool: Pool) -> Market:
    return await open_market(pool)


async def contents(pool: Pool) -> dict[str, list[dict[str, Any]]]:
    """Everything that a clearing writes, without bookkeeping times."""
    found = {}
    for table in RESULT_TABLES:
        rows = await pool.fetch(f"SELECT * FROM {table} ORDER BY {table.split('.')[-1]}::text")
        found[table] = [{k: v for k, v in row.items() if k not in BOOKKEEPING} for row in rows]
    return found


async def when_blocked(pool: Pool, then: Callable[[int], Awaitable[object]]) -> None:
    """Waits until a backend of this database waits for a lock and hands over its process id."""
    async with asyncio.timeout(90):
        while True:
            pid = await pool.fetchval(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1"
            )
            if pid is not None:
                await then(pid)
                return


async def two_sided_book(market: Market) -> list[UUID]:
    users = await market.users(1, 2, 3)
    await add_order(market.pool, 1, users[0], "sell", "2", "3.0")
    await add_order(market.pool, 2, users[1], "buy", "1.5", "3.4")
    await add_order(market.pool, 3, users[2], "buy", "0.25", "3.2")
    return users


async def test_a_result_reaches_every_table(market: Market) -> None:
    seller, buyer, _ = await two_sided_book(market)
    cleared = await market.clear()

    assert (cleared.status, cleared.orders, cleared.trades) == (EpochStatus.CLEARED, 3, 2)
    pool = market.pool
    zone = await pool.fetchrow("SELECT * FROM market_epoch_zones")
    assert zone is not None
    # All demand is served and supply is left, so the price is the ask.
    assert zone["clearing_price"] == zone["interval_low"] == zone["interval_high"] == Decimal("3.0")
    assert (zone["volume"], zone["trade_count"], zone["part_count"]) == (Decimal("1.75"), 2, 1)
    assert (zone["marginal_side"], zone["marginal_executed"], zone["marginal_total"]) == (
        "sell",
        Decimal("1.75"),
        Decimal("2"),
    )
    epoch = await pool.fetchrow("SELECT * FROM market_epochs WHERE epoch_number = $1", EPOCH)
    assert epoch is not None
    assert (epoch["clearing_price"], epoch["total_volume"]) == (Decimal("3.0"), Decimal("1.75"))
    assert (epoch["total_orders"], epoch["matched_orders"], epoch["trade_count"]) == (3, 3, 2)

    first = await pool.fetchrow("SELECT * FROM settlements WHERE trade_index = 0")
    assert first is not None
    assert (first["buyer_id"], first["seller_id"], first["status"]) == (buyer, seller, "pending")
    assert first["net_amount"] == Decimal("4.5")
    assert first["fee_amount"] == Decimal("0.01125")
    assert first["total_amount"] == Decimal("4.51125")
    assert first["id"] == ids.settlement_id(EPOCH, ZoneId(0), 0)
    match = await pool.fetchrow("SELECT * FROM order_matches WHERE trade_index = 0")
    assert match is not None
    assert (match["settlement_id"], match["match_time"]) == (first["id"], epoch_end(EPOCH))

    leaves = await pool.fetch("SELECT * FROM indexer.trade_leaves ORDER BY trade_index")
    assert leaves[0]["energy_base_units"] == 1_500_000_000
    assert leaves[0]["payment_base_units"] == 4_511_250
    assert leaves[0]["seller_energy"] == str(TERMS.energy_account(some_key(1001)))
    assert leaves[0]["buyer_payment"] == str(TERMS.payment_account(some_key(1002)))
    part = await pool.fetchrow("SELECT * FROM market_epoch_parts")
    assert part is not None
    assert part["root"] == root([leaf["leaf"] for leaf in leaves])
    assert (part["price_units"], part["status"]) == (3_000_000, "pending")


async def test_orders_follow_their_matches(market: Market) -> None:
    await two_sided_book(market)
    await market.clear()

    assert await market.orders("status", "filled_amount", "epoch_id", "closed_epoch_id") == [
        ("partially_filled", Decimal("1.75"), ids.epoch_id(EPOCH), None),
        ("filled", Decimal("1.5"), ids.epoch_id(EPOCH), ids.epoch_id(EPOCH)),
        ("filled", Decimal("0.25"), ids.epoch_id(EPOCH), ids.epoch_id(EPOCH)),
    ]


async def test_clearing_again_changes_nothing(market: Market) -> None:
    await two_sided_book(market)
    await market.clear()
    before = await contents(market.pool)

    assert await market.run_clearing() is None
    assert await contents(market.pool) == before


async def test_an_epoch_without_orders_is_settled_at_once(market: Market) -> None:
    cleared = await market.clear()

    assert (cleared.status, cleared.orders, cleared.trades) == (EpochStatus.SETTLED, 0, 0)
    row = await market.pool.fetchrow("SELECT * FROM market_epochs WHERE epoch_number = $1", EPOCH)
    assert row is not None
    assert row["clearing_price"] is None
    assert row["settled_at"] is not None
    assert await market.pool.fetchval("SELECT count(*) FROM market_epoch_zones") == 0


async def test_a_book_that_does_not_cross_is_published_without_price(market: Market) -> None:
    users = await market.users(1, 2)
    await add_order(market.pool, 1, users[0], "sell", "1", "3.1")
    await add_order(market.pool, 2, users[1], "buy", "1", "3.1")
    cleared = await market.clear()

    # The fee stands between the two limits: the buyer would pay 3.10775.
    assert cleared.status is EpochStatus.SETTLED
    zone = await market.pool.fetchrow("SELECT * FROM market_epoch_zones")
    assert zone is not None
    assert (zone["clearing_price"], zone["status"], zone["orders_in"]) == (None, "settled", 2)
    assert await market.orders("status") == [("active",), ("active",)]


async def test_what_is_left_carries_over_or_expires_by_time_in_force(market: Market) -> None:
    users = await market.users(1, 2)
    end = epoch_end(EPOCH)
    await add_order(market.pool, 1, users[0], "sell", "1", "3")
    await add_order(market.pool, 2, users[0], "sell", "1", "3", time_in_force="epoch")
    await add_order(market.pool, 3, users[0], "sell", "1", "3", expires_at=end)
    await add_order(market.pool, 4, users[0], "sell", "1", "3", expires_at=end + timedelta(seconds=1))
    seqs = await market.orders("seq")
    await market.clear()

    closed = ids.epoch_id(EPOCH)
    assert await market.orders("status", "epoch_id", "closed_epoch_id") == [
        ("active", closed, None),
        ("expired", closed, closed),
        ("expired", None, closed),
        ("active", closed, None),
    ]
    await add_order(market.pool, 5, users[1], "buy", "5", "4")
    await market.clear(NEXT_EPOCH)
    assert await market.orders("status", "epoch_id", "closed_epoch_id") == [
        ("filled", closed, ids.epoch_id(NEXT_EPOCH)),
        ("expired", closed, closed),
        ("expired", None, closed),
        ("expired", closed, ids.epoch_id(NEXT_EPOCH)),
        ("partially_filled", ids.epoch_id(NEXT_EPOCH), None),
    ]
    assert (await market.orders("seq"))[:4] == seqs


async def test_an_order_that_commits_late_goes_to_the_next_epoch(market: Market) -> None:
    users = await market.users(1, 2)
    await add_order(market.pool, 1, users[0], "sell", "1", "3")
    async with market.pool.acquire() as late:
        entering = late.transaction()
        await entering.start()
        await add_order(late, 2, users[1], "buy", "1", "4")
        cleared = await market.clear()
        await entering.commit()

    assert (cleared.orders, cleared.trades) == (1, 0)
    next_cleared = await market.clear(NEXT_EPOCH)
    assert (next_cleared.orders, next_cleared.trades) == (2, 1)
    entered, end = (await market.orders("entered_at"))[1][0], epoch_end(EPOCH)
    assert entered < end


async def test_an_order_entered_after_the_end_waits_for_its_epoch(market: Market) -> None:
    users = await market.users(1, 2)
    await add_order(market.pool, 1, users[0], "sell", "1", "3")
    await market.close()
    await add_order(market.pool, 2, users[1], "buy", "1", "4")
    cleared = await market.run_clearing()

    assert cleared is not None
    assert cleared.orders == 1


async def test_a_concurrent_cancel_repeats_the_clearing(market: Market) -> None:
    await two_sided_book(market)
    await market.close()
    async with market.pool.acquire() as other:
        cancelling = other.transaction()
        await cancelling.start()
        await other.execute("UPDATE trading_orders SET status = 'cancelled' WHERE energy_amount = 1.5")
        clearing = asyncio.create_task(market.run_clearing())
        await when_blocked(market.pool, lambda _: cancelling.commit())
        cleared = await clearing

    assert cleared is not None
    assert (cleared.orders, cleared.trades) == (2, 1)
    assert [status for (status,) in await market.orders("status")] == [
        "partially_filled",
        "cancelled",
        "filled",
    ]
    assert await market.pool.fetchval("SELECT count(*) FROM indexer.epoch_books") == 2


async def test_a_user_deleted_meanwhile_repeats_the_clearing(market: Market) -> None:
    users = await two_sided_book(market)
    await market.close()
    async with market.pool.acquire() as other:
        deleting = other.transaction()
        await deleting.start()
        await other.execute("DELETE FROM users WHERE id = $1", users[1])
        clearing = asyncio.create_task(market.run_clearing())
        await when_blocked(market.pool, lambda _: deleting.commit())
        cleared = await clearing

    assert cleared is not None
    assert (cleared.orders, cleared.trades) == (2, 1)


async def test_a_trader_who_never_stops_cancelling_does_not_keep_the_clearing_from_ending(
    market: Market,
) -> None:
    await two_sided_book(market)
    busy = await add_user(market.pool, 4)
    waiting = [await add_order(market.pool, 100 + at, busy, "buy", "1", "0.01") for at in range(1500)]
    await market.close()

    async def cancel_all() -> None:
        for order in waiting:
            await market.pool.execute("UPDATE trading_orders SET status = 'cancelled' WHERE id = $1", order)

    cancelling = asyncio.create_task(cancel_all())
    cleared = await market.run_clearing(config=msgspec.structs.replace(CONFIG, clearing_retries=4))
    assert not cancelling.done()
    cancelling.cancel()
    assert cleared is not None
    assert cleared.trades == 2


async def test_a_clearing_killed_midway_leaves_nothing_and_comes_out_the_same(
    market: Market, pool: Pool
) -> None:
    await two_sided_book(market)
    await market.close()
    before = await contents(pool)
    async with pool.acquire() as other:
        holding = other.transaction()
        await holding.start()
        await other.execute("SELECT FROM trading_orders FOR UPDATE")
        clearing = asyncio.create_task(market.run_clearing())
        await when_blocked(pool, lambda pid: pool.execute("SELECT pg_terminate_backend($1)", pid))
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
            await clearing
        await holding.rollback()

    assert await contents(pool) == before
    cleared = await market.run_clearing()
    assert cleared is not None
    assert cleared.trades == 2


async def test_a_clearing_cut_at_any_statement_writes_all_or_nothing(market: Market, pool: Pool) -> None:
    await two_sided_book(market)
    await market.close()
    before = await contents(pool)
    for at in range(100):
        cut_pool, counter = cutting(pool, at)
        with suppress(CutError, asyncpg.InterfaceError, ConnectionError):
            await clear_epoch(cut_pool, EPOCH, market.lease, CONFIG, TERMS)
        if counter.statements <= at:
            break
        assert await contents(pool) == before
    else:
        pytest.fail("the clearing never came to its end")

    assert at > 15
    after = await contents(pool)
    assert len(after["settlements"]) == 2
    assert await market.run_clearing() is None
    assert await contents(pool) == after


async def test_of_two_clearings_at_once_one_publishes(market: Market) -> None:
    await two_sided_book(market)
    await market.close()
    outcomes = await asyncio.gather(market.run_clearing(), market.run_clearing())

    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert await market.pool.fetchval("SELECT count(*) FROM settlements") == 2


async def test_a_lost_lease_stops_the_clearing(market: Market) -> None:
    await two_sided_book(market)
    await market.close()
    await take_lease(market.pool, CLEARER_LEASE)

    with pytest.raises(LeaseLostError):
        await market.run_clearing()
    assert await market.pool.fetchval("SELECT count(*) FROM indexer.epoch_books") == 0


async def test_own_orders_are_netted(market: Market) -> None:
    users = await market.users(1, 2)
    await add_order(market.pool, 1, users[0], "buy", "1", "4")
    await add_order(market.pool, 2, users[0], "sell", "0.4", "3")
    await add_order(market.pool, 3, users[1], "sell", "0.6", "3")
    cleared = await market.clear()

    assert cleared.trades == 1
    matches = await market.pool.fetch(
        "SELECT status, trade_index, settlement_id IS NULL, matched_amount FROM order_matches ORDER BY 1"
    )
    assert [tuple(row) for row in matches] == [
        ("netted", None, True, Decimal("0.4")),
        ("pending", 0, False, Decimal("0.6")),
    ]
    assert await market.orders("status") == [("filled",)] * 3


async def test_zones_clear_apart_and_the_epoch_shows_the_weighted_price(market: Market) -> None:
    users = await market.users(1, 2)
    for zone, (number, energy, price) in enumerate([(1, "1", "3"), (3, "3", "4")]):
        await add_order(market.pool, number, users[0], "sell", energy, price, zone_id=zone)
        await add_order(market.pool, number + 1, users[1], "buy", "9", "5", zone_id=zone)
    await market.pool.execute("UPDATE indexer.fee_schedules SET market_fee_bps = 0")
    await market.clear()

    zones = await market.pool.fetch(
        "SELECT zone_id, clearing_price, volume FROM market_epoch_zones ORDER BY zone_id"
    )
    assert [tuple(row) for row in zones] == [(0, Decimal(5), Decimal(1)), (1, Decimal(5), Decimal(3))]
    assert await market.pool.fetchval(
        "SELECT clearing_price FROM market_epochs WHERE epoch_number = $1", EPOCH
    ) == Decimal(5)


async def test_orders_that_could_not_settle_wait_outside_the_book(market: Market) -> None:
    (seller,) = await market.users(1)
    no_wallet = await add_user(market.pool, 2, wallet=False)
    suspended = await add_user(market.pool, 3)
    await market.pool.execute("UPDATE users SET is_active = false WHERE id = $1", suspended)
    await add_order(market.pool, 1, seller, "sell", "1", "3")
    await add_order(market.pool, 2, no_wallet, "buy", "1", "4")
    await add_order(market.pool, 3, suspended, "buy", "1", "4")
    await add_order(market.pool, 4, seller, "sell", "1", "900")
    await market.pool.execute("UPDATE indexer.market_rules SET price_cap = 10")
    cleared = await market.clear()

    assert cleared.orders == 1
    assert await market.orders("status", "epoch_id") == [
        ("active", ids.epoch_id(EPOCH)),
        ("pending", None),
        ("pending", None),
        ("pending", None),
    ]


async def test_a_wallet_that_is_no_address_keeps_only_its_owner_out(market: Market) -> None:
    users = await two_sided_book(market)
    await market.pool.execute("UPDATE users SET wallet_address = $2 WHERE id = $1", users[1], "z" * 44)
    cleared = await market.clear()

    assert (cleared.orders, cleared.trades) == (2, 1)


async def test_the_price_stays_within_the_programs_limits(market: Market) -> None:
    await two_sided_book(market)
    await market.close()
    narrow = msgspec.structs.replace(TERMS, min_price=3_000_000, max_price=3_300_000)
    cleared = await clear_epoch(market.pool, EPOCH, market.lease, CONFIG, narrow)

    assert cleared is not None
    assert (cleared.orders, cleared.trades) == (2, 1)
    assert [status for (status,) in await market.orders("status")] == [
        "partially_filled",
        "pending",
        "filled",
    ]


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [({"max_fee_bps": 24}, "the program takes 24 bps"), ({"max_price": 999}, "outside the program's limits")],
)
async def test_rules_that_the_program_refuses_make_the_clearing_wait(
    market: Market, limits: dict[str, int], complaint: str
) -> None:
    await two_sided_book(market)
    await market.close()
    with pytest.raises(RetryableError, match=complaint):
        await clear_epoch(market.pool, EPOCH, market.lease, CONFIG, msgspec.structs.replace(TERMS, **limits))


async def test_the_service_opens_epochs_ahead_and_clears_all_that_ended_in_order(market: Market) -> None:
    await two_sided_book(market)
    await set_market_time(market.pool, epoch_end(NEXT_EPOCH) + timedelta(seconds=1))
    stop, wake = asyncio.Event(), Wake()
    clearer = EpochClearer(market.pool, StandingLeases(market.lease), FixedTerms(), wake, CONFIG)
    service = asyncio.create_task(clearer.run(stop))
    async with asyncio.timeout(90):
        while await market.pool.fetchval(
            "SELECT count(*) < 2 FROM market_epochs WHERE status IN ('cleared', 'settled')"
        ):
            pass
    stop.set()
    await service

    rows = await market.pool.fetch("SELECT epoch_number, status FROM market_epochs ORDER BY epoch_number")
    assert [tuple(row) for row in rows] == [
        (EPOCH, "cleared"),
        (NEXT_EPOCH, "settled"),
        (EpochNumber(202611211030), "active"),
        (EpochNumber(202611211045), "pending"),
        (EpochNumber(202611211100), "pending"),
    ]
