"""Assets and their revenue."""

from __future__ import annotations

from enum import StrEnum


class AssetStatus(StrEnum):
    """State of an asset."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class DistributionStatus(StrEnum):
    """State of a distribution of revenue; distributed is final."""

    PENDING = "pending"
    CALCULATED = "calculated"
    DISTRIBUTED = "distributed"
    FAILED = "failed"


class PayoutStatus(StrEnum):
    """State of one holder's share; paid is final."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
