"""What each order gets: everything better than the price is filled, at the price itself it is shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gridtokenx_indexer.market.clearing.book import BookOrder
from gridtokenx_indexer.market.clearing.rules import ClearingRules, Rationing


class Margin(NamedTuple):
    """Of the energy that a side offers with a limit equal to the price, how much trades."""

    executed_micro_kwh: int
    total_micro_kwh: int

    @property
    def rationed(self) -> bool:
        return self.executed_micro_kwh < self.total_micro_kwh


def fill_side(
    side: Sequence[BookOrder], full: int, part: int, price_micro: int, rules: ClearingRules
) -> tuple[list[int], Margin]:
    """Fills in 1e-6 kWh for the leading orders of `side` (the rest get 0), and the margin at the price.

    `full` and `part` are the crossing's fills in priority; only their sum at the price level is kept when the
    level is shared pro rata.
    """
    fills = [order.remaining_micro_kwh for order in side[:full]]
    if part:
        fills.append(part)
    first = len(fills)
    while first and side[first - 1].effective_micro == price_micro:
        first -= 1
    end = first
    while end < len(side) and side[end].effective_micro == price_micro:
        end += 1
    level = side[first:end]
    margin = Margin(sum(fills[first:]), sum(order.remaining_micro_kwh for order in level))
    if rules.rationing is Rationing.PRORATA and margin.rationed and margin.executed_micro_kwh:
        shares = share_pro_rata(
            [order.remaining_micro_kwh for order in level], margin.executed_micro_kwh, rules.lot_micro_kwh
        )
        fills[first:] = shares
    return fills, margin


def share_pro_rata(demands: Sequence[int], amount: int, lot: int) -> list[int]:
    """Divides `amount` in proportion to `demands`, in whole lots, by largest remainder.

    Equal remainders go to the earlier one. `demands` and `amount` are multiples of `lot` and
    0 <= amount <= sum(demands); the shares add up to `amount` exactly.
    """
    total = sum(demands)
    lots = amount // lot
    shares: list[int] = []
    remainders: list[int] = []
    for demand in demands:
        share, remainder = divmod(lots * demand, total)
        shares.append(share)
        remainders.append(remainder)
    by_remainder = sorted(range(len(demands)), key=lambda at: (-remainders[at], at))
    for at in by_remainder[: lots - sum(shares)]:
        shares[at] += 1
    return [share * lot for share in shares]
