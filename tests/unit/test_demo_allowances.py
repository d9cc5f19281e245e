from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from gridtokenx_indexer.domain.units import BASE_UNITS_PER_KWH, PAYMENT_UNITS_PER_CURRENCY
from gridtokenx_indexer.ops.demo.allowances import allowances
from gridtokenx_indexer.ops.demo.day import COLUMNS, packaged_day, read_day


def test_a_whole_day_of_bids_at_the_highest_price_is_covered(tmp_path: Path) -> None:
    lines = [",".join(COLUMNS)]
    lines += [f"A,prosumer,2020-01-01T{hour:02d}:00:00Z,0,100" for hour in range(12)]
    lines += [f"A,prosumer,2020-01-01T{hour:02d}:00:00Z,100,0" for hour in range(12, 24)]
    lines += ["B,consumer,2020-01-01T00:00:00Z,0,0"]
    path = tmp_path / "day.csv"
    path.write_text("\n".join(lines) + "\n")
    allowed = allowances(read_day(path))
    assert allowed["A"].payment_units == 6_000 * PAYMENT_UNITS_PER_CURRENCY
    assert allowed["A"].energy_base_units == 2_000 * BASE_UNITS_PER_KWH
    assert allowed["B"].payment_units == 1_000 * PAYMENT_UNITS_PER_CURRENCY
    assert allowed["B"].energy_base_units == 1_000 * BASE_UNITS_PER_KWH


def test_nobody_of_the_packaged_day_needs_more_than_the_least() -> None:
    allowed = allowances(read_day(packaged_day()))
    assert {one.payment_units for one in allowed.values()} == {1_000 * PAYMENT_UNITS_PER_CURRENCY}
    assert Decimal(max(one.energy_base_units for one in allowed.values())) == 1_000 * BASE_UNITS_PER_KWH
