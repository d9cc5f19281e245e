"""Query files are split by name, and what is malformed is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.queries import load, parse

TWO = """-- name: first
-- Why the first exists.
SELECT 1;

-- name: second
-- Why the second exists.
SELECT '-- name: no';
"""


def test_statements_are_found_by_name_and_carry_it() -> None:
    queries = parse("x.sql", TWO)
    assert list(queries) == ["first", "second"]
    assert queries["first"] == "-- first\nSELECT 1;"
    assert queries["second"].endswith("SELECT '-- name: no';")


def test_missing_name_names_the_file() -> None:
    with pytest.raises(KeyError, match=r"x.sql has no statement named third"):
        parse("x.sql", TWO)["third"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1;\n" + TWO, "text before its first statement"),
        (TWO + TWO, "defines first twice"),
        ("-- name: bare\nSELECT 1;", "bare needs a why"),
        ("-- name: empty\n-- Why.\n", "empty needs a why"),
    ],
)
def test_malformed_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(StopError, match=message):
        parse("x.sql", text)


def test_unknown_area_is_refused() -> None:
    with pytest.raises(StopError, match=r"sql/queries/nothing.sql is missing"):
        load("nothing")


@pytest.mark.parametrize("path", sorted(resource("sql/queries").glob("*.sql")), ids=lambda path: path.stem)
def test_every_shipped_file_is_well_formed(path: Path) -> None:
    assert len(load(path.stem)) > 0
