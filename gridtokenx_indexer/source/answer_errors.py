"""JSON-RPC error objects and HTTP statuses as members of the error tree: pure."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.errors import GridTokenXError
from gridtokenx_indexer.source.errors import (
    BlockCleanedUpError,
    BlockNotAvailableError,
    EndpointError,
    RpcRequestError,
    SlotSkippedError,
    TransactionRefusedError,
    UnsupportedVersionError,
)
from gridtokenx_indexer.source.wire import RefusedTransactionData, RpcErrorObject

_REFUSALS_OF_TRANSACTIONS = frozenset({-32002, -32003, -32006, -32013, -32602})
_REFUSED_REQUESTS = frozenset({-32600, -32601, -32602, -32700, -32010, -32011, -32018, -32020})


def error_for(method: str, error: RpcErrorObject) -> GridTokenXError:
    """The exception for a JSON-RPC error object. A code that is not known here may be temporary."""
    text = f"{method}: {error.message} ({error.code})"
    if method == "sendTransaction" and error.code in _REFUSALS_OF_TRANSACTIONS:
        return _refused_transaction(text, error)
    match error.code:
        case -32004 | -32014:
            return BlockNotAvailableError(text)
        case -32007 | -32009:
            return SlotSkippedError(text)
        case -32001:
            return BlockCleanedUpError(
                text, remedy="use a node with a longer ledger or an archive endpoint for this range"
            )
        case -32015:
            return UnsupportedVersionError(
                text, remedy="update gridtokenx-indexer to a release that reads this transaction version"
            )
        case code if code in _REFUSED_REQUESTS:
            return RpcRequestError(text, code=code, data=_plain(error.data))
        case code:
            return EndpointError(text, code=code)


def error_for_status(method: str, status: int, retry_after: str | None) -> GridTokenXError:
    """The exception for an HTTP status other than 200. `retry_after` is the header, in seconds."""
    if status == 413:
        return RpcRequestError(f"{method}: request too large for the endpoint (HTTP 413)", code=413)
    remedy = "check the endpoint's key or plan" if status in (401, 402, 403) else None
    return EndpointError(
        f"{method}: HTTP {status}", code=status, retry_after_ms=_retry_after_ms(retry_after), remedy=remedy
    )


def _retry_after_ms(header: str | None) -> int | None:
    """Whole seconds only: the date form is as good as no header."""
    return int(header) * 1000 if header is not None and header.isdecimal() else None


def _refused_transaction(text: str, error: RpcErrorObject) -> TransactionRefusedError:
    try:
        data = msgspec.json.decode(error.data, type=RefusedTransactionData | None)
    except msgspec.ValidationError:
        data = None
    return TransactionRefusedError(
        text,
        code=error.code,
        data=_plain(error.data),
        transaction_error=data.err if data else None,
        logs=tuple(data.logs or ()) if data else (),
    )


def _plain(raw: msgspec.Raw) -> object:
    return msgspec.json.decode(raw)
