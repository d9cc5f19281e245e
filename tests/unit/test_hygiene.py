"""What every file of the project keeps to, whatever its language."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("gridtokenx_indexer", "tests", "sql", "programs", "docs", "deploy", ".ci")
WRITTEN = {".py", ".rs", ".sql", ".sh", ".md", ".toml", ".cpp"}
GENERATED = {"sql/schema.sql"}
LISTS = {"sql/grants.toml", "tests/support/rules.toml"}
"""One line per table or rule; splitting them would only hide what is missing."""
LONGEST = 500
MEDIAN = 150


@cache
def hand_written() -> tuple[Path, ...]:
    """Text files under version control, or all of them where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return tuple(
        path
        for path in paths
        if path.suffix in WRITTEN
        and path.is_file()
        and relative(path) not in GENERATED
        and "target" not in path.parts
    )


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long() -> None:
    too_long = {relative(path): lines(path) for path in hand_written() if lines(path) > LONGEST}
    assert {name: count for name, count in too_long.items() if name not in LISTS} == {}


def test_the_median_source_file_is_short() -> None:
    counts = sorted(lines(path) for path in hand_written() if path.suffix == ".py")
    assert counts[len(counts) // 2] < MEDIAN


@pytest.mark.parametrize(
    "pattern",
    [
        r"/(root|work|home/[a-z]+)/[a-z]",
        r"https?://[^\s\"')]*@",
        r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
        r"-----BEGIN [A-Z ]*PRIVATE KEY",
    ],
)
def test_no_file_holds(pattern: str) -> None:
    """Paths of one machine, passwords in addresses, unfinished business, keys."""
    found = [
        relative(path) for path in hand_written() if re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_text_has_unix_line_ends() -> None:
    assert [relative(path) for path in hand_written() if b"\r\n" in path.read_bytes()] == []
