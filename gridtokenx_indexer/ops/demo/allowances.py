"""What each owner lets the program move: bounded by what the day can ask of him."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

import msgspec

from gridtokenx_indexer.domain.units import ENERGY_DECIMALS, PAYMENT_DECIMALS
from gridtokenx_indexer.ops.demo.day import Day, net_kwh
from gridtokenx_indexer.ops.demo.orders import HIGHEST_PRICE

_CURRENCY_STEP = Decimal(1_000)
_KWH_STEP = Decimal(1_000)
# Prices are limits before the fee; a bid never pays more than its limit.
_MARGIN = Decimal("1.01")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    payment_units: int
    """Granted at the start, and approved to the last unit."""
    energy_base_units: int


def allowances(day: Day) -> Mapping[str, Allowance]:
    """By serial: all deficits at the highest price, all surpluses, rounded up to thousands."""
    deficits = dict.fromkeys(day.meters, Decimal(0))
    surpluses = dict.fromkeys(day.meters, Decimal(0))
    for readings in day.by_window().values():
        for serial, net in net_kwh(readings).items():
            (surpluses if net > 0 else deficits)[serial] += abs(net)
    return {
        serial: Allowance(
            payment_units=_up(deficits[serial] * HIGHEST_PRICE * _MARGIN, _CURRENCY_STEP, PAYMENT_DECIMALS),
            energy_base_units=_up(surpluses[serial], _KWH_STEP, ENERGY_DECIMALS),
        )
        for serial in day.meters
    }


def _up(amount: Decimal, step: Decimal, decimals: int) -> int:
    """At least one step, in units of 10^-decimals."""
    steps = max((amount / step).to_integral_value(ROUND_CEILING), Decimal(1))
    return int(steps * step * 10**decimals)
