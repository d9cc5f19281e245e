"""Mint windows and market epochs: both are 900 seconds, aligned to UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber, Window

WINDOW_SECONDS = 900
WINDOW_LENGTH = timedelta(seconds=WINDOW_SECONDS)


def window_of(moment: datetime) -> Window:
    """The window that contains `moment` (timezone-aware)."""
    return Window(int(moment.timestamp()) // WINDOW_SECONDS)


def window_start(window: Window) -> datetime:
    return datetime.fromtimestamp(window * WINDOW_SECONDS, UTC)


def window_end(window: Window) -> datetime:
    return window_start(window) + WINDOW_LENGTH


def epoch_of(moment: datetime) -> EpochNumber:
    """YYYYMMDDHHMM of the epoch that contains `moment` (timezone-aware)."""
    return EpochNumber(int(window_start(window_of(moment)).strftime("%Y%m%d%H%M")))


def epoch_start(epoch: EpochNumber) -> datetime:
    """The start of an epoch; raises `UsageError` for a number that names no epoch."""
    try:
        start = datetime.strptime(f"{epoch:012d}", "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageError(
            f"{epoch} is not an epoch number", remedy="give YYYYMMDDHHMM in UTC, such as 201605121215"
        ) from error
    if epoch_of(start) != epoch:
        raise UsageError(f"{epoch} does not start a 15-minute epoch", remedy="minutes are 00, 15, 30 or 45")
    return start


def epoch_end(epoch: EpochNumber) -> datetime:
    return epoch_start(epoch) + WINDOW_LENGTH
