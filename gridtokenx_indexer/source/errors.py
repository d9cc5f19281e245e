"""What a node's answer means for the caller.

RetryableError
└── RpcRetryableError             the same call may succeed later
    ├── EndpointError             no usable answer: network, HTTP status, rate limit, node behind
    ├── BlockNotAvailableError    -32004: not there yet, or skipped and not yet behind the finalized root
    ├── SlotSkippedError          -32007 / -32009: skipped, or lost by this node: never a proof of a skip
    ├── BlockCleanedUpError       -32001: older than the node's ledger
    └── UnsupportedVersionError   -32015: a transaction version this release does not know
ParkError
└── RpcRequestError               the node refuses this request as it stands
    └── TransactionRefusedError   sendTransaction was refused; proves nothing about the transaction
"""

from __future__ import annotations

from gridtokenx_indexer.domain.errors import ParkError, RetryableError


class RpcRetryableError(RetryableError):
    """Base of the answers that may be different later; `code` is the JSON-RPC code, if there was one."""

    code: int | None = None


class EndpointError(RpcRetryableError):
    """No usable answer from one endpoint; `retry_after_ms` when the endpoint named a pause."""

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        retry_after_ms: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.code = code
        self.retry_after_ms = retry_after_ms


class BlockNotAvailableError(RpcRetryableError):
    code = -32004


class SlotSkippedError(RpcRetryableError):
    code = -32007


class BlockCleanedUpError(RpcRetryableError):
    code = -32001


class UnsupportedVersionError(RpcRetryableError):
    code = -32015


class RpcRequestError(ParkError):
    """The node understood the request and refuses it; `code` and `data` as the node gave them."""

    def __init__(self, message: str, *, code: int, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class TransactionRefusedError(RpcRequestError):
    """Preflight or sanitising failed. The same bytes may still land through an earlier send.

    `transaction_error` is the chain's error value (`{"InstructionError": [0, {"Custom": 1}]}`) when given.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int,
        data: object = None,
        transaction_error: object = None,
        logs: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, code=code, data=data)
        self.transaction_error = transaction_error
        self.logs = logs
