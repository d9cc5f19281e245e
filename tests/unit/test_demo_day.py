from __future__ import annotations

from pathlib import Path

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.demo.day import COLUMNS, read_day

HEADER = ",".join(COLUMNS)
GOOD = "M-1,prosumer,2020-02-29T12:00:00Z,1.5,0.25"


def day_file(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "day.csv"
    path.write_text("\n".join((header, *lines)) + "\n")
    return path


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("M-1,prosumer,2020-02-29T12:00:00Z,1.5", "4 fields"),
        (",prosumer,2020-02-29T12:00:00Z,1,1", "serial is empty"),
        (f"{'x' * 256},consumer,2020-02-29T12:00:00Z,1,1", "longer than 255"),
        ("M-2,consumer,2020-02-29T12:00:00Z,100.000001,1", "not between 0 and 100"),
        ("M-2,windmill,2020-02-29T12:00:00Z,1,1", "windmill"),
        ("M-2,consumer,yesterday,1,1", "is not a time"),
        ("M-2,consumer,2020-02-29T12:00:00,1,1", "no time zone"),
        ("M-2,consumer,2020-02-29T12:00:00Z,lots,1", "not an amount"),
        ("M-2,consumer,2020-02-29T12:00:00Z,-1,1", "not between"),
        ("M-2,consumer,2020-02-29T12:00:00Z,1e99,1", "not between"),
        ("M-2,consumer,2020-02-29T12:00:00Z,NaN,1", "not between"),
        ("M-2,consumer,2020-02-29T12:00:00Z,0.0000001,1", "6 decimals"),
        ("M-1,prosumer,2020-02-29T13:00:00+01:00,9,9", "came before"),
    ],
)
def test_a_bad_line_is_refused_by_number_and_the_rest_goes_on(tmp_path: Path, line: str, reason: str) -> None:
    day = read_day(day_file(tmp_path, GOOD, line, GOOD.replace("M-1", "M-9")))
    assert [(refusal.line, reason in refusal.reason) for refusal in day.refused] == [(3, True)]
    assert sorted(day.meters) == ["M-1", "M-9"]


def test_any_date_with_gaps_and_several_readings_per_window(tmp_path: Path) -> None:
    day = read_day(
        day_file(
            tmp_path,
            "B,consumer,2031-01-01T03:00:00Z,0,1",
            "A,prosumer,2031-01-01T00:10:00Z,2,0",
            "A,prosumer,2031-01-01T00:05:00Z,1,0",
        )
    )
    windows = day.by_window()
    assert [[reading.serial for reading in rows] for rows in windows.values()] == [["A", "A"], ["B"]]
    assert max(windows) - min(windows) == 12
    assert day.meters == {"A": True, "B": False}


def test_a_file_without_header_or_readings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="header"):
        read_day(day_file(tmp_path, GOOD, header="a,b"))
    with pytest.raises(UsageError, match="no usable reading"):
        read_day(day_file(tmp_path))
    with pytest.raises(UsageError, match="cannot be read"):
        read_day(tmp_path / "missing.csv")
