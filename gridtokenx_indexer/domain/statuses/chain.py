"""Slots, transactions, programs."""

from __future__ import annotations

from enum import StrEnum


class SlotStatus(StrEnum):
    """What is known of a slot."""

    CONFIRMED = "confirmed"
    FINALIZED = "finalized"
    SKIPPED = "skipped"


class ChainTransactionStatus(StrEnum):
    """Outcome of a transaction on chain."""

    CONFIRMED = "confirmed"
    FAILED = "failed"


class LookupTableStatus(StrEnum):
    """Life of an address lookup table."""

    CREATING = "creating"
    ACTIVE = "active"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class PartitionKind(StrEnum):
    """What a partitioned table is cut by."""

    SLOT = "slot"
    WINDOW = "window"
    MONTH = "month"
    DAY = "day"
    HYPERTABLE = "hypertable"
    """TimescaleDB cuts it by itself."""


class PartitionMeasure(StrEnum):
    """What the numbers of a table cut by slot are."""

    SLOT = "slot"
    EPOCH = "epoch"


class ContractStatus(StrEnum):
    """State of a deployed program; destroyed is final."""

    ACTIVE = "active"
    PAUSED = "paused"
    DESTROYED = "destroyed"


class ExecutionStatus(StrEnum):
    """Outcome of a call."""

    SUCCESS = "success"
    FAILED = "failed"
    REVERTED = "reverted"
