"""Payments of members."""

from __future__ import annotations

from enum import StrEnum


class PaymentType(StrEnum):
    """Kind of payment."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER = "transfer"
    VOTE = "vote"


class PaymentStatus(StrEnum):
    """State of a payment; confirmed and failed are final."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    FAILED = "failed"
