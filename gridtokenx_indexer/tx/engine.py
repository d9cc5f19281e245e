"""The engine's parts, put together once per process."""

from __future__ import annotations

from gridtokenx_indexer.tx.broadcaster import Broadcaster
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.errors import (
    IndexBehindError,
    LeaseLostError,
    OperationInFlightError,
    SignerError,
    TransactionTooLargeError,
)
from gridtokenx_indexer.tx.outcome import ClosedAttempt, FinalizedEvent, OutcomeHandler, Verdict
from gridtokenx_indexer.tx.plan import AttemptPlan, RecentBlockhash, SignedAttempt
from gridtokenx_indexer.tx.resolver import Resolver
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import KeypairSigner, KeyRing, Role, Signer
from gridtokenx_indexer.tx.writer import AttemptWriter

__all__ = [
    "AttemptPlan",
    "AttemptSender",
    "AttemptWriter",
    "Broadcaster",
    "ClosedAttempt",
    "FinalizedEvent",
    "IndexBehindError",
    "KeyRing",
    "KeypairSigner",
    "LeaseLostError",
    "OperationInFlightError",
    "OutcomeHandler",
    "RecentBlockhash",
    "Resolver",
    "Role",
    "SignedAttempt",
    "Signer",
    "SignerError",
    "TransactionTooLargeError",
    "TxConfig",
    "Verdict",
]
