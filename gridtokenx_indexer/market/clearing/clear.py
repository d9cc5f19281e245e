"""Book in, result out: the whole clearing of one zone."""

from __future__ import annotations

from collections.abc import Sequence

from gridtokenx_indexer.market.clearing.book import Book, BookOrder, book_hash
from gridtokenx_indexer.market.clearing.charges import Charges, money
from gridtokenx_indexer.market.clearing.netting import Netted, net_self_trades
from gridtokenx_indexer.market.clearing.pairing import pair
from gridtokenx_indexer.market.clearing.price import Crossing, Interval, cross, price_in, strict_interval
from gridtokenx_indexer.market.clearing.rationing import Margin, fill_side
from gridtokenx_indexer.market.clearing.result import Audit, ClearingResult, MarginalSide, Trade
from gridtokenx_indexer.market.clearing.rules import ClearingRules


def clear(epoch: int, zone: int, book: Book, rules: ClearingRules, charges: Charges) -> ClearingResult:
    """Clears `book`, whose limits are already net of `charges`. The same arguments give the same bytes."""
    hashed = book_hash(epoch, zone, book)
    crossing = cross(book)
    if crossing is None:
        return ClearingResult(
            epoch=epoch,
            zone=zone,
            rules=rules,
            charges=charges,
            book_hash=hashed,
            match_price_micro=None,
            gross_micro_kwh=0,
            netted_micro_kwh=0,
            trades=(),
            netted=(),
            audit=Audit(orders_in=book.order_count),
        )
    interval = strict_interval(crossing, rules)
    price = price_in(interval, rules)
    bid_fills, bid_margin = fill_side(book.bids, crossing.bids_full, crossing.bid_part, price, rules)
    ask_fills, ask_margin = fill_side(book.asks, crossing.asks_full, crossing.ask_part, price, rules)
    net = net_self_trades(book.bids, bid_fills, book.asks, ask_fills)
    trades = _trades(book, net, price, charges)
    return ClearingResult(
        epoch=epoch,
        zone=zone,
        rules=rules,
        charges=charges,
        book_hash=hashed,
        match_price_micro=price,
        gross_micro_kwh=crossing.volume_micro_kwh,
        netted_micro_kwh=sum(made.energy_micro_kwh for made in net.pairs),
        trades=trades,
        netted=net.pairs,
        audit=_audit(book, crossing, interval, (bid_fills, ask_fills), (bid_margin, ask_margin), net),
    )


def _trades(book: Book, net: Netted, price_micro: int, charges: Charges) -> list[Trade]:
    trades: list[Trade] = []
    for bid_at, ask_at, energy in pair(net.bid_fills, net.ask_fills):
        bid, ask = book.bids[bid_at], book.asks[ask_at]
        value, fee, payment = money(energy, price_micro, charges)
        trades.append(
            Trade(bid.order_id, ask.order_id, bid.user_id, ask.user_id, energy, value, fee, payment)
        )
    return trades


def _audit(
    book: Book,
    crossing: Crossing,
    interval: Interval,
    fills: tuple[Sequence[int], Sequence[int]],
    margins: tuple[Margin, Margin],
    net: Netted,
) -> Audit:
    side, margin = _marginal(*margins)
    filled = [_completely(orders, given) for orders, given in zip(book, fills, strict=True)]
    touched = [sum(1 for fill in given if fill) for given in fills]
    netted = [
        sum(1 for gross, rest in zip(given, left, strict=True) if gross != rest)
        for given, left in zip(fills, (net.bid_fills, net.ask_fills), strict=True)
    ]
    return Audit(
        low=interval.low,
        high=interval.high,
        last_accepted_ask=crossing.last_accepted_ask,
        last_accepted_bid=crossing.last_accepted_bid,
        first_rejected_ask=crossing.first_rejected_ask,
        first_rejected_bid=crossing.first_rejected_bid,
        marginal_side=side,
        marginal_executed_micro_kwh=margin.executed_micro_kwh,
        marginal_total_micro_kwh=margin.total_micro_kwh,
        orders_in=book.order_count,
        orders_filled=sum(filled),
        orders_partial=sum(touched) - sum(filled),
        orders_netted=sum(netted),
        welfare_pico=_worth(book.bids, fills[0]) - _worth(book.asks, fills[1]),
    )


def _marginal(bid_margin: Margin, ask_margin: Margin) -> tuple[MarginalSide, Margin]:
    if bid_margin.rationed:
        return MarginalSide.BUY, bid_margin
    if ask_margin.rationed:
        return MarginalSide.SELL, ask_margin
    return MarginalSide.NONE, Margin(0, 0)


def _completely(orders: Sequence[BookOrder], fills: Sequence[int]) -> int:
    return sum(1 for order, fill in zip(orders, fills, strict=False) if fill == order.remaining_micro_kwh)


def _worth(orders: Sequence[BookOrder], fills: Sequence[int]) -> int:
    return sum(order.effective_micro * fill for order, fill in zip(orders, fills, strict=False))
