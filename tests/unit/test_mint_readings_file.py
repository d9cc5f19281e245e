"""Every line of a readings file is a reading or a problem with its number; no line stops the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.mint.readings_file import FileReading, LineProblem, Obstacle, read_lines
from gridtokenx_indexer.resources import PACKAGE

MOST = Decimal(100)
HEADER = "meter_serial,window_start,energy_generated_kwh,energy_consumed_kwh"
GENERAL = "meter_serial,timestamp,energy_generated_kwh,energy_consumed_kwh"


def read(*lines: str, header: str = HEADER) -> list[FileReading | LineProblem]:
    return list(read_lines([f"{line}\n" for line in (header, *lines)], MOST))


def only(line: str, header: str = HEADER) -> FileReading | LineProblem:
    (result,) = read(line, header=header)
    return result


def test_the_demo_day_is_a_readings_file() -> None:
    path: Path = PACKAGE / "data" / "village_day.csv"
    with path.open(newline="", encoding="utf-8") as file:
        readings = list(read_lines(file, MOST))
    assert len(readings) == 5_760
    assert all(isinstance(reading, FileReading) for reading in readings)
    assert sum(r.generated_kwh for r in readings if isinstance(r, FileReading)) == Decimal("819.208")


def test_columns_may_stand_in_any_order_and_times_in_any_zone() -> None:
    result = only(
        "1.000001,2,2016-05-12T02:15:00+02:00,LV3",
        header="energy_consumed_kwh,energy_generated_kwh,timestamp,meter_serial",
    )
    assert result == FileReading(
        2, "LV3", datetime(2016, 5, 12, 0, 15, tzinfo=UTC), Decimal(2), Decimal("1.000001")
    )


@pytest.mark.parametrize(
    ("line", "obstacle"),
    [
        ("LV3,2016-05-12T00:15:00Z,1", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,1,2,3", Obstacle.MALFORMED),
        (",2016-05-12T00:15:00Z,1,2", Obstacle.MALFORMED),
        ("L\x00V,2016-05-12T00:15:00Z,1,2", Obstacle.MALFORMED),
        ("LV\udcff,2016-05-12T00:15:00Z,1,2", Obstacle.MALFORMED),
        ("x" * 256 + ",2016-05-12T00:15:00Z,1,2", Obstacle.MALFORMED),
        ("LV3,yesterday,1,2", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00,1,2", Obstacle.MALFORMED),
        ("LV3,2016-13-12T00:15:00Z,1,2", Obstacle.MALFORMED),
        ("LV3,1969-12-31T23:45:00Z,1,2", Obstacle.MALFORMED),
        ("LV3,0001-01-01T00:00:00+23:00,1,2", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,one,2", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,,2", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,1e2,2", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,NaN,2", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,Infinity,2", Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,0.0000001,2", Obstacle.MALFORMED),
        ('LV3,2016-05-12T00:15:00Z,"1"x,2', Obstacle.MALFORMED),
        ("LV3,2016-05-12T00:15:00Z,-0.1,2", Obstacle.NEGATIVE_AMOUNT),
        ("LV3,2016-05-12T00:15:00Z,1,-2", Obstacle.NEGATIVE_AMOUNT),
        ("LV3,2016-05-12T00:15:00Z,100.000001,0", Obstacle.AMOUNT_ABOVE_LIMIT),
        ("LV3,2016-05-12T00:15:00Z,0,999999999999", Obstacle.AMOUNT_ABOVE_LIMIT),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_rest_goes_on(line: str, obstacle: Obstacle) -> None:
    good = "LV3,2016-05-12T00:15:00Z,100,0"
    first, bad, last = read(good, line, good)
    assert isinstance(first, FileReading)
    assert isinstance(bad, LineProblem)
    assert (bad.line, bad.obstacle) == (3, obstacle)
    assert bad.detail
    assert isinstance(last, FileReading)
    assert last.line == 4


@pytest.mark.parametrize("header", [HEADER, GENERAL])
def test_a_window_may_hold_several_readings(header: str) -> None:
    first, second = read("LV3,2016-05-12T00:15:00Z,1,2", "LV3,2016-05-12T00:20:00Z,1,2", header=header)
    assert isinstance(first, FileReading)
    assert isinstance(second, FileReading)
    assert second.timestamp - first.timestamp == timedelta(minutes=5)


def test_empty_lines_are_no_lines() -> None:
    assert len(read("", "LV3,2016-05-12T00:15:00Z,1,2", "")) == 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "serial,time,generated,consumed",
        HEADER + ",timestamp",
        HEADER + ",temperature",
        HEADER + ",kind,kind",
        "meter_serial,energy_generated_kwh,energy_consumed_kwh",
    ],
)
def test_another_header_is_a_usage_error_that_names_the_right_one(header: str) -> None:
    with pytest.raises(UsageError, match=r"energy_generated_kwh|header"):
        read(header=header)
    with pytest.raises(UsageError, match="empty"):
        list(read_lines([], MOST))


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    for result in read(text, "LV3,2016-05-12T00:15:00Z,1,2"):
        assert isinstance(result, FileReading | LineProblem)
