"""How long the market's services and statements may take."""

from __future__ import annotations

from datetime import datetime

from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, epoch_of, epoch_start
from gridtokenx_indexer.market.config import MarketConfig

LONG_STATEMENT_S = 3_600.0
"""Statements over a whole book may outlast the limit that the pool gives to all others."""
_LEASE_POLL_MS = 250
_PAST_THE_END_S = 0.02


def pause_s(config: MarketConfig, *, lease_held: bool) -> float:
    """Until the next look when nothing wakes the service; shorter while it waits for its lease."""
    pause_ms = config.poll_ms if lease_held else min(config.poll_ms, _LEASE_POLL_MS)
    return pause_ms / 1000


def until_epoch_end_s(market_now: datetime) -> float:
    """Real seconds to just past the end of the running epoch, unless the market clock is moved."""
    end = epoch_start(epoch_of(market_now)) + WINDOW_LENGTH
    return (end - market_now).total_seconds() + _PAST_THE_END_S
