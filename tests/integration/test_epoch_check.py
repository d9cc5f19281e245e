"""A cleared epoch can be looked at, computed again and compared with every trace it left."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import epoch_end
from gridtokenx_indexer.market.by_hand import clear_by_hand, preview
from gridtokenx_indexer.market.check import EpochCheck, check_epoch
from gridtokenx_indexer.market.clearing.result import result_hash
from gridtokenx_indexer.market.epochs import EpochStatus
from gridtokenx_indexer.market.inspect import list_epochs, show_epoch
from gridtokenx_indexer.market.settlement_accounts import SettlementAccounts
from gridtokenx_indexer.store.pool import Pool
from tests.support.grid_chain import PROGRAM
from tests.support.market import (
    CONFIG,
    EPOCH,
    NEXT_EPOCH,
    TERMS,
    Market,
    add_order,
    open_market,
    set_market_time,
)
from tests.support.settling import FIRST_EPOCH, trade_house


@pytest.fixture
async def market(pool: Pool) -> Market:
    market = await open_market(pool)
    users = await market.users(1, 2, 3)
    await add_order(pool, 1, users[0], "sell", "2", "3.0")
    await add_order(pool, 2, users[1], "buy", "1.5", "3.4")
    await add_order(pool, 3, users[2], "buy", "0.25", "3.2")
    await add_order(pool, 4, users[2], "sell", "0.1", "2.9")
    return market


def failed(checks: list[EpochCheck]) -> list[str]:
    return [check.check for check in checks if not check.ok]


async def test_an_untouched_epoch_passes(market: Market) -> None:
    await market.clear()
    checks = await check_epoch(market.pool, EPOCH, None)

    assert len(checks) == 6
    assert failed(checks) == []


@pytest.mark.parametrize(
    ("tampering", "complaints"),
    [
        (
            "UPDATE indexer.epoch_books SET remaining_micro_kwh = 3000000 "
            "WHERE remaining_micro_kwh = 2000000",
            ["zone 0 book hash", "zone 0 result hash"],
        ),
        (
            "UPDATE indexer.epoch_books SET effective_limit_micro = limit_micro WHERE side = 'buy'",
            ["zone 0 book hash", "zone 0 limits net of charges", "zone 0 result hash"],
        ),
        (
            "UPDATE indexer.trade_leaves SET payment_base_units = 4511251 WHERE trade_index = 0",
            ["zone 0 leaves"],
        ),
        (
            "UPDATE indexer.trade_leaves SET leaf = sha256('x') WHERE trade_index = 1",
            ["zone 0 leaves", "zone 0 part 0 root"],
        ),
        ("UPDATE market_epoch_zones SET clearing_price = 3.1", ["zone 0 price and volume"]),
        (
            "UPDATE market_epoch_zones SET market_fee_bps = 26",
            ["zone 0 limits net of charges", "zone 0 result hash", "zone 0 leaves"],
        ),
        ("UPDATE market_epoch_parts SET root = sha256('x')", ["zone 0 part 0 root"]),
        ("UPDATE market_epoch_parts SET status = 'open'", ["zone 0 part 0 root published on chain"]),
    ],
)
async def test_tampering_shows(market: Market, tampering: str, complaints: list[str]) -> None:
    await market.clear()
    async with market.pool.acquire() as conn, conn.transaction():
        await conn.execute("SET LOCAL session_replication_role = replica")
        assert await conn.execute(tampering) != "UPDATE 0"

    assert failed(await check_epoch(market.pool, EPOCH, None)) == complaints


async def test_the_chain_is_asked_too(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="1")
        await house.add_trader("home", money="10")
        await house.order("sun", "sell", "1", "3")
        await house.order("home", "buy", "1", "3.4")
        process = await house.process(close_settlements=False)
        await house.end_epoch(process)
        await house.run(process)
        chain = SettlementAccounts(house.following.rpc, PROGRAM)
        checks = await check_epoch(pool, FIRST_EPOCH, chain)

        assert failed(checks) == []
        assert [check.check for check in checks[-2:]] == [
            "zone 0 part 0 root published on chain",
            "zone 0 part 0 root in its account",
        ]
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("SET LOCAL session_replication_role = replica")
            await conn.execute("UPDATE market_epoch_parts SET price_units = price_units + 1")
        assert failed(await check_epoch(pool, FIRST_EPOCH, chain)) == [
            "zone 0 part 0 root published on chain",
            "zone 0 part 0 root in its account",
        ]


async def test_an_epoch_that_is_not_cleared_has_nothing_to_check(market: Market) -> None:
    with pytest.raises(UsageError, match="has no result"):
        await check_epoch(market.pool, EPOCH, None)
    with pytest.raises(UsageError, match="does not exist"):
        await check_epoch(market.pool, EpochNumber(202001010000), None)


async def test_epochs_are_listed_and_shown(market: Market) -> None:
    await market.clear()
    newest, *_, oldest = await list_epochs(market.pool)
    assert newest.epoch > oldest.epoch == EPOCH
    assert [row.epoch for row in await list_epochs(market.pool, status=EpochStatus.CLEARED)] == [EPOCH]
    assert await list_epochs(market.pool, before=EPOCH) == []

    detail = await show_epoch(market.pool, EPOCH)
    assert (detail.summary.orders, detail.summary.trades) == (4, 2)
    assert detail.zones[0].figures["marginal_side"] == "sell"
    assert detail.zones[0].figures["netted_volume"] == Decimal("0.1")
    assert [(row.state, row.trades, row.energy_kwh) for row in detail.trades] == [
        ("pending", 2, Decimal("1.65"))
    ]
    with pytest.raises(UsageError, match="does not exist"):
        await show_epoch(market.pool, EpochNumber(202001010000))


async def test_a_preview_shows_the_result_and_writes_nothing(market: Market) -> None:
    await set_market_time(market.pool, epoch_end(EPOCH))
    (shown,) = await preview(market.pool, EPOCH, CONFIG, TERMS)
    assert (
        await market.pool.fetchval("SELECT status FROM market_epochs WHERE epoch_number = $1", EPOCH)
        == "active"
    )
    cleared = await clear_by_hand(market.pool, EPOCH, market.lease, CONFIG, TERMS)

    assert cleared is not None
    stored = await market.pool.fetchval("SELECT result_hash FROM market_epoch_zones")
    assert result_hash(shown) == stored
    assert await clear_by_hand(market.pool, EPOCH, market.lease, CONFIG, TERMS) is None
    with pytest.raises(UsageError, match="is cleared already"):
        await preview(market.pool, EPOCH, CONFIG, TERMS)


async def test_by_hand_an_epoch_is_cleared_after_its_end_and_in_its_turn(market: Market) -> None:
    with pytest.raises(UsageError, match="by the market clock"):
        await clear_by_hand(market.pool, EPOCH, market.lease, CONFIG, TERMS)
    await set_market_time(market.pool, epoch_end(NEXT_EPOCH) + timedelta(seconds=1))
    with pytest.raises(UsageError, match=f"clear {EPOCH} first"):
        await clear_by_hand(market.pool, NEXT_EPOCH, market.lease, CONFIG, TERMS)
