"""Who delivers to whom: both sides' fills are laid along each other in priority.

At most (filled bids + filled asks - 1) trades, the fewest that fills in general position allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Pair(NamedTuple):
    """Positions of the two orders in their sides, and the energy in 1e-6 kWh."""

    bid_at: int
    ask_at: int
    energy_micro_kwh: int


def pair(bid_fills: Sequence[int], ask_fills: Sequence[int]) -> list[Pair]:
    """Pairs fills of equal sum; the position in the returned list is the trade index."""
    pairs: list[Pair] = []
    bid_at = ask_at = 0
    bid_left = bid_fills[0] if bid_fills else 0
    ask_left = ask_fills[0] if ask_fills else 0
    while True:
        while not bid_left:
            bid_at += 1
            if bid_at >= len(bid_fills):
                return pairs
            bid_left = bid_fills[bid_at]
        while not ask_left:
            ask_at += 1
            if ask_at >= len(ask_fills):
                return pairs
            ask_left = ask_fills[ask_at]
        step = min(bid_left, ask_left)
        pairs.append(Pair(bid_at, ask_at, step))
        bid_left -= step
        ask_left -= step
