from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.ops.checking import Check
from gridtokenx_indexer.ops.demo.checks import check_counts, check_mints, expected_mints
from gridtokenx_indexer.ops.demo.day import COLUMNS, Day, read_day
from gridtokenx_indexer.ops.demo.report import Report, as_text, books_digest, kwh, rate

GOOD_COUNTS = {
    "readings": 3,
    "mint_duplicates": 0,
    "operations_not_done": 0,
    "trades_failed": 0,
    "trades_open": 0,
    "parked_items": 0,
}


@pytest.fixture
def day(tmp_path: Path) -> Day:
    """A surplus of 1.5 kWh read in two parts, and a deficit."""
    path = tmp_path / "day.csv"
    lines = (
        ",".join(COLUMNS),
        "A,prosumer,2020-01-01T00:00:00Z,2,1",
        "A,prosumer,2020-01-01T00:05:00Z,0.5,0",
        "B,consumer,2020-01-01T00:00:00Z,0,1",
    )
    path.write_text("\n".join(lines) + "\n")
    return read_day(path)


def operation(serial: str, window: int, amount: int, status: str = "done") -> dict[str, Any]:
    return {
        "meter_key": meter_key(serial).hex(),
        "mint_window": window,
        "amount_base_units": Decimal(amount),
        "status": status,
    }


def test_expected_mints_come_from_the_file_alone(day: Day) -> None:
    window = 1577836800 // 900
    assert expected_mints(day) == {(meter_key("A").hex(), window): 1_500_000_000}


@pytest.mark.parametrize(
    ("operations", "ok"),
    [
        ([("A", 0, 1_500_000_000, "done"), ("B", 0, 0, "no_surplus")], True),
        ([("A", 0, 1_500_000_001, "done")], False),
        ([("A", 1, 1_500_000_000, "done")], False),
        ([("A", 0, 1_500_000_000, "parked")], False),
        ([("A", 0, 1_500_000_000, "done"), ("B", 0, 1, "done")], False),
        ([], False),
    ],
)
def test_mints_must_be_exactly_those(day: Day, operations: list[tuple[str, int, int, str]], ok: bool) -> None:
    first = 1577836800 // 900
    rows = [
        operation(serial, first + offset, amount, status) for serial, offset, amount, status in operations
    ]
    assert check_mints(day, rows).ok is ok


@pytest.mark.parametrize("figure", GOOD_COUNTS)
def test_each_count_is_a_check_of_its_own(day: Day, figure: str) -> None:
    assert all(check.ok for check in check_counts(day, GOOD_COUNTS))
    wrong = check_counts(day, {**GOOD_COUNTS, figure: GOOD_COUNTS[figure] + 1})
    assert sum(not check.ok for check in wrong) == 1


def test_the_digest_depends_on_every_row() -> None:
    rows: list[tuple[Any, ...]] = [("match", "1 2", "3"), ("match", "1 3", "4")]
    assert books_digest(rows) == books_digest(list(rows))
    assert books_digest(rows) != books_digest(rows[:1])
    assert books_digest([("a", "b", "c")]) != books_digest([("a", "b\tc", "")])


def test_amounts_are_exact_and_plain() -> None:
    assert kwh(743_570_000_000) == "743.570000000"
    assert kwh(Decimal(1)) == "0.000000001"
    assert str(rate(10, 4)) == "2.5"
    assert rate(10, 0) == 0


def test_the_text_names_what_failed(day: Day) -> None:
    bad = Check(check="supply", ok=False, detail="1 found, 2 expected", differences=("account x",))
    report = Report(
        slot_ms=50,
        finality_slots=4,
        meters=2,
        windows=1,
        slots_indexed=1,
        slots_skipped_proved=0,
        events=0,
        transactions=0,
        transactions_failed=0,
        parked_items=0,
        readings=3,
        readings_refused=(),
        windows_minted=1,
        energy_minted_kwh="1.5",
        token_supply_base_units="1500000000",  # noqa: S106
        mint_duplicates=0,
        epochs_cleared=1,
        epochs_with_trades=0,
        energy_traded_kwh=Decimal(0),
        payment_moved=Decimal(0),
        fees_collected=Decimal(0),
        trades_settled=0,
        trades_failed=0,
        books_digest="00",
        verify=(Check(check="links", ok=True, detail="1 block"), bad),
        daemon_restarts=0,
        setup_seconds=Decimal(1),
        play_seconds=Decimal(1),
        mints_per_second=Decimal(1),
        slots_per_second=Decimal(1),
        wall_seconds=Decimal(2),
    )
    text = as_text(report)
    assert not report.ok
    assert "ok     links: 1 block" in text
    assert "FAILED supply: 1 found, 2 expected" in text
    assert "account x" in text
    assert text.endswith("every check holds: NO")
