"""JSON-RPC over HTTP: verbs, content types, faults of the transport."""

from __future__ import annotations

import asyncio
import logging

from gridtokenx_indexer.localnet.errors import RpcError
from gridtokenx_indexer.localnet.faults import Faults
from gridtokenx_indexer.localnet.rpc.context import NodeContext
from gridtokenx_indexer.localnet.rpc.dispatch import Dispatcher, decode_body, error_answer
from gridtokenx_indexer.localnet.server.http import TEXT, HttpConnection, HttpRequest, HttpResponse

ADMIN_PREFIX = "localnet_"
WRONG_METHOD = b"Used HTTP Method is not allowed. POST or OPTIONS is required\n"
WRONG_CONTENT = b"Supplied content type is not allowed. Content-Type: application/json is required\n"
logger = logging.getLogger("gridtokenx.localnet.http")


class RpcHttpServer:
    """Owns the listening socket and the requests that a frozen endpoint keeps waiting."""

    def __init__(self, node: NodeContext) -> None:
        self._node = node
        self._dispatcher = Dispatcher(node)
        self._connections: set[HttpConnection] = set()
        self._frozen: list[tuple[HttpRequest, HttpConnection]] = []
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port. Raises OSError when it is taken."""
        loop = asyncio.get_running_loop()
        limit = self._node.config.max_body_bytes
        self._server = await loop.create_server(
            lambda: HttpConnection(self._answer, limit, self._connections), host, port, backlog=512
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for connection in list(self._connections):
                connection.drop()
            await self._server.wait_closed()
            self._server = None

    def thaw(self) -> None:
        """Answer what waited, unless the endpoint is still frozen."""
        if self._frozen and not self._faults.freeze_http:
            waiting, self._frozen = self._frozen, []
            for request, connection in waiting:
                response = self._answer(request, connection)
                if response is not None:
                    connection.reply(request, response)

    @property
    def _faults(self) -> Faults:
        return self._node.validator.faults

    def _answer(self, request: HttpRequest, connection: HttpConnection) -> HttpResponse | None:
        if request.method == "GET" and request.path == "/health":
            return HttpResponse(200, b"ok", None)
        if request.method == "OPTIONS":
            return HttpResponse(200, b"", headers=_cors_headers(request))
        if request.method != "POST":
            return HttpResponse(405, WRONG_METHOD, TEXT)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return HttpResponse(415, WRONG_CONTENT, TEXT)
        try:
            value = decode_body(request.body)
        except RpcError as error:
            return HttpResponse(200, self._dispatcher.encode(error_answer(error, None)) + b"\n")
        method = _method_of(value)
        if method is None or not method.startswith(ADMIN_PREFIX):
            if self._faults.freeze_http:
                self._frozen.append((request, connection))
                return None
            limited = self._faults.take_rate_limit(method)
            if limited is not None:
                retry_after = ("retry-after", str(limited.retry_after_s))
                return HttpResponse(429, b"Too many requests\n", TEXT, (retry_after,))
        answer = self._dispatcher.answer(value)
        if method is not None and self._faults.take_lost_reply(method):
            connection.drop()
            return None
        self.thaw()
        return HttpResponse(200, answer and answer + b"\n")


def _cors_headers(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    allowed = (("allow", "OPTIONS, POST"), ("accept", "application/json"))
    origin = request.headers.get("origin")
    if origin is None:
        return allowed
    return (
        *allowed,
        ("vary", "origin"),
        ("access-control-allow-methods", "OPTIONS, POST"),
        ("access-control-allow-origin", origin),
        ("access-control-max-age", "86400"),
    )


def _method_of(value: object) -> str | None:
    """The method of a single request; None for batches."""
    method = value.get("method") if isinstance(value, dict) else None
    return method if isinstance(method, str) else None
