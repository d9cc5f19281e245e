from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.units import (
    U64_MAX,
    base_units_to_kwh,
    exact_units,
    kwh_to_base_units,
    payment_units_to_currency,
    plain_text,
)


def test_one_kwh_is_a_billion_base_units() -> None:
    assert kwh_to_base_units(Decimal("1")) == 10**9
    assert kwh_to_base_units(Decimal("0.000000001")) == 1
    assert kwh_to_base_units(Decimal("-0.125")) == -125_000_000


def test_a_digit_that_would_be_lost_is_refused_by_name() -> None:
    with pytest.raises(ParkError, match=r"0\.0000000001 has more than 9 decimals"):
        kwh_to_base_units(Decimal("0.0000000001"))
    with pytest.raises(ParkError):
        exact_units(Decimal("1.0000001"), 6)


@given(st.integers(min_value=-U64_MAX, max_value=U64_MAX))
def test_energy_survives_the_round_trip(base_units: int) -> None:
    assert kwh_to_base_units(base_units_to_kwh(base_units)) == base_units


@pytest.mark.parametrize(
    ("amount", "text"),
    [("4.8400E+8", "484000000"), ("1E+9", "1000000000"), ("0E-9", "0.000000000"), ("2.500000", "2.500000")],
)
def test_amounts_are_written_without_an_exponent(amount: str, text: str) -> None:
    assert plain_text(Decimal(amount)) == text


def test_payment_units_are_millionths_of_the_currency() -> None:
    assert payment_units_to_currency(2_200_000) == Decimal("2.2")
