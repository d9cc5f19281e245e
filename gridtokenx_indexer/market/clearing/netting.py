"""A user's own purchases against his own sales: that part is his own consumption, not a trade.

Done after the fills are known, so the price stays, every user is left on one side only, and no pair of one
user can arise in the pairing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from gridtokenx_indexer.market.clearing.book import BookOrder


class NettedPair(NamedTuple):
    buy_order_id: UUID
    sell_order_id: UUID
    energy_micro_kwh: int


class Netted(NamedTuple):
    """`bid_fills` and `ask_fills`, as long as they were given, less what was netted."""

    bid_fills: list[int]
    ask_fills: list[int]
    pairs: list[NettedPair]


def net_self_trades(
    bids: Sequence[BookOrder], bid_fills: Sequence[int], asks: Sequence[BookOrder], ask_fills: Sequence[int]
) -> Netted:
    """Takes each user's overlap off his lowest-priority fills on both sides."""
    bought, sold = _positions(bids, bid_fills), _positions(asks, ask_fills)
    net_bids, net_asks = list(bid_fills), list(ask_fills)
    pairs: list[NettedPair] = []
    # In the order of the bids: the result must not depend on how a set or a hash iterates.
    for user, buys in bought.items():
        sells = sold.get(user)
        if sells is None:
            continue
        overlap = min(sum(net_bids[at] for at in buys), sum(net_asks[at] for at in sells))
        while overlap:
            buy, sell = buys[-1], sells[-1]
            step = min(net_bids[buy], net_asks[sell], overlap)
            if step:
                pairs.append(NettedPair(bids[buy].order_id, asks[sell].order_id, step))
            net_bids[buy] -= step
            net_asks[sell] -= step
            overlap -= step
            if not net_bids[buy]:
                buys.pop()
            if not net_asks[sell]:
                sells.pop()
    return Netted(net_bids, net_asks, pairs)


def _positions(side: Sequence[BookOrder], fills: Sequence[int]) -> dict[UUID, list[int]]:
    positions: dict[UUID, list[int]] = {}
    for at, fill in enumerate(fills):
        if fill:
            positions.setdefault(side[at].user_id, []).append(at)
    return positions
