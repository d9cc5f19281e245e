"""The bitcoin market."""

from __future__ import annotations

from enum import StrEnum


class MarketSignal(StrEnum):
    """What the indicators say."""

    BUY = "BUY"
    SELL = "SELL"
    NEUTRAL = "NEUTRAL"
