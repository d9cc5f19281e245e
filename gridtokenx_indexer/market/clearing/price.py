"""How much trades, in which interval the price may lie, and the price in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gridtokenx_indexer.market.clearing.book import Book, BookOrder
from gridtokenx_indexer.market.clearing.rules import ClearingRules


class Crossing(NamedTuple):
    """The largest volume that the limits allow and what stands at its edge.

    `bids_full` and `asks_full` count the orders, from the best, that are filled completely; the next one gets
    `bid_part` or `ask_part`. Limits are effective, in 1e-6 per kWh; a rejected one is None when all were
    accepted. A partly filled order is both accepted and rejected.
    """

    volume_micro_kwh: int
    bids_full: int
    bid_part: int
    asks_full: int
    ask_part: int
    last_accepted_bid: int
    last_accepted_ask: int
    first_rejected_bid: int | None
    first_rejected_ask: int | None


class Interval(NamedTuple):
    low: int
    high: int


def cross(book: Book) -> Crossing | None:
    """Merges both sides while the bid is worth the ask; None when nothing trades."""
    bids, asks = book.bids, book.asks
    bid_at = ask_at = volume = 0
    bid_left = bids[0].remaining_micro_kwh if bids else 0
    ask_left = asks[0].remaining_micro_kwh if asks else 0
    last_bid = last_ask = 0
    while bid_at < len(bids) and ask_at < len(asks):
        if bids[bid_at].effective_micro < asks[ask_at].effective_micro:
            break
        last_bid, last_ask = bids[bid_at].effective_micro, asks[ask_at].effective_micro
        step = min(bid_left, ask_left)
        volume += step
        bid_left -= step
        ask_left -= step
        if not bid_left:
            bid_at += 1
            bid_left = bids[bid_at].remaining_micro_kwh if bid_at < len(bids) else 0
        if not ask_left:
            ask_at += 1
            ask_left = asks[ask_at].remaining_micro_kwh if ask_at < len(asks) else 0
    if not volume:
        return None
    return Crossing(
        volume_micro_kwh=volume,
        bids_full=bid_at,
        bid_part=_part(bids, bid_at, bid_left),
        asks_full=ask_at,
        ask_part=_part(asks, ask_at, ask_left),
        last_accepted_bid=last_bid,
        last_accepted_ask=last_ask,
        first_rejected_bid=bids[bid_at].effective_micro if bid_at < len(bids) else None,
        first_rejected_ask=asks[ask_at].effective_micro if ask_at < len(asks) else None,
    )


def _part(side: Sequence[BookOrder], at: int, left: int) -> int:
    return side[at].remaining_micro_kwh - left if at < len(side) else 0


def strict_interval(crossing: Crossing, rules: ClearingRules) -> Interval:
    """Prices at which no accepted order loses and no rejected one would gain, within the price band."""
    low = max(crossing.last_accepted_ask, crossing.first_rejected_bid or 0, rules.floor_micro)
    high = min(crossing.last_accepted_bid, rules.cap_micro)
    if crossing.first_rejected_ask is not None:
        high = min(high, crossing.first_rejected_ask)
    return Interval(low, high)


def price_in(interval: Interval, rules: ClearingRules) -> int:
    """k of the way from low to high, half-even to the tick, kept inside; low when no tick lies inside."""
    low, high = interval
    tick = rules.tick_micro
    first_tick, last_tick = -(-low // tick) * tick, high // tick * tick
    if first_tick > last_tick:
        return low
    numerator = low * rules.k_denominator + rules.k_numerator * (high - low)
    ticks, rest = divmod(numerator, rules.k_denominator * tick)
    twice = 2 * rest
    whole = rules.k_denominator * tick
    if twice > whole or (twice == whole and ticks % 2):
        ticks += 1
    return min(max(ticks * tick, first_tick), last_tick)
