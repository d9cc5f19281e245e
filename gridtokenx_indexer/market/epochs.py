"""The life of an epoch, and which epochs there should be. No I/O, no clock.

pending ── active ── clearing ──┬── cleared ──┬── settled
                                ├── settled   └── failed   (it had trades, none could be settled)
                                └── failed
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, epoch_of, epoch_start


class EpochStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    CLEARING = "clearing"
    CLEARED = "cleared"
    SETTLED = "settled"
    FAILED = "failed"


def wanted_epochs(
    market_now: datetime, last: EpochNumber | None, *, ahead: int, backfill: int
) -> list[EpochNumber]:
    """The running epoch, `ahead` more, and at most `backfill` that were missed since `last`."""
    running = epoch_start(epoch_of(market_now))
    start = running
    if last is not None:
        missed_from = epoch_start(last) + WINDOW_LENGTH
        start = min(running, max(missed_from, running - backfill * WINDOW_LENGTH))
    count = (running - start) // WINDOW_LENGTH + 1 + ahead
    return [epoch_of(start + at * WINDOW_LENGTH) for at in range(count)]
