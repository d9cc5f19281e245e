"""The words of `minting_retry_queue.status` and `.error_class`."""

from __future__ import annotations

from enum import StrEnum


class OperationStatus(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DONE = "done"
    NO_SURPLUS = "no_surplus"
    PARKED = "parked"
    REJECTED = "rejected"
    REVIEW = "review"


class ErrorClass(StrEnum):
    TRANSIENT = "transient"
    EXPIRED = "expired"
    BATCH = "batch"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"
    OPERATOR = "operator"
