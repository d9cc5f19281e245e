"""JSON-RPC envelopes: from request bytes to answer bytes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import msgspec

from gridtokenx_indexer.localnet.errors import (
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    RpcError,
    invalid_request,
)
from gridtokenx_indexer.localnet.rpc import (
    accounts,
    admin,
    airdrop,
    blocks,
    cluster,
    fees,
    history,
    send,
    simulate,
    slots,
    tokens,
)
from gridtokenx_indexer.localnet.rpc.context import NodeContext
from gridtokenx_indexer.localnet.rpc.params import U64_MAX

Handler = Callable[[NodeContext, object], object]
ENVELOPE_MEMBERS = frozenset({"jsonrpc", "id", "method", "params"})
METHODS: Mapping[str, Handler] = {
    **slots.METHODS,
    **cluster.METHODS,
    **blocks.METHODS,
    **history.METHODS,
    **accounts.METHODS,
    **tokens.METHODS,
    **fees.METHODS,
    **send.METHODS,
    **simulate.METHODS,
    **airdrop.METHODS,
    **admin.METHODS,
}
logger = logging.getLogger("gridtokenx.localnet.rpc")


class Request(msgspec.Struct, frozen=True):
    method: str
    params: object
    id: object
    is_notification: bool


def error_answer(error: RpcError, request_id: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "error": error.as_object(), "id": request_id}


def decode_body(body: bytes) -> object:
    """The JSON value of a request body, an object or a list of objects; raises `RpcError` -32700."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RpcError(PARSE_ERROR, "Parse error") from None
    members = value if isinstance(value, list) else [value]
    for member in members:
        if not isinstance(member, dict) or ("id" in member and not _is_id(member["id"])):
            raise RpcError(PARSE_ERROR, "Parse error")
    return value


def _is_id(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return value is None or isinstance(value, str) or (isinstance(value, int) and 0 <= value <= U64_MAX)


def read_request(member: Mapping[str, object]) -> Request:
    """Raises `RpcError` -32600 for an envelope that is not JSON-RPC 2.0."""
    method = member.get("method")
    version = member.get("jsonrpc")
    if not isinstance(method, str) or not ENVELOPE_MEMBERS.issuperset(member):
        raise invalid_request()
    if "jsonrpc" not in member:
        raise RpcError(INVALID_REQUEST, "Unsupported JSON-RPC protocol version")
    if version != "2.0":
        raise invalid_request()
    params = member.get("params")
    if params is not None and not isinstance(params, list | dict):
        raise invalid_request()
    return Request(method, params, member.get("id"), "id" not in member)


def answer_member(
    member: Mapping[str, object], call: Callable[[Request], object]
) -> dict[str, object] | None:
    """The answer to one request object; None for a notification."""
    try:
        request = read_request(member)
    except RpcError as error:
        answer = error_answer(error, member.get("id"))
        if "jsonrpc" not in member and error.message != "Invalid request":
            del answer["jsonrpc"]
        return answer
    try:
        result = call(request)
    except RpcError as error:
        return None if request.is_notification else error_answer(error, request.id)
    return None if request.is_notification else {"jsonrpc": "2.0", "result": result, "id": request.id}


class Dispatcher:
    """Answers HTTP bodies."""

    def __init__(self, node: NodeContext) -> None:
        self._node = node
        self._encoder = msgspec.json.Encoder()

    def call(self, request: Request) -> object:
        failure = self._node.validator.faults.take_return_code(request.method)
        if failure is not None:
            raise RpcError(failure.code, failure.message)
        handler = METHODS.get(request.method)
        if handler is None:
            raise RpcError(METHOD_NOT_FOUND, "Method not found")
        return handler(self._node, request.params)

    def answer(self, value: object) -> bytes:
        """The answer to a decoded body; empty when there is nothing to say."""
        if isinstance(value, list):
            answers = [answer for member in value if (answer := answer_member(member, self.call))]
            return self._encoder.encode(answers) if answers else b""
        assert isinstance(value, dict)
        answer = answer_member(value, self.call)
        return self._encoder.encode(answer) if answer else b""

    def encode(self, answer: object) -> bytes:
        return self._encoder.encode(answer)
