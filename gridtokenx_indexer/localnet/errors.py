"""JSON-RPC errors with the codes and messages of a real node."""

from __future__ import annotations

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
BLOCK_CLEANED_UP = -32001
PREFLIGHT_FAILURE = -32002
BLOCK_NOT_AVAILABLE = -32004
NODE_UNHEALTHY = -32005
SLOT_SKIPPED = -32007
NO_SNAPSHOT = -32008
UNSUPPORTED_VERSION = -32015
MIN_CONTEXT_SLOT = -32016
CURSOR_NOT_FOUND = -32020


class RpcError(Exception):
    """An error object of a JSON-RPC answer; `data` is left out of the answer when None."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def as_object(self) -> dict[str, object]:
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.data is not None:
            body["data"] = self.data
        return body


def invalid_params(message: str, data: object = None) -> RpcError:
    return RpcError(INVALID_PARAMS, message, data)


def invalid_request() -> RpcError:
    return RpcError(INVALID_REQUEST, "Invalid request")


def block_not_available(slot: int) -> RpcError:
    return RpcError(BLOCK_NOT_AVAILABLE, f"Block not available for slot {slot}")


def slot_skipped(slot: int) -> RpcError:
    return RpcError(
        SLOT_SKIPPED, f"Slot {slot} was skipped, or missing due to ledger jump to recent snapshot"
    )


def block_cleaned_up(slot: int, first_available: int) -> RpcError:
    return RpcError(
        BLOCK_CLEANED_UP,
        f"Block {slot} cleaned up, does not exist on node. First available block: {first_available}",
    )


def unsupported_version(version: int) -> RpcError:
    return RpcError(
        UNSUPPORTED_VERSION,
        f"Transaction version ({version}) is not supported by the requesting client. "
        "Please try the request again with the following configuration parameter: "
        f'"maxSupportedTransactionVersion": {version}',
    )


def min_context_slot(context_slot: int) -> RpcError:
    return RpcError(
        MIN_CONTEXT_SLOT, "Minimum context slot has not been reached", {"contextSlot": context_slot}
    )


def commitment_too_low() -> RpcError:
    return invalid_params("Method does not support commitment below `confirmed`")
