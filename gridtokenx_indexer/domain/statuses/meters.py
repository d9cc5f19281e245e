"""Meters and their readings."""

from __future__ import annotations

from enum import StrEnum


class MeterVerification(StrEnum):
    """Whether a meter may mint."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"
    SUSPENDED = "suspended"


class ReadingStatus(StrEnum):
    """How far a reading has come towards the chain."""

    PENDING = "pending"
    QUEUED = "queued"
    MINTING = "minting"
    MINTED = "minted"
    NO_SURPLUS = "no_surplus"
    PARKED = "parked"
    REJECTED = "rejected"
    REVIEW = "review"
