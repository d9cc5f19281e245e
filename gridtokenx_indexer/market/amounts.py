"""Between the integers of the clearing and the decimals of the tables, exactly."""

from __future__ import annotations

from decimal import Decimal

from gridtokenx_indexer.domain.units import exact_units

MICRO_DECIMALS = 6


def decimal_of_micro(micro: int) -> Decimal:
    """An integer of 1e-6 as the decimal it stands for."""
    return _scaled(micro, MICRO_DECIMALS)


def decimal_of_pico(pico: int) -> Decimal:
    """An integer of 1e-12 as the decimal it stands for."""
    return _scaled(pico, 2 * MICRO_DECIMALS)


def optional_decimal(micro: int | None) -> Decimal | None:
    return None if micro is None else decimal_of_micro(micro)


def _scaled(value: int, decimals: int) -> Decimal:
    # Not scaleb: that rounds to the precision of the context.
    sign, digits, _ = Decimal(value).as_tuple()
    return Decimal((sign, digits, -decimals))


def micro_of(amount: Decimal) -> int:
    """A decimal with at most six places as an integer of 1e-6; raises `ParkError` for more."""
    return exact_units(amount, MICRO_DECIMALS)


def weighted_price(priced_volumes: list[tuple[int, int]]) -> int | None:
    """Price over zones, weighted by volume: half-even to 1e-6; None when nothing traded.

    Pairs of price in 1e-6 per kWh and volume in 1e-6 kWh.
    """
    volume = sum(weight for _, weight in priced_volumes)
    if not volume:
        return None
    price, rest = divmod(sum(price * weight for price, weight in priced_volumes), volume)
    if 2 * rest > volume or (2 * rest == volume and price % 2):
        price += 1
    return price
