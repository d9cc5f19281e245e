"""A readings file goes in with COPY; bad lines are named, parked ones wait, good ones are minted."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.readings_file import Obstacle
from gridtokenx_indexer.mint.readings_import import import_file
from gridtokenx_indexer.store.pool import Pool

CONFIG = MintConfig()
HEADER = "meter_serial,timestamp,energy_generated_kwh,energy_consumed_kwh\n"
NOW = "2016-05-12T12:00:00Z"


async def prepare(pool: Pool) -> None:
    await pool.execute(
        "SELECT indexer.set_market_clock_offset("
        "(extract(epoch FROM $1::text::timestamptz - now()) * 1000)::bigint)",
        NOW,
    )
    await pool.execute(
        "WITH u AS (INSERT INTO users (email, wallet_address) VALUES ('a@x', $1), ('b@x', NULL) "
        "RETURNING id, email) "
        "INSERT INTO meter_registry (user_id, meter_serial, verification_status) "
        "SELECT id, serial, status FROM u JOIN (VALUES ('a@x', 'good', 'verified'), "
        "('a@x', 'new', 'pending'), ('b@x', 'poor', 'verified')) AS m(email, serial, status) USING (email)",
        "9" * 43,
    )


def file(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "readings.csv"
    path.write_bytes((header + "".join(f"{line}\n" for line in lines)).encode("utf-8", "surrogateescape"))
    return path


MIXED = (
    "good,2016-05-12T10:00:00Z,1,0.25",
    "good,2016-05-12T10:00:00Z,1,0.25",
    "good,2016-05-12T10:15:00Z,-1,0",
    "nobody,2016-05-12T10:15:00Z,1,0",
    "new,2016-05-12T10:15:00Z,1,0",
    "poor,2016-05-12T10:15:00Z,1,0",
    "good,2016-05-12T12:00:01Z,1,0",
    "good,2016-05-01T10:15:00Z,1,0",
    "good,2016-05-12T10:30:00Z,101,0",
    "go\udcffod,2016-05-12T10:30:00Z,1,0",
    "good,2016-05-12T10:45:00Z,2,0",
)
EXPECTED = [
    (3, Obstacle.DUPLICATE),
    (4, Obstacle.NEGATIVE_AMOUNT),
    (5, Obstacle.UNKNOWN_METER),
    (6, Obstacle.METER_UNVERIFIED),
    (7, Obstacle.NO_WALLET),
    (8, Obstacle.IN_FUTURE),
    (9, Obstacle.TOO_OLD),
    (10, Obstacle.AMOUNT_ABOVE_LIMIT),
    (11, Obstacle.MALFORMED),
]


async def test_each_bad_line_is_named_and_the_rest_goes_in(pool: Pool, tmp_path: Path) -> None:
    await prepare(pool)
    report = await import_file(pool, file(tmp_path, *MIXED), CONFIG)
    assert [(problem.line, problem.obstacle) for problem in report.problems] == EXPECTED
    assert all(problem.detail for problem in report.problems)
    assert (report.lines, report.stored, report.parked, report.refused) == (11, 4, 2, 7)
    assert report.exit_code == 1
    rows = await pool.fetch(
        "SELECT m.meter_serial, r.blockchain_status, r.status_reason FROM meter_readings r "
        'JOIN meter_registry m ON m.id = r.meter_id ORDER BY 1, r."timestamp"'
    )
    assert [tuple(row) for row in rows] == [
        ("good", "pending", None),
        ("good", "pending", None),
        ("new", "parked", "meter_unverified"),
        ("poor", "parked", "no_wallet"),
    ]


async def test_the_same_file_twice_stores_nothing_twice(pool: Pool, tmp_path: Path) -> None:
    await prepare(pool)
    path = file(tmp_path, "good,2016-05-12T10:00:00Z,1,0.25", "new,2016-05-12T10:00:00Z,1,0")
    first = await import_file(pool, path, CONFIG)
    assert (first.stored, first.parked, first.refused) == (2, 1, 0)
    second = await import_file(pool, path, CONFIG)
    assert (second.stored, second.by_obstacle) == (0, {Obstacle.DUPLICATE: 2})
    assert await pool.fetchval("SELECT count(*) FROM meter_readings") == 2


async def test_a_dry_run_says_the_same_and_stores_nothing(pool: Pool, tmp_path: Path) -> None:
    await prepare(pool)
    report = await import_file(pool, file(tmp_path, *MIXED), CONFIG, dry_run=True)
    assert [(problem.line, problem.obstacle) for problem in report.problems] == EXPECTED
    assert report.stored == 4
    assert await pool.fetchval("SELECT count(*) FROM meter_readings") == 0


async def test_a_clean_file_exits_0(pool: Pool, tmp_path: Path) -> None:
    await prepare(pool)
    report = await import_file(pool, file(tmp_path, "good,2016-05-12T10:00:00Z,1,0"), CONFIG)
    assert (report.exit_code, report.stored, report.problems) == (0, 1, [])


async def test_files_that_are_none_are_usage_errors(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        await import_file(pool, tmp_path / "missing.csv", CONFIG)
    with pytest.raises(UsageError, match="is not that of a readings file"):
        await import_file(pool, file(tmp_path, header="a,b\n"), CONFIG)
    # The connection that refused the file is as good as before.
    await prepare(pool)
    assert (await import_file(pool, file(tmp_path, "good,2016-05-12T10:00:00Z,1,0"), CONFIG)).stored == 1


async def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle(pool: Pool, tmp_path: Path) -> None:
    await prepare(pool)
    path = tmp_path / "windows.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + (HEADER + "good,2016-05-12T10:00:00Z,1,0\n").replace("\n", "\r\n").encode()
    )
    assert (await import_file(pool, path, CONFIG)).stored == 1
