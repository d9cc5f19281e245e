"""Books in short notation, and a slow oracle that clears them from the definitions, in exact fractions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from gridtokenx_indexer.market.clearing.book import Book, BookOrder, Side, make_book
from gridtokenx_indexer.market.clearing.charges import Charges, effective_bid
from gridtokenx_indexer.market.clearing.clear import clear
from gridtokenx_indexer.market.clearing.result import ClearingResult
from gridtokenx_indexer.market.clearing.rules import ClearingRules

EPOCH = 202611211000
NO_CHARGES = Charges(market_fee_bps=0)
OPEN_RULES = ClearingRules(floor_micro=1, cap_micro=10**15)


def micro(text: str) -> int:
    """'3.4' in 1e-6."""
    return int(Decimal(text).scaleb(6))


def make_order(
    side: Side,
    at: int,
    energy_micro_kwh: int,
    limit_micro: int,
    *,
    user: int | None = None,
    charges: Charges = NO_CHARGES,
    seq: int | None = None,
) -> BookOrder:
    """Order number `at`; without `user`, every order is of a user of its own."""
    effective = effective_bid(limit_micro, charges) if side is Side.BUY else limit_micro
    return BookOrder(
        UUID(int=at + 1),
        UUID(int=(1 << 64) + (at if user is None else user)),
        side,
        at if seq is None else seq,
        energy_micro_kwh,
        limit_micro,
        effective,
    )


def book_of(bids: str, asks: str, charges: Charges = NO_CHARGES) -> Book:
    """A book from '30@3.8 60@3.6', in order of time, bids before asks; '@u7' at the end names the user."""
    orders: list[BookOrder] = []
    for side, text in ((Side.BUY, bids), (Side.SELL, asks)):
        for item in text.split():
            energy, price, *user = item.split("@")
            orders.append(
                make_order(
                    side,
                    len(orders),
                    micro(energy),
                    micro(price),
                    user=int(user[0][1:]) + 10_000 if user else None,
                    charges=charges,
                )
            )
    return make_book(orders)


def clear_book(
    book: Book, rules: ClearingRules = OPEN_RULES, charges: Charges = NO_CHARGES
) -> ClearingResult:
    return clear(EPOCH, 0, book, rules, charges)


def gross_fills(result: ClearingResult) -> dict[UUID, int]:
    """What every order got, netted part included."""
    fills: dict[UUID, int] = {}
    matches = [(t.buy_order_id, t.sell_order_id, t.energy_micro_kwh) for t in result.trades]
    matches += [(n.buy_order_id, n.sell_order_id, n.energy_micro_kwh) for n in result.netted]
    for buy, sell, energy in matches:
        for order_id in (buy, sell):
            fills[order_id] = fills.get(order_id, 0) + energy
    return fills


class OracleAnswer(NamedTuple):
    volume: int
    low: int | None
    high: int | None
    welfare: int


def _demand(orders: Iterable[BookOrder], price: Fraction, *, strictly: bool) -> int:
    return sum(
        order.remaining_micro_kwh
        for order in orders
        if order.effective_micro > price or (not strictly and order.effective_micro == price)
    )


def _supply(orders: Iterable[BookOrder], price: Fraction, *, strictly: bool) -> int:
    return sum(
        order.remaining_micro_kwh
        for order in orders
        if order.effective_micro < price or (not strictly and order.effective_micro == price)
    )


def oracle(book: Book) -> OracleAnswer:
    """Volume, Walrasian price interval and greatest welfare by looking at every limit and between them."""
    limits = sorted({Fraction(order.effective_micro) for side in book for order in side})
    points = limits + [(low + high) / 2 for low, high in itertools.pairwise(limits)]
    volume = max(
        (min(_demand(book.bids, p, strictly=False), _supply(book.asks, p, strictly=False)) for p in points),
        default=0,
    )
    if not volume:
        return OracleAnswer(0, None, None, 0)
    clearing = [
        p
        for p in points
        if _demand(book.bids, p, strictly=True) <= _supply(book.asks, p, strictly=False)
        and _supply(book.asks, p, strictly=True) <= _demand(book.bids, p, strictly=False)
    ]
    return OracleAnswer(volume, int(min(clearing)), int(max(clearing)), _greatest_welfare(book))


def _greatest_welfare(book: Book) -> int:
    """Sums the gain of the units one after another, best bid with best ask, as long as it is one."""
    bids = sorted(((o.effective_micro, o.remaining_micro_kwh) for o in book.bids), reverse=True)
    asks = sorted((o.effective_micro, o.remaining_micro_kwh) for o in book.asks)
    steps = sorted({0, *_sums(bids), *_sums(asks)})
    welfare = 0
    for start, end in itertools.pairwise(steps):
        bid, ask = _limit_at(bids, start), _limit_at(asks, start)
        if bid is None or ask is None or bid < ask:
            break
        welfare += (bid - ask) * (end - start)
    return welfare


def _sums(side: Sequence[tuple[int, int]]) -> list[int]:
    total = 0
    return [total := total + energy for _, energy in side]


def _limit_at(side: Sequence[tuple[int, int]], position: int) -> int | None:
    for limit, energy in side:
        if position < energy:
            return limit
        position -= energy
    return None
