"""What settlement leaves to a person goes on when the person says so, and still happens once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.review import retry_reviewed
from gridtokenx_indexer.store.pool import Pool
from tests.support.settling import FIRST_EPOCH, SECOND_EPOCH, MarketProcess, TradeHouse, trade_house

STATES = "SELECT state FROM indexer.trade_leaves ORDER BY trade_index"
EVENTS = "blockchain_events WHERE event_type = 'TradesSettled'"
SKIPPED = "skipped as settled, but no settlement of it is indexed"


async def one_trade(house: TradeHouse) -> MarketProcess:
    await house.add_trader("sun", energy="2")
    await house.add_trader("home", money="100")
    await house.order("sun", "sell", "2", "3")
    await house.order("home", "buy", "1.5", "3.4")
    process = await house.process(close_settlements=False)
    await house.end_epoch(process)
    await process.step()
    await house.pass_slots()
    await process.resolve()
    await process.step()
    await house.pass_slots()
    return process


async def forget_the_settling(house: TradeHouse) -> None:
    """As after a restore of an older backup of half of the tables."""
    pool = house.pool
    await pool.execute(f"CREATE TABLE kept AS SELECT * FROM {EVENTS}")
    await pool.execute(f"DELETE FROM {EVENTS}")
    await pool.execute("DELETE FROM indexer.tx_attempt_items WHERE operation LIKE 'trade:%'")
    await pool.execute("DELETE FROM indexer.tx_attempts WHERE kind = 'settle_trades'")


async def test_a_trade_in_review_settles_by_its_event_once_that_is_indexed_again(pool: Pool) -> None:
    async with trade_house(pool) as house:
        process = await one_trade(house)
        await forget_the_settling(house)
        await house.run(process)
        assert await house.rows(STATES) == [("review",)]
        assert await house.rows("SELECT status FROM market_epoch_parts") == [("open",)]

        (line,) = await retry_reviewed(pool, FIRST_EPOCH, dry_run=True)
        assert (line.operation, line.reason, line.attempt) == (f"trade:{FIRST_EPOCH}:0:0", SKIPPED, None)
        assert await house.rows(STATES) == [("review",)]

        await pool.execute("INSERT INTO blockchain_events SELECT * FROM kept")
        assert await retry_reviewed(pool, FIRST_EPOCH) == [line]
        await house.run(process)
        assert await house.rows(STATES) == [("settled",)]
        assert await house.rows("SELECT status FROM settlements") == [("completed",)]
        assert await house.holdings("home") == (Decimal("1.5"), Decimal("95.48875"))
        assert await retry_reviewed(pool, FIRST_EPOCH) == []


async def test_a_trade_that_is_still_in_doubt_comes_back_to_review(pool: Pool) -> None:
    async with trade_house(pool) as house:
        process = await one_trade(house)
        await forget_the_settling(house)
        await house.run(process)
        await retry_reviewed(pool, FIRST_EPOCH, zone=ZoneId(0), trade_index=0)
        assert await house.rows(STATES) == [("pending",)]
        await house.run(process)
        assert await house.rows(STATES) == [("review",)]
        assert await house.holdings("home") == (Decimal("1.5"), Decimal("95.48875"))


async def test_an_attempt_in_review_is_judged_again(pool: Pool) -> None:
    async with trade_house(pool) as house:
        process = await one_trade(house)
        await pool.execute(
            "UPDATE indexer.tx_attempts SET status = 'review', review_reason = 'gap' WHERE kind = $1",
            "settle_trades",
        )
        await house.run(process)
        assert await house.rows(STATES) == [("pending",)]

        (line,) = await retry_reviewed(pool, FIRST_EPOCH)
        assert line.attempt == await house.one(
            "SELECT signature FROM indexer.tx_attempts WHERE kind = 'settle_trades'"
        )
        assert line.reason == "gap"
        await house.run(process)
        assert await house.rows(STATES) == [("settled",)]
        assert await house.one("SELECT count(*) FROM indexer.tx_attempts WHERE kind = 'settle_trades'") == 1


@pytest.mark.parametrize("choice", [{"zone": ZoneId(1)}, {"trade_index": 1}])
async def test_only_what_is_named_is_touched(pool: Pool, choice: dict[str, int]) -> None:
    async with trade_house(pool) as house:
        await one_trade(house)
        await pool.execute("UPDATE indexer.trade_leaves SET state = 'review', reason = 'odd'")
        assert await retry_reviewed(pool, FIRST_EPOCH, **choice) == []  # type: ignore[arg-type]
        assert await retry_reviewed(pool, SECOND_EPOCH) == []
        assert await house.rows(STATES) == [("review",)]


@pytest.mark.parametrize("number", [201605121207, 199901010000])
async def test_what_is_no_epoch_is_refused(pool: Pool, number: int) -> None:
    with pytest.raises(UsageError):
        await retry_reviewed(pool, EpochNumber(number))
