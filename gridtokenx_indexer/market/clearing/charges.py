"""What the buyer pays on top of the price, and how that turns his limit into an effective bid.

Charges are known before the book is sorted, so that nobody trades worse than his limit net of charges.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

BPS = 10_000
MICRO = 10**6


class Charges(msgspec.Struct, frozen=True, kw_only=True):
    """Charges of one epoch. Shares in basis points of the value, the others in 1e-6 currency per kWh."""

    market_fee_bps: int
    grid_fee_micro: int = 0
    wheeling_micro: int = 0
    loss_bps: int = 0

    @property
    def share_bps(self) -> int:
        return self.market_fee_bps + self.loss_bps

    @property
    def per_kwh_micro(self) -> int:
        return self.grid_fee_micro + self.wheeling_micro


class Money(NamedTuple):
    """One trade in units of the payment token: the seller gets `value`, the buyer pays `payment`."""

    value: int
    fee: int
    payment: int


def effective_bid(limit_micro: int, charges: Charges) -> int:
    """The highest price at which a buyer with this limit stays within it; 0 when charges alone exceed it."""
    return max(0, (limit_micro - charges.per_kwh_micro) * BPS // (BPS + charges.share_bps))


def lowest_price(charges: Charges, max_fee_bps: int, lot_micro_kwh: int) -> int | None:
    """The lowest price, in 1e-6 per kWh, at which the fee of no trade exceeds `max_fee_bps` of its payment.

    Charges per kWh weigh the more the lower the price is: 0 when there are none, None when no price would do.
    With fee <= value * s + energy * w and value > energy * price - 1 unit, fee <= (value + fee) * m holds
    from w * (1 - m) / (m - s * (1 - m)) on, plus what one unit is per kWh in the smallest trade.
    """
    if not charges.per_kwh_micro:
        return 0 if charges.share_bps <= max_fee_bps else None
    room = max_fee_bps * BPS - charges.share_bps * (BPS - max_fee_bps)
    if room <= 0:
        return None
    return _ceil_div(charges.per_kwh_micro * (BPS - max_fee_bps) * BPS, room) + _ceil_div(
        MICRO, lot_micro_kwh
    )


def _ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def money(energy_micro_kwh: int, price_micro: int, charges: Charges) -> Money:
    """Value, fee and payment of a trade; every part is floored, the payment is their sum."""
    value = energy_micro_kwh * price_micro // MICRO
    fee = value * charges.share_bps // BPS + energy_micro_kwh * charges.per_kwh_micro // MICRO
    return Money(value, fee, value + fee)
