"""What holds for every book, against an oracle that knows only the definitions."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtokenx_indexer.market.clearing.book import Book, BookOrder, Side, make_book
from gridtokenx_indexer.market.clearing.charges import Charges, lowest_price, money
from gridtokenx_indexer.market.clearing.rationing import share_pro_rata
from gridtokenx_indexer.market.clearing.result import ClearingResult, result_hash
from gridtokenx_indexer.market.clearing.rules import ClearingRules, Rationing
from tests.support.clearing import NO_CHARGES, clear_book, gross_fills, make_order, oracle

LOT = 1_000
UNIT = 10**6
EXAMPLES = settings(max_examples=150, deadline=None)


def fine_rules(**changes: object) -> ClearingRules:
    return ClearingRules(**{"floor_micro": 1, "cap_micro": 10**15, **changes})  # type: ignore[arg-type]


@st.composite
def orders(
    draw: st.DrawFn,
    *,
    users: int | None = None,
    charges: Charges = NO_CHARGES,
    prices: st.SearchStrategy[int] | None = None,
    min_size: int = 0,
) -> list[BookOrder]:
    price = st.one_of(st.integers(1, 12), st.integers(1, 10**9)) if prices is None else prices
    size = st.one_of(st.integers(1, 8), st.integers(1, 10**11))
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from(list(Side)), size, price, st.integers(0, (users or 1) - 1)),
            min_size=min_size,
            max_size=14,
        )
    )
    return [
        make_order(side, at, lots * LOT, limit, user=user if users else None, charges=charges)
        for at, (side, lots, limit, user) in enumerate(rows)
    ]


RULES = st.builds(
    ClearingRules,
    k_numerator=st.integers(0, 4),
    k_denominator=st.just(4),
    rationing=st.sampled_from(list(Rationing)),
    tick_micro=st.sampled_from([1, 5, 1000]),
    floor_micro=st.just(1),
    cap_micro=st.just(10**15),
)


def by_id(book: Book) -> dict[object, BookOrder]:
    return {order.order_id: order for side in book for order in side}


def side_fills(book: Book, result: ClearingResult) -> tuple[list[int], list[int]]:
    fills = gross_fills(result)
    return (
        [fills.get(order.order_id, 0) for order in book.bids],
        [fills.get(order.order_id, 0) for order in book.asks],
    )


@EXAMPLES
@given(orders(users=4), RULES)
def test_volume_interval_and_welfare_are_those_of_the_oracle(
    given_orders: list[BookOrder], rules: ClearingRules
) -> None:
    book = make_book(given_orders)
    result, expected = clear_book(book, rules), oracle(book)

    assert result.gross_micro_kwh == expected.volume
    assert (result.audit.low, result.audit.high) == (expected.low, expected.high)
    assert result.audit.welfare_pico == expected.welfare


@EXAMPLES
@given(orders(users=4), RULES)
def test_energy_is_conserved_and_no_order_gets_more_than_it_wants(
    given_orders: list[BookOrder], rules: ClearingRules
) -> None:
    book = make_book(given_orders)
    result = clear_book(book, rules)
    bid_fills, ask_fills = side_fills(book, result)

    assert sum(bid_fills) == sum(ask_fills) == result.gross_micro_kwh
    assert sum(t.energy_micro_kwh for t in result.trades) == result.volume_micro_kwh
    for order, fill in zip((*book.bids, *book.asks), (*bid_fills, *ask_fills), strict=True):
        assert 0 <= fill <= order.remaining_micro_kwh
        assert fill % LOT == 0


@EXAMPLES
@given(orders(users=4, prices=st.integers(1, 20)), RULES)
def test_no_improving_trade_is_left(given_orders: list[BookOrder], rules: ClearingRules) -> None:
    book = make_book(given_orders)
    result = clear_book(book, rules)
    price = result.match_price_micro
    bid_fills, ask_fills = side_fills(book, result)
    open_bids = [
        b.effective_micro for b, f in zip(book.bids, bid_fills, strict=True) if f < b.remaining_micro_kwh
    ]
    open_asks = [
        a.effective_micro for a, f in zip(book.asks, ask_fills, strict=True) if f < a.remaining_micro_kwh
    ]

    assert max(open_bids, default=0) < min(open_asks, default=10**15)
    if price is None:
        return
    assert all(limit <= price for limit in open_bids)
    assert all(limit >= price for limit in open_asks)
    for order, fill in zip((*book.bids, *book.asks), (*bid_fills, *ask_fills), strict=True):
        if 0 < fill < order.remaining_micro_kwh:
            assert order.effective_micro == price


@EXAMPLES
@given(orders(users=4), RULES)
def test_price_lies_in_the_strict_interval(given_orders: list[BookOrder], rules: ClearingRules) -> None:
    result = clear_book(make_book(given_orders), rules)
    price, audit = result.match_price_micro, result.audit
    if price is None or audit.low is None or audit.high is None:
        assert not result.trades
        return

    assert audit.low <= price <= audit.high
    exact = audit.low + Fraction(rules.k_numerator, rules.k_denominator) * (audit.high - audit.low)
    inside = -(-audit.low // rules.tick_micro) * rules.tick_micro <= audit.high
    if inside:
        assert price % rules.tick_micro == 0
        assert abs(price - exact) < rules.tick_micro
    else:
        assert price == audit.low


CHARGES = st.builds(
    Charges,
    market_fee_bps=st.integers(0, 500),
    grid_fee_micro=st.integers(0, 3),
    wheeling_micro=st.integers(0, 3),
    loss_bps=st.integers(0, 300),
)


@EXAMPLES
@given(st.data(), CHARGES)
def test_money_is_conserved_and_everybody_stays_within_his_limit(
    data: st.DataObject, charges: Charges
) -> None:
    book = make_book(data.draw(orders(users=5, charges=charges)))
    result = clear_book(book, fine_rules(), charges)
    known = by_id(book)

    for trade in result.trades:
        buy, sell = known[trade.buy_order_id], known[trade.sell_order_id]
        assert trade.payment == trade.value + trade.fee
        assert trade.payment * UNIT <= trade.energy_micro_kwh * buy.limit_micro
        assert result.price_micro is not None
        assert result.price_micro >= sell.limit_micro
        assert trade.value == trade.energy_micro_kwh * result.price_micro // UNIT


@EXAMPLES
@given(orders(users=3), RULES)
def test_no_user_trades_with_himself_or_stays_on_both_sides(
    given_orders: list[BookOrder], rules: ClearingRules
) -> None:
    book = make_book(given_orders)
    result = clear_book(book, rules)
    known = by_id(book)
    buyers = {trade.buyer_id for trade in result.trades}
    sellers = {trade.seller_id for trade in result.trades}

    assert not buyers & sellers
    for netted in result.netted:
        assert known[netted.buy_order_id].user_id == known[netted.sell_order_id].user_id
    filled_bids = len({trade.buy_order_id for trade in result.trades})
    filled_asks = len({trade.sell_order_id for trade in result.trades})
    assert len(result.trades) <= max(0, filled_bids + filled_asks - 1)


@EXAMPLES
@given(orders(users=3))
def test_netting_leaves_the_price(given_orders: list[BookOrder]) -> None:
    apart = [order._replace(user_id=order.order_id) for order in given_orders]

    assert (
        clear_book(make_book(given_orders)).match_price_micro
        == clear_book(make_book(apart)).match_price_micro
    )


@EXAMPLES
@given(orders(prices=st.integers(1, 4)))
def test_time_gives_the_earlier_order_at_least_the_ratio_of_the_later(given_orders: list[BookOrder]) -> None:
    book = make_book(given_orders)
    fills = gross_fills(clear_book(book, fine_rules()))
    for side in book:
        for earlier, later in itertools.pairwise(side):
            if earlier.effective_micro == later.effective_micro:
                first = Fraction(fills.get(earlier.order_id, 0), earlier.remaining_micro_kwh)
                assert first >= Fraction(fills.get(later.order_id, 0), later.remaining_micro_kwh)


@EXAMPLES
@given(orders(prices=st.integers(1, 4)))
def test_pro_rata_stays_within_a_lot_of_the_exact_share(given_orders: list[BookOrder]) -> None:
    book = make_book(given_orders)
    result = clear_book(book, fine_rules(rationing=Rationing.PRORATA, lot_micro_kwh=LOT))
    fills, price = gross_fills(result), result.match_price_micro
    for side in book:
        level = [order for order in side if order.effective_micro == price]
        executed = sum(fills.get(order.order_id, 0) for order in level)
        total = sum(order.remaining_micro_kwh for order in level)
        for order in level:
            exact = Fraction(executed * order.remaining_micro_kwh, total)
            assert abs(fills.get(order.order_id, 0) - exact) < LOT


@EXAMPLES
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30), st.data())
def test_shares_add_up(demands: list[int], data: st.DataObject) -> None:
    lots = data.draw(st.integers(0, sum(demands)))
    shares = share_pro_rata([demand * LOT for demand in demands], lots * LOT, LOT)

    assert sum(shares) == lots * LOT
    assert all(0 <= share <= demand * LOT for share, demand in zip(shares, demands, strict=True))


@EXAMPLES
@given(orders(), st.integers(1, 10), st.integers(1, 10**6), st.data())
def test_more_demand_never_lowers_and_more_supply_never_raises(
    given_orders: list[BookOrder], lots: int, limit: int, data: st.DataObject
) -> None:
    side = data.draw(st.sampled_from(list(Side)))
    before = clear_book(make_book(given_orders))
    extra = make_order(side, len(given_orders) + 1, lots * LOT, limit)
    after = clear_book(make_book([*given_orders, extra]))

    assert after.gross_micro_kwh >= before.gross_micro_kwh
    if before.match_price_micro is not None and after.match_price_micro is not None:
        sign = 1 if side is Side.BUY else -1
        assert sign * (after.match_price_micro - before.match_price_micro) >= 0


@EXAMPLES
@given(orders(min_size=1), st.integers(1, 10**6), st.data())
def test_a_better_bid_never_gets_less(given_orders: list[BookOrder], by: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(given_orders) - 1))
    chosen = given_orders[at]
    sign = 1 if chosen.side is Side.BUY else -1
    limit = max(1, chosen.effective_micro + sign * by)
    raised = chosen._replace(limit_micro=limit, effective_micro=limit)
    before = gross_fills(clear_book(make_book(given_orders)))
    after = gross_fills(clear_book(make_book([*given_orders[:at], raised, *given_orders[at + 1 :]])))

    assert after.get(chosen.order_id, 0) >= before.get(chosen.order_id, 0)


@EXAMPLES
@given(orders(), st.integers(2, 9))
def test_scaling_energy_scales_the_volume_and_shifting_limits_shifts_the_price(
    given_orders: list[BookOrder], factor: int
) -> None:
    plain = clear_book(make_book(given_orders))
    scaled = clear_book(
        make_book(o._replace(remaining_micro_kwh=o.remaining_micro_kwh * factor) for o in given_orders)
    )
    shifted = clear_book(
        make_book(o._replace(effective_micro=o.effective_micro + 2 * factor) for o in given_orders)
    )

    assert scaled.gross_micro_kwh == plain.gross_micro_kwh * factor
    assert scaled.match_price_micro == plain.match_price_micro
    if plain.match_price_micro is None:
        assert shifted.match_price_micro is None
    else:
        assert shifted.match_price_micro == plain.match_price_micro + 2 * factor


@EXAMPLES
@given(orders(prices=st.integers(1, 10**6)), st.integers(0, 4))
def test_mirroring_the_book_mirrors_the_price(given_orders: list[BookOrder], k: int) -> None:
    top = 10**7
    mirrored = [
        o._replace(
            side=Side.SELL if o.side is Side.BUY else Side.BUY, effective_micro=top - 4 * o.effective_micro
        )
        for o in given_orders
    ]
    stretched = [o._replace(effective_micro=4 * o.effective_micro) for o in given_orders]
    rules, opposite = (fine_rules(k_numerator=n, k_denominator=4) for n in (k, 4 - k))
    plain, mirror = clear_book(make_book(stretched), rules), clear_book(make_book(mirrored), opposite)

    assert plain.gross_micro_kwh == mirror.gross_micro_kwh
    if plain.match_price_micro is None:
        assert mirror.match_price_micro is None
    else:
        assert mirror.match_price_micro == top - plain.match_price_micro
    assert gross_fills(plain) == gross_fills(mirror)


@EXAMPLES
@given(orders(users=3), RULES, st.randoms())
def test_the_order_of_the_input_does_not_matter(
    given_orders: list[BookOrder], rules: ClearingRules, random: object
) -> None:
    shuffled = list(given_orders)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = clear_book(make_book(given_orders), rules), clear_book(make_book(shuffled), rules)

    assert first == second
    assert result_hash(first) == result_hash(second)


@EXAMPLES
@given(orders(users=3, min_size=1), RULES, st.data())
def test_splitting_an_order_leaves_price_and_volume(
    given_orders: list[BookOrder], rules: ClearingRules, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(given_orders) - 1))
    spread = [order._replace(seq=order.seq * 2) for order in given_orders]
    whole = spread[at]
    lots = whole.remaining_micro_kwh // LOT
    cut = data.draw(st.integers(0, lots)) * LOT
    parts = [
        whole._replace(remaining_micro_kwh=cut),
        make_order(whole.side, 99, whole.remaining_micro_kwh - cut, whole.limit_micro, seq=whole.seq + 1),
    ]
    split = [*spread[:at], *(p for p in parts if p.remaining_micro_kwh), *spread[at + 1 :]]
    before, after = clear_book(make_book(given_orders), rules), clear_book(make_book(split), rules)

    assert (before.match_price_micro, before.gross_micro_kwh) == (
        after.match_price_micro,
        after.gross_micro_kwh,
    )


@EXAMPLES
@given(orders(users=3, min_size=1), st.data())
def test_gaps_in_seq_do_not_change_the_hash(given_orders: list[BookOrder], data: st.DataObject) -> None:
    gap = data.draw(st.integers(1, 1000))
    spread = [order._replace(seq=order.seq * gap + 7) for order in given_orders]

    assert result_hash(clear_book(make_book(given_orders))) == result_hash(clear_book(make_book(spread)))


def test_the_result_hash_covers_everything_published() -> None:
    book = make_book(
        [make_order(Side.BUY, 0, 5 * LOT, 30, user=1), make_order(Side.SELL, 1, 4 * LOT, 20, user=2)]
    )
    base = clear_book(book, fine_rules())
    variants = [
        clear_book(book, fine_rules(k_numerator=1, k_denominator=1)),
        clear_book(book, fine_rules(), Charges(market_fee_bps=0, loss_bps=1)),
        clear_book(book, fine_rules(rationing=Rationing.PRORATA)),
        clear_book(Book([book.bids[0]._replace(remaining_micro_kwh=6 * LOT)], book.asks), fine_rules()),
        clear_book(Book([book.bids[0]._replace(user_id=book.asks[0].user_id)], book.asks), fine_rules()),
    ]

    hashes = {result_hash(result) for result in (base, *variants)}
    assert len(hashes) == len(variants) + 1


@EXAMPLES
@given(
    share_bps=st.integers(0, 1_000),
    per_kwh=st.integers(0, 10**9),
    max_fee_bps=st.integers(0, 10_000),
    lot=st.sampled_from([1, 1_000, 10**6]),
    lots=st.integers(1, 10**9),
    above=st.integers(0, 10**6),
)
def test_from_the_lowest_price_on_the_program_takes_every_fee(
    share_bps: int, per_kwh: int, max_fee_bps: int, lot: int, lots: int, above: int
) -> None:
    charges = Charges(market_fee_bps=share_bps, grid_fee_micro=per_kwh)
    lowest = lowest_price(charges, max_fee_bps, lot)
    if lowest is None:
        return
    _, fee, payment = money(lots * lot, lowest + above, charges)
    assert fee <= payment * max_fee_bps // 10_000


@pytest.mark.parametrize(
    ("share_bps", "per_kwh", "max_fee_bps", "lowest"),
    [
        (25, 0, 25, 0),
        (26, 0, 25, None),
        (25, 100_000, 100, 13_157_000),
        (100, 1, 100, 10_000 - 100 + 1_000),
        (0, 1, 0, None),
    ],
)
def test_the_lowest_price_is_no_higher_than_it_must_be(
    share_bps: int, per_kwh: int, max_fee_bps: int, lowest: int | None
) -> None:
    found = lowest_price(Charges(market_fee_bps=share_bps, grid_fee_micro=per_kwh), max_fee_bps, 1_000)
    if lowest is None:
        assert found is None
    else:
        assert found is not None
        assert abs(found - lowest) <= 1_001
