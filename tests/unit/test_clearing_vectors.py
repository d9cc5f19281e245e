"""Books whose answers are published elsewhere or can be worked out on paper."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest

from gridtokenx_indexer.market.clearing.charges import Charges
from gridtokenx_indexer.market.clearing.result import MarginalSide
from gridtokenx_indexer.market.clearing.rules import ClearingRules, Rationing
from tests.support.clearing import OPEN_RULES, book_of, clear_book, gross_fills, micro

DTU_BIDS = "250@200 300@110 120@100 80@90 40@85 70@75 60@65 45@40 30@38 35@31 25@24 10@16"
DTU_ASKS = (
    "120@0.001 50@0.001 200@15 400@30 60@32.5 50@34 60@36 100@37.5 "
    "70@39 50@40 70@60 45@70 50@100 60@150 50@200"
)
FOUR_ASKS, FOUR_BIDS = "100@3.0 100@3.1 100@3.2 100@3.3", "100@3.8 100@3.7 100@3.6 100@3.5"


@pytest.mark.parametrize(
    ("bids", "asks", "volume", "low", "high", "price"),
    [
        pytest.param(DTU_BIDS, DTU_ASKS, "995", "37.5", "37.5", "37.5", id="V-01"),
        pytest.param("1@3 2@4 5@1", "4@2 1@1 5@6", "3", "2", "2", "2", id="V-03"),
        pytest.param(
            "1@6.7 1@6.6 1@6.5 1@6.4 1@6.3 1@6", "1@1 1@2 2@3 2@4 1@6.1", "6", "4", "6", "5", id="V-04"
        ),
        pytest.param(
            "1@100 1@90 1@80 1@60 1@40 1@20",
            "1@10 1@20 1@40 1@60 1@70 1@15 1@25 1@35 1@45 1@65",
            "5",
            "35",
            "40",
            "37.5",
            id="V-06",
        ),
        pytest.param("30@3.8 60@3.6 50@3.4", "50@3.2 80@3.4 40@3.6", "130", "3.4", "3.4", "3.4", id="V-07"),
        pytest.param(FOUR_BIDS, FOUR_ASKS, "400", "3.3", "3.5", "3.4", id="V-08"),
        pytest.param("0.1@10 0.1@7 0.1@10", "0.1@7 0.1@5", "0.2", "7", "10", "8.5", id="V-20"),
    ],
)
def test_published_books(bids: str, asks: str, volume: str, low: str, high: str, price: str) -> None:
    result = clear_book(book_of(bids, asks))

    assert result.volume_micro_kwh == micro(volume)
    assert (result.audit.low, result.audit.high) == (micro(low), micro(high))
    assert result.price_micro == micro(price)


def test_v01_gives_the_marginal_generator_its_part_and_the_last_bids_nothing() -> None:
    book = book_of(DTU_BIDS, DTU_ASKS)
    result = clear_book(book)
    fills = gross_fills(result)

    assert fills[book.asks[7].order_id] == micro("55")
    assert [fills.get(bid.order_id, 0) for bid in book.bids[9:]] == [0, 0, 0]
    assert result.audit.marginal_side is MarginalSide.SELL
    assert Fraction(
        result.audit.marginal_executed_micro_kwh, result.audit.marginal_total_micro_kwh
    ) == Fraction(55, 100)


def test_v07_rations_the_last_bid() -> None:
    book = book_of("30@3.8 60@3.6 50@3.4", "50@3.2 80@3.4 40@3.6")
    result = clear_book(book)

    assert gross_fills(result)[book.bids[2].order_id] == micro("40")
    assert result.audit.marginal_side is MarginalSide.BUY
    assert (result.audit.orders_in, result.audit.orders_filled, result.audit.orders_partial) == (6, 4, 1)


def test_v08_price_follows_k_and_pays_what_it_says() -> None:
    seller_side = clear_book(
        book_of(FOUR_BIDS, FOUR_ASKS), ClearingRules(k_numerator=0, floor_micro=1, cap_micro=10**9)
    )

    assert seller_side.price_micro == micro("3.3")
    assert sum(trade.value for trade in seller_side.trades) == 1_320_000_000
    assert seller_side.audit.welfare_pico == (micro("14.6") - micro("12.6")) * micro("100")


def test_v09_one_wallet_on_both_sides_trades_nothing() -> None:
    bids = " ".join(f"{item}@u1" for item in FOUR_BIDS.split())
    asks = " ".join(f"{item}@u1" for item in FOUR_ASKS.split())
    result = clear_book(book_of(bids, asks))

    assert result.price_micro is None
    assert result.trades == []
    assert (result.volume_micro_kwh, result.netted_micro_kwh) == (0, micro("400"))
    assert result.match_price_micro == micro("3.4")
    assert result.audit.orders_netted == 8


def test_v13_pairs_follow_the_cumulative_merge() -> None:
    book = book_of("9@9 3@9 3@9", "1@1 2@1 3@1 4@1 5@1")
    result = clear_book(book)

    assert [trade.energy_micro_kwh for trade in result.trades] == [micro(digit) for digit in "1233123"]


def test_v25_an_own_order_inside_the_book_is_netted_and_leaves_the_other_seller_unfilled() -> None:
    book = book_of("10@1.0@u1", "10@0.5@u1 10@0.6")
    result = clear_book(book)

    assert result.trades == []
    assert [made.energy_micro_kwh for made in result.netted] == [micro("10")]
    assert book.asks[1].order_id not in gross_fills(result)


def test_v23_sellers_never_get_less_than_they_ask_and_buyers_never_pay_more_than_they_bid() -> None:
    charges = Charges(market_fee_bps=25, wheeling_micro=micro("0.1"), loss_bps=5)
    book = book_of(FOUR_BIDS, FOUR_ASKS, charges)
    result = clear_book(book, ClearingRules(k_numerator=0, floor_micro=1, cap_micro=10**9), charges)
    limits = {order.order_id: order.limit_micro for side in book for order in side}

    assert result.price_micro is not None
    for trade in result.trades:
        assert trade.payment * 10**6 <= limits[trade.buy_order_id] * trade.energy_micro_kwh
        assert trade.value * 10**6 > limits[trade.sell_order_id] * trade.energy_micro_kwh - 10**6


def test_pro_rata_shares_the_margin_by_largest_remainder() -> None:
    rules = ClearingRules(
        rationing=Rationing.PRORATA, lot_micro_kwh=micro("1"), floor_micro=1, cap_micro=10**9
    )
    book = book_of("3@5 3@5 3@5", "10@2@u9")
    supply_short = book_of("3@5 3@5 3@5", "5@5@u9")
    result = clear_book(supply_short, rules)
    fills = gross_fills(result)

    assert [fills[bid.order_id] for bid in supply_short.bids] == [micro("2"), micro("2"), micro("1")]
    assert gross_fills(clear_book(book, rules))[book.asks[0].order_id] == micro("9")


@pytest.mark.parametrize(
    ("bids", "asks"), [("", ""), ("1@3", ""), ("", "1@3"), ("1@2.999999", "1@3")], ids=str
)
def test_without_a_crossing_there_is_no_price(bids: str, asks: str) -> None:
    result = clear_book(book_of(bids, asks))

    assert (result.price_micro, result.match_price_micro, result.gross_micro_kwh) == (None, None, 0)
    assert result.audit.marginal_side is MarginalSide.NONE


def test_three_floored_trades_are_two_units_short_of_the_floored_sum() -> None:
    rules = ClearingRules(floor_micro=1, cap_micro=10**9, lot_micro_kwh=1)
    price = "3.333333"
    result = clear_book(
        book_of(f"0.333333@{price} 0.333333@{price} 0.333333@{price}", f"0.999999@{price}"), rules
    )

    assert sum(trade.value for trade in result.trades) == 3_333_327
    assert micro("0.999999") * micro(price) // 10**6 == 3_333_329


def test_price_is_rounded_half_even_to_the_tick_and_stays_in_the_interval() -> None:
    ticks = ClearingRules(tick_micro=micro("0.05"), floor_micro=1, cap_micro=10**9)
    assert clear_book(book_of("1@3.25", "1@3.2"), ticks).price_micro == micro("3.2")
    assert clear_book(book_of("1@3.3", "1@3.25"), ticks).price_micro == micro("3.3")
    assert clear_book(book_of("1@3.26", "1@3.24"), ticks).price_micro == micro("3.25")
    assert clear_book(book_of("1@3.24", "1@3.21"), ticks).price_micro == micro("3.21")


def test_price_stays_in_the_band() -> None:
    banded = ClearingRules(floor_micro=micro("2"), cap_micro=micro("4"), k_numerator=1, k_denominator=1)
    assert clear_book(book_of("1@9", "1@3"), banded).price_micro == micro("4")
    assert clear_book(book_of("1@9", "1@3"), OPEN_RULES).price_micro == micro("6")


def test_time_decides_at_the_price() -> None:
    book = book_of("2@3 2@3", "3@3")
    fills = gross_fills(clear_book(book))

    assert [fills[UUID(int=1)], fills[UUID(int=2)]] == [micro("2"), micro("1")]
