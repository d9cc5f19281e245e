"""Errors of the transaction engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridtokenx_indexer.domain.errors import ParkError, RetryableError, StopError

if TYPE_CHECKING:
    from gridtokenx_indexer.tx.outcome import ClosedAttempt


class LeaseLostError(RetryableError):
    """Another worker holds the lease: stop before the next write or send."""


class OperationInFlightError(RetryableError):
    """A live attempt already holds one of the operations; wait for its end."""


class IndexBehindError(RetryableError):
    """Our index holds no finalized block that is fresh enough to sign under."""


class SignerNotWatchedError(IndexBehindError):
    """The index does not, or not yet, keep every transaction of a key, so absence would prove nothing."""


class TransactionTooLargeError(ParkError):
    """The instructions do not fit one transaction."""


class SignerError(StopError):
    """A signing key is missing, unreadable, exposed or malformed."""


class HandlerRefusedError(ParkError):
    """An outcome handler could not make sense of one of `attempts`."""

    def __init__(self, message: str, attempts: Sequence[ClosedAttempt]) -> None:
        super().__init__(message)
        self.attempts = tuple(attempts)
