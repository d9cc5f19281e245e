from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.ops.demo.day import net_kwh, packaged_day, read_day
from gridtokenx_indexer.ops.demo.identities import participants
from gridtokenx_indexer.ops.demo.orders import HIGHEST_PRICE, LOWEST_PRICE, limit_price, orders_of

EPOCH = EpochNumber(201605121200)
VILLAGE = participants((f"M-{n}", n % 2 == 0) for n in range(60))


@given(st.integers(1, 400), st.data())
def test_prices_stay_in_the_band_and_whoever_asks_least_bids_most(count: int, data: st.DataObject) -> None:
    rank = data.draw(st.integers(0, count - 1))
    ask, bid = limit_price(rank, count, "sell"), limit_price(rank, count, "buy")
    assert LOWEST_PRICE <= ask <= HIGHEST_PRICE
    assert ask + bid == LOWEST_PRICE + HIGHEST_PRICE
    assert ask == ask.quantize(Decimal("0.01"))


def test_prices_are_spread_over_the_whole_band() -> None:
    prices = [limit_price(meter.rank, len(VILLAGE), "sell") for meter in VILLAGE]
    assert (min(prices), max(prices)) == (LOWEST_PRICE, HIGHEST_PRICE)
    assert len(set(prices)) == len(VILLAGE)


def test_a_surplus_asks_and_a_deficit_bids_in_lots() -> None:
    nets = {"M-0": Decimal("1.2345"), "M-1": Decimal("-0.5"), "M-2": Decimal("0.0009"), "M-3": Decimal(0)}
    ask, bid = orders_of(EPOCH, VILLAGE, nets)
    assert (ask.participant.serial, ask.side, ask.energy_kwh) == ("M-0", "sell", Decimal("1.234"))
    assert (bid.participant.serial, bid.side, bid.energy_kwh) == ("M-1", "buy", Decimal("0.500"))
    assert (ask.time_in_force, bid.time_in_force) == ("gtc", "epoch")


def test_the_same_readings_give_the_same_orders() -> None:
    nets = {meter.serial: Decimal(rank - 30) for rank, meter in enumerate(VILLAGE)}
    assert orders_of(EPOCH, VILLAGE, nets) == orders_of(EPOCH, tuple(VILLAGE), dict(reversed(nets.items())))
    ids = {order.id for order in orders_of(EPOCH, VILLAGE, nets)}
    assert not ids & {order.id for order in orders_of(EpochNumber(EPOCH + 15), VILLAGE, nets)}


def test_the_packaged_day_is_complete() -> None:
    day = read_day(packaged_day())
    assert (len(day.readings), len(day.meters), day.refused) == (5760, 60, ())
    windows = day.by_window()
    assert (len(windows), Counter(len(rows) for rows in windows.values())) == (96, {60: 96})
    assert sum(r.generated_kwh for r in day.readings) == Decimal("819.208")
    assert sum(r.consumed_kwh for r in day.readings) == Decimal("531.730")
    surpluses = [net for rows in windows.values() for net in net_kwh(rows).values() if net > 0]
    assert len(surpluses) == 1152
