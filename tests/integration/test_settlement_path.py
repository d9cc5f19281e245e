"""Orders become settled trades on the real program, through the real follower."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import asyncpg
import msgspec
import pytest

from gridtokenx_indexer.domain.windows import epoch_end
from gridtokenx_indexer.market.check import check_epoch
from gridtokenx_indexer.market.settlement.outcomes import SettlementOutcome
from gridtokenx_indexer.market.settlement_accounts import SettlementAccounts
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.lookup.outcome import GrowthOutcome
from gridtokenx_indexer.tx.outcome import OutcomeHandler
from gridtokenx_indexer.tx.resolver import Resolver
from tests.support.cutting import CutError, cutting
from tests.support.grid_chain import PROGRAM
from tests.support.settling import FIRST_EPOCH, MARKET, SECOND_EPOCH, TX, TradeHouse, trade_house

TRADES = "SELECT state, reason FROM indexer.trade_leaves ORDER BY epoch_number, trade_index"


async def two_trades(house: TradeHouse) -> None:
    await house.add_trader("sun", energy="2")
    await house.add_trader("home", money="100")
    await house.add_trader("shop", money="100")
    await house.order("sun", "sell", "2", "3")
    await house.order("home", "buy", "1.5", "3.4")
    await house.order("shop", "buy", "0.25", "3.2")


@pytest.mark.requirement("S0-F08", "S0-F09", "S0-F10", "S0-F11", "S0-F12")
async def test_trades_are_settled_on_chain_and_in_every_table(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process()
        await house.end_epoch(process)
        await house.run(process)

        assert await house.rows("SELECT status FROM market_epochs WHERE epoch_number = $1", FIRST_EPOCH) == [
            ("settled",)
        ]
        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.holdings("sun") == (Decimal("0.25"), Decimal("5.25"))
        assert await house.holdings("home") == (Decimal("1.5"), Decimal("95.48875"))
        settlements = await house.rows(
            """
            SELECT s.status, s.total_amount, s.transaction_hash = l.signature, s.processed_at = b.block_time
              FROM settlements AS s
              JOIN indexer.trade_leaves AS l ON l.settlement_id = s.id
              JOIN indexer.slots AS b ON b.slot = l.settled_slot
             ORDER BY s.trade_index
            """
        )
        assert settlements == [
            ("completed", Decimal("4.51125"), True, True),
            ("completed", Decimal("0.751875"), True, True),
        ]
        trades = await house.rows(
            "SELECT energy_amount, price_per_unit, total_value, settlement_status FROM trading.trades "
            "ORDER BY trade_index"
        )
        assert trades == [
            (Decimal("1.5"), Decimal(3), Decimal("4.5"), "settled"),
            (Decimal("0.25"), Decimal(3), Decimal("0.75"), "settled"),
        ]
        assert await house.rows("SELECT order_type, status FROM trading_orders ORDER BY seq") == [
            ("sell", "partially_filled"),
            ("buy", "settled"),
            ("buy", "settled"),
        ]
        assert await house.rows("SELECT status FROM order_matches") == [("settled",), ("settled",)]
        indexed = (
            "SELECT t.status FROM blockchain_transactions AS t"
            " JOIN settlements AS s ON s.transaction_hash = t.signature"
        )
        assert await house.rows(indexed) == [("confirmed",), ("confirmed",)]
        assert await house.rows("SELECT status FROM market_epoch_parts") == [("closed",)]
        assert house.settlement_account() is None
        assert await house.one("SELECT count(*) FROM indexer.tx_attempt_items_live") == 0
        assert await house.one("SELECT count(*) FROM indexer.tx_attempts WHERE kind = 'settle_trades'") == 1


async def test_settling_starts_as_soon_as_the_opening_is_seen(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process()
        await house.end_epoch(process)
        await process.step()
        await house.pass_slots(2)
        await process.step()

        assert await house.rows("SELECT status FROM market_epoch_parts") == [("pending",)]
        assert await house.one("SELECT count(*) FROM indexer.tx_attempts WHERE kind = 'settle_trades'") == 1
        await house.run(process)
        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]


async def test_a_trade_without_tokens_is_tried_again_until_they_come(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="0.25")
        await house.add_trader("home", money="100")
        await house.add_trader("shop", money="100")
        await house.order("sun", "sell", "2", "3")
        await house.order("home", "buy", "1.5", "3.4")
        await house.order("shop", "buy", "0.25", "3.2")
        process = await house.process()
        await house.end_epoch(process)
        await house.run(process, rounds=5)

        assert await house.rows(TRADES) == [("pending", "InsufficientBalance"), ("settled", None)]
        assert await house.rows("SELECT status, error_message FROM settlements ORDER BY trade_index") == [
            ("processing", "InsufficientBalance"),
            ("completed", None),
        ]
        await house.give("sun", energy="2")
        await house.run(process)
        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.rows("SELECT status FROM market_epochs WHERE epoch_number = $1", FIRST_EPOCH) == [
            ("settled",)
        ]


async def test_a_trade_fails_only_when_final_chain_time_has_passed_its_deadline(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="2")
        await house.add_trader("home", money="1")
        await house.order("sun", "sell", "2", "3")
        await house.order("home", "buy", "1.5", "3.4")
        process = await house.process(settlement_window_s=3600)
        await house.end_epoch(process)
        await house.run(process, rounds=5)
        deadline = await house.one("SELECT deadline FROM market_epoch_parts")

        assert await house.rows(TRADES) == [("pending", "InsufficientBalance")]
        house.following.node.set_clock((deadline + timedelta(seconds=1)).timestamp())
        await house.pass_slots(2)
        await process.step()
        assert await house.one("SELECT state FROM indexer.trade_leaves") == "pending"
        await house.run(process)

        assert await house.rows(TRADES) == [
            ("failed", "not settled by the deadline; last: InsufficientBalance")
        ]
        assert await house.rows("SELECT status FROM settlements") == [("failed",)]
        assert await house.rows("SELECT status FROM order_matches") == [("failed",)]
        assert await house.rows("SELECT status, failure FROM market_epochs WHERE trade_count > 0") == [
            ("failed", "none of its trades settled")
        ]
        assert await house.rows("SELECT status FROM market_epoch_parts") == [("closed",)]
        assert await house.holdings("sun") == (Decimal(2), Decimal(0))


async def test_a_lost_reply_and_a_restart_settle_each_trade_once(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process()
        await house.end_epoch(process)
        process.sink.lose_reply = 1
        await process.step()
        await house.pass_slots()
        await process.resolve()
        process.sink.lose_reply = 1
        await process.step()
        restarted = await house.process()
        await house.run(restarted)

        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.holdings("sun") == (Decimal("0.25"), Decimal("5.25"))


async def test_a_swallowed_transaction_is_sent_again_with_the_same_bytes(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process()
        await house.end_epoch(process)
        process.sink.swallow = 1
        await house.run(process)

        opening = process.sink.sent[0]
        assert process.sink.sent.count(opening) > 1
        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.one("SELECT count(*) FROM indexer.tx_attempts WHERE kind = 'open_settlement'") == 1


async def test_a_trade_settled_by_another_hand_is_done_by_its_event(pool: Pool) -> None:
    """The first settle attempt is forgotten by the database, as after a restore from an older backup."""
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process(close_settlements=False)
        await house.end_epoch(process)
        await process.step()
        await house.pass_slots()
        await process.resolve()
        await process.step()
        await house.pass_slots()
        await pool.execute("DELETE FROM indexer.tx_attempt_items WHERE operation LIKE 'trade:%'")
        await pool.execute("DELETE FROM indexer.tx_attempts WHERE kind = 'settle_trades'")
        await house.run(process)

        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.one("SELECT count(DISTINCT signature) FROM indexer.trade_leaves") == 1
        second = await house.one("SELECT signature FROM indexer.tx_attempts WHERE kind = 'settle_trades'")
        assert await house.one("SELECT count(*) FROM indexer.trade_leaves WHERE signature = $1", second) == 0
        assert await house.holdings("sun") == (Decimal("0.25"), Decimal("5.25"))


@pytest.mark.parametrize("forgotten", [("trade",), ("trade", "open")])
async def test_a_trade_that_was_settled_in_time_does_not_fail_at_its_deadline(
    pool: Pool, forgotten: tuple[str, ...]
) -> None:
    """The database forgot that it sent them, as after a restore from an older backup, and comes back late."""
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process(settlement_window_s=3600, close_settlements=False)
        await house.end_epoch(process)
        await process.step()
        await house.pass_slots()
        if "open" not in forgotten:
            await process.resolve()
        await process.step()
        await house.pass_slots()
        deadline = await house.one("SELECT deadline FROM market_epoch_parts")
        for verb in forgotten:
            await pool.execute(
                "DELETE FROM indexer.tx_attempt_items WHERE split_part(operation, ':', 1) = $1", verb
            )
        await pool.execute(
            "DELETE FROM indexer.tx_attempts AS a "
            "WHERE NOT EXISTS (SELECT FROM indexer.tx_attempt_items AS i "
            "WHERE i.blockhash_slot = a.blockhash_slot AND i.signature = a.signature)"
        )
        house.following.node.set_clock((deadline + timedelta(seconds=1)).timestamp())
        await house.pass_slots()
        await house.run(await house.process())

        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.one("SELECT count(*) FROM settlements WHERE status = 'completed'") == 2
        assert await house.one("SELECT count(*) FROM trading.trades") == 2
        assert await house.rows("SELECT status FROM market_epoch_parts") == [("closed",)]
        assert await house.rows("SELECT status FROM market_epochs WHERE epoch_number = $1", FIRST_EPOCH) == [
            ("settled",)
        ]


async def test_a_resolution_cut_at_any_statement_settles_once(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process()
        await house.end_epoch(process)
        await process.step()
        await house.pass_slots()
        await process.resolve()
        await process.step()
        await house.pass_slots()
        for at in range(100):
            cut_pool, counter = cutting(pool, at)
            resolver = Resolver(cut_pool, [SettlementOutcome(PROGRAM, MARKET), GrowthOutcome()], Wake(), TX)
            with suppress(CutError, asyncpg.InterfaceError, ConnectionError):
                await resolver.close_some()
            if counter.statements <= at:
                break
            assert await house.one("SELECT count(*) FROM trading.trades") == 0
            assert await house.one("SELECT count(*) FROM settlements WHERE status = 'completed'") == 0
        else:
            pytest.fail("the resolution never came to its end")

        assert at > 15
        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.one("SELECT count(*) FROM trading.trades") == 2
        assert await house.one("SELECT status FROM market_epochs WHERE epoch_number = $1", FIRST_EPOCH) == (
            "settled"
        )


async def test_two_resolvers_at_once_bring_an_epoch_to_its_end(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="20")
        await house.order("sun", "sell", "20", "3")
        for number in range(12):
            await house.add_trader(f"home {number}", money="10")
            await house.order(f"home {number}", "buy", "1", "3.4")
        process = await house.process()
        await house.end_epoch(process)
        await process.step()
        await house.pass_slots()
        await process.resolve()
        await process.step()
        await house.pass_slots()
        assert await house.one("SELECT count(*) FROM indexer.tx_attempts WHERE kind = 'settle_trades'") > 1
        one_by_one = msgspec.structs.replace(TX, resolve_batch=1)
        handlers: list[OutcomeHandler] = [SettlementOutcome(PROGRAM, MARKET), GrowthOutcome()]
        resolvers = [Resolver(pool, handlers, Wake(), one_by_one) for _ in range(3)]
        while any(await asyncio.gather(*(resolver.close_some() for resolver in resolvers))):
            pass

        assert await house.rows("SELECT state, count(*) FROM indexer.trade_leaves GROUP BY 1") == [
            ("settled", 12)
        ]
        assert await house.one("SELECT status FROM market_epochs WHERE epoch_number = $1", FIRST_EPOCH) == (
            "settled"
        )


async def test_zones_open_side_by_side_and_none_waits_for_the_room_of_another(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="20")
        for number in range(8):
            await house.add_trader(f"home {number}", money="10")
        for zone in (0, 1):
            await house.order("sun", "sell", "5", "3", zone_id=zone)
            for number in range(4):
                await house.order(f"home {number + 4 * zone}", "buy", "1", "3.4", zone_id=zone)
        process = await house.process(settle_batches_in_flight=1)
        await house.end_epoch(process)
        await process.step()
        await house.pass_slots()
        await process.resolve()
        await process.step()

        statement = (
            "SELECT context ->> 'zone', kind, count(*) FROM indexer.tx_attempts WHERE kind = $1 GROUP BY 1, 2"
        )
        for kind in ("open_settlement", "settle_trades"):
            assert sorted(await house.rows(statement, kind)) == [("0", kind, 1), ("1", kind, 1)]
        await house.run(process)
        assert await house.rows("SELECT zone_id, status FROM market_epoch_zones ORDER BY 1") == [
            (0, "settled"),
            (1, "settled"),
        ]
        assert await house.holdings("sun") == (Decimal(12), Decimal(24))


async def test_a_large_result_goes_on_chain_in_parts_one_after_another(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridtokenx_indexer.market.leaves.MAX_PART_TRADES", 2)
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="20")
        await house.order("sun", "sell", "20", "3")
        for number in range(5):
            await house.add_trader(f"home {number}", money="10")
            await house.order(f"home {number}", "buy", "1", "3.4")
        process = await house.process(close_settlements=False)
        await house.end_epoch(process)
        await process.step()
        in_flight = "SELECT operation FROM indexer.tx_attempt_items_live WHERE operation LIKE 'open%'"
        assert await house.rows(in_flight) == [(f"open:{FIRST_EPOCH}:0:0",)]
        await house.run(process)

        parts = "SELECT part, first_index, trade_count, status FROM market_epoch_parts ORDER BY part"
        assert await house.rows(parts) == [(0, 0, 2, "settled"), (1, 2, 2, "settled"), (2, 4, 1, "settled")]
        opened = await house.rows("SELECT opened_slot FROM market_epoch_parts ORDER BY part")
        assert opened == sorted(set(opened))
        assert await house.holdings("sun") == (Decimal(15), Decimal(15))
        last = house.settlement_account(part=2)
        assert last is not None
        assert last.is_settled(4)
        chain = SettlementAccounts(house.following.rpc, PROGRAM)
        assert all(check.ok for check in await check_epoch(pool, FIRST_EPOCH, chain))


async def test_the_next_epoch_opens_after_the_first(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process()
        await house.end_epoch(process)
        await house.order("home", "buy", "0.25", "3.4")
        await house.end_epoch(process, SECOND_EPOCH)
        await process.step()

        assert await house.rows(
            "SELECT operation FROM indexer.tx_attempt_items_live WHERE operation LIKE 'open%'"
        ) == [(f"open:{FIRST_EPOCH}:0:0",)]
        await house.run(process)
        statuses = "SELECT status FROM market_epochs WHERE end_time <= $1 ORDER BY epoch_number"
        assert await house.rows(statuses, epoch_end(SECOND_EPOCH)) == [("settled",), ("settled",)]
        # Half of the way from the ask, 3, to the bid net of the fee, 3.391521.
        assert await house.holdings("sun") == (Decimal(0), Decimal("5.25") + Decimal("0.79894"))


async def test_a_fork_that_takes_the_opening_back_costs_nothing(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await two_trades(house)
        process = await house.process()
        await house.end_epoch(process)
        await process.step()
        await house.pass_slots(3)
        await process.step()
        house.following.node.fork(3)
        await house.run(process)

        assert await house.rows(TRADES) == [("settled", None), ("settled", None)]
        assert await house.holdings("sun") == (Decimal("0.25"), Decimal("5.25"))


async def test_many_trades_travel_together_with_lookup_tables(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await house.add_trader("sun", energy="40")
        for number in range(24):
            await house.add_trader(f"home {number}", money="10")
        await house.order("sun", "sell", "40", "3")
        for number in range(24):
            await house.order(f"home {number}", "buy", "1", "3.4")
        process = await house.process()
        # The tables are made while the orders wait for the end of their epoch.
        await house.run(process)
        await house.end_epoch(process)
        await house.run(process)

        assert await house.rows("SELECT state, count(*) FROM indexer.trade_leaves GROUP BY 1") == [
            ("settled", 24)
        ]
        per_transaction = await house.rows(
            "SELECT count(*) FROM indexer.trade_leaves GROUP BY signature ORDER BY min(trade_index)"
        )
        assert len(per_transaction) <= 2
