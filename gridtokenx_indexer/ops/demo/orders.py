"""The orders of the demo, computed from the readings by one fixed rule.

After each window, every meter enters at most one order of the size of its balance in that window: a surplus
is asked for, a deficit is bid for, rounded down to the lot. Limit prices are fixed per meter, spread evenly
from 2.20 to 4.50 over the meters in the order of a hash of their serial: whoever asks least bids most. Asks
stay in the book until filled, so the bids of the evening meet asks backed by tokens that are still held; a
bid lives for one epoch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Literal
from uuid import UUID

import msgspec

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.ops.demo.identities import Participant, demo_id

LOWEST_PRICE = Decimal("2.20")
HIGHEST_PRICE = Decimal("4.50")
LOT_KWH = Decimal("0.001")
_CENT = Decimal("0.01")


class DemoOrder(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    participant: Participant
    side: Literal["buy", "sell"]
    energy_kwh: Decimal
    price_per_kwh: Decimal
    time_in_force: Literal["gtc", "epoch"]


def limit_price(rank: int, count: int, side: Literal["buy", "sell"]) -> Decimal:
    """The limit of the meter at `rank` of `count`: rising with the rank for asks, falling for bids."""
    span = HIGHEST_PRICE - LOWEST_PRICE
    step = (span * rank / max(count - 1, 1)).quantize(_CENT, ROUND_HALF_EVEN)
    return LOWEST_PRICE + step if side == "sell" else HIGHEST_PRICE - step


def orders_of(
    epoch: EpochNumber, participants: Iterable[Participant], net_kwh: Mapping[str, Decimal]
) -> tuple[DemoOrder, ...]:
    """The orders for `epoch`, in order of serial. `net_kwh`: generated minus consumed, by serial."""
    everyone = tuple(participants)
    orders = []
    for participant in everyone:
        net = net_kwh.get(participant.serial, Decimal(0))
        amount = abs(net).quantize(LOT_KWH, ROUND_DOWN)
        if amount < LOT_KWH:
            continue
        side: Literal["buy", "sell"] = "sell" if net > 0 else "buy"
        orders.append(
            DemoOrder(
                id=demo_id("order", epoch, participant.serial),
                participant=participant,
                side=side,
                energy_kwh=amount,
                price_per_kwh=limit_price(participant.rank, len(everyone), side),
                time_in_force="gtc" if side == "sell" else "epoch",
            )
        )
    return tuple(orders)
