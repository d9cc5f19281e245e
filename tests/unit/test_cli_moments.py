from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.cli.moments import moment, time_range


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T12:30:00Z", datetime(2026, 1, 31, 12, 30, tzinfo=UTC)),
        ("2026-01-31T12:30:00+07:00", datetime(2026, 1, 31, 5, 30, tzinfo=UTC)),
    ],
)
def test_times_and_dates(text: str, expected: datetime) -> None:
    assert moment("--from", text) == expected


@pytest.mark.parametrize(
    ("text", "words"), [("noon", "is not a time"), ("2026-01-31T12:30:00", "names no time zone")]
)
def test_anything_else_is_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=f"--to '{text}' {words}"):
        moment("--to", text)


def test_ranges() -> None:
    assert time_range(None, None) is None
    assert time_range("2026-01-01", "2026-01-02") == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 2, tzinfo=UTC),
    )
    span = time_range("2026-01-01", None)
    assert span is not None
    assert span[1] > span[0]
    with pytest.raises(UsageError, match="--to needs --from"):
        time_range(None, "2026-01-02")
    with pytest.raises(UsageError, match="is not before --to"):
        time_range("2026-01-02", "2026-01-02")
