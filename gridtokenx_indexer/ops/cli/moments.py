"""Moments and ranges of time as options."""

from __future__ import annotations

from datetime import UTC, datetime

from gridtokenx_indexer.domain.errors import UsageError


def moment(option: str, text: str) -> datetime:
    """An RFC 3339 time, or a date for its midnight in UTC; raises `UsageError` for anything else."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r} is not a time", remedy="give 2026-01-31 or 2026-01-31T12:30:00Z"
        ) from error
    if parsed.tzinfo is not None:
        return parsed.astimezone(UTC)
    if len(text) > len("2026-01-31"):
        raise UsageError(f"{option} {text!r} names no time zone", remedy="end it with Z for UTC")
    return parsed.replace(tzinfo=UTC)


def time_range(start: str | None, end: str | None) -> tuple[datetime, datetime] | None:
    """The range of `--from` and `--to`, which ends now without the latter; None when neither is given."""
    if start is None:
        if end is not None:
            raise UsageError("--to needs --from", remedy="say where the range begins")
        return None
    first = moment("--from", start)
    last = moment("--to", end) if end is not None else datetime.now(UTC)
    if first >= last:
        raise UsageError(
            f"--from {first:%Y-%m-%dT%H:%M:%SZ} is not before --to {last:%Y-%m-%dT%H:%M:%SZ}",
            remedy="swap them, or leave --to out for now",
        )
    return first, last
