"""Miners, their curtailment and what they hand to others."""

from __future__ import annotations

from enum import StrEnum


class MinerStatus(StrEnum):
    """State of a miner."""

    ACTIVE = "active"
    OFFLINE = "offline"
    MAINTENANCE = "maintenance"
    CURTAILED = "curtailed"


class MinerOperation(StrEnum):
    """What was done to a miner."""

    START = "start"
    SHUTDOWN = "shutdown"
    APPROVE = "approve"
    REJECT = "reject"


class CurtailmentType(StrEnum):
    """What a plan started from."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    AUTOMATIC = "automatic"


class CurtailmentStatus(StrEnum):
    """State of a plan; executed and cancelled are final."""

    PENDING = "pending"
    APPROVED = "approved"
    EXECUTING = "executing"
    EXECUTED = "executed"
    CANCELLED = "cancelled"


class OutboxStatus(StrEnum):
    """State of an event for other systems."""

    PENDING = "pending"
    PROCESSED = "processed"
    FAILED = "failed"
