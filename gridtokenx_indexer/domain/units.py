"""Exact conversions between the units of the database and of the chain."""

from __future__ import annotations

from decimal import Decimal

from gridtokenx_indexer.domain.errors import ParkError

ENERGY_DECIMALS = 9
PAYMENT_DECIMALS = 6
BASE_UNITS_PER_KWH = 10**ENERGY_DECIMALS
PAYMENT_UNITS_PER_CURRENCY = 10**PAYMENT_DECIMALS
MICRO_PER_UNIT = 10**6
"""Prices are integers of 1e-6 currency per kWh, energy in orders integers of 1e-6 kWh."""
U64_MAX = 2**64 - 1


def plain_text(amount: Decimal) -> str:
    """Every digit of `amount` and no exponent, which numbers read from the database may carry."""
    return f"{amount:f}"


def exact_units(amount: Decimal, decimals: int) -> int:
    """`amount` as an integer of 10^-decimals; raises `ParkError` when that would lose a digit."""
    scaled = amount.scaleb(decimals)
    units = int(scaled)
    if units != scaled:
        raise ParkError(f"{amount:f} has more than {decimals} decimals", remedy="round it at its source")
    return units


def kwh_to_base_units(kwh: Decimal) -> int:
    """kWh to base units of the energy token, exact."""
    return exact_units(kwh, ENERGY_DECIMALS)


def base_units_to_kwh(base_units: int) -> Decimal:
    """Base units of the energy token to kWh, exact."""
    return Decimal(base_units).scaleb(-ENERGY_DECIMALS)


def payment_units_to_currency(units: int) -> Decimal:
    """Base units of the payment token to currency, exact."""
    return Decimal(units).scaleb(-PAYMENT_DECIMALS)
