"""Orders, matches, settlements, trades."""

from __future__ import annotations

from enum import StrEnum


class OrderStatus(StrEnum):
    """State of an order."""

    PENDING = "pending"
    ACTIVE = "active"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class TimeInForce(StrEnum):
    """How long an order stays."""

    GTC = "gtc"
    EPOCH = "epoch"


class MatchStatus(StrEnum):
    """State of a match; netted ones settle nothing."""

    PENDING = "pending"
    SETTLED = "settled"
    FAILED = "failed"
    NETTED = "netted"


class SettlementStatus(StrEnum):
    """State of a settlement; completed is final."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class TradeStatus(StrEnum):
    """State of a trade of the grid; settled is final."""

    PENDING = "pending"
    SETTLED = "settled"
    FAILED = "failed"


class ZoneStatus(StrEnum):
    """State of one zone of a cleared epoch."""

    CLEARED = "cleared"
    SETTLED = "settled"
    FAILED = "failed"


class PartStatus(StrEnum):
    """State of one settlement account on chain."""

    PENDING = "pending"
    OPEN = "open"
    SETTLED = "settled"
    CLOSED = "closed"
    FAILED = "failed"


class LeafState(StrEnum):
    """State of one published trade."""

    PENDING = "pending"
    SETTLED = "settled"
    FAILED = "failed"
    REVIEW = "review"
