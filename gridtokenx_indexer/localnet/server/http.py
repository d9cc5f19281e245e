"""HTTP/1.1 as far as JSON-RPC clients need it, with the transport errors of the real node."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

MAX_HEADER_BYTES = 64 * 1024
ADMIN_PATH = "/localnet"
MAX_ADMIN_BODY_BYTES = 32 * 1024 * 1024
REASONS = {
    200: "OK",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
}
JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


class HttpRequest(msgspec.Struct, frozen=True):
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def keeps_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


class HttpResponse(msgspec.Struct, frozen=True):
    status: int
    body: bytes
    content_type: str | None = JSON
    headers: tuple[tuple[str, str], ...] = ()


def encode_response(response: HttpResponse, *, keep_alive: bool) -> bytes:
    head = [f"HTTP/1.1 {response.status} {REASONS[response.status]}"]
    if response.content_type is not None:
        head.append(f"content-type: {response.content_type}")
    head.append(f"content-length: {len(response.body)}")
    head.extend(f"{name}: {value}" for name, value in response.headers)
    if not keep_alive:
        head.append("connection: close")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + response.body


Answer = Callable[[HttpRequest, "HttpConnection"], HttpResponse | None]


class HttpConnection(asyncio.Protocol):
    """One client connection. `answer` returns None when it will call `reply` or `drop` later."""

    def __init__(self, answer: Answer, max_body_bytes: int, connections: set[HttpConnection]) -> None:
        self._answer = answer
        self._max_body_bytes = max_body_bytes
        self._connections = connections
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: HttpRequest | None = None
        self._continued = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._serve()

    def drop(self) -> None:
        """Close without an answer."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def reply(self, request: HttpRequest, response: HttpResponse) -> None:
        if self._transport is None:
            return
        self._transport.write(encode_response(response, keep_alive=request.keeps_alive))
        self._waiting = None
        if not request.keeps_alive:
            self._transport.close()
        else:
            self._serve()

    def _serve(self) -> None:
        while self._waiting is None and self._transport is not None and not self._transport.is_closing():
            request = self._next_request()
            if request is None:
                return
            self._waiting = request
            response = self._answer(request, self)
            if response is None:
                return
            self._waiting = None
            self._transport.write(encode_response(response, keep_alive=request.keeps_alive))
            if not request.keeps_alive:
                self._transport.close()

    def _next_request(self) -> HttpRequest | None:
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            if len(self._buffer) > MAX_HEADER_BYTES:
                self._refuse(431, "request header fields too large")
            return None
        lines = self._buffer[:head_end].decode("latin-1").split("\r\n")
        method, _, rest = lines[0].partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if "transfer-encoding" in headers:
            self._refuse(411, "a content-length is required")
            return None
        text = headers.get("content-length", "0")
        size = int(text) if text.isdigit() else 0
        if size > (MAX_ADMIN_BODY_BYTES if path == ADMIN_PATH else self._max_body_bytes):
            self._refuse(413, "request body size exceeds allowed maximum")
            return None
        body_start = head_end + 4
        if len(self._buffer) < body_start + size:
            if headers.get("expect", "").lower() == "100-continue" and not self._continued:
                self._continued = True
                assert self._transport is not None
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        self._continued = False
        body = bytes(self._buffer[body_start : body_start + size])
        del self._buffer[: body_start + size]
        return HttpRequest(method, path, headers, body)

    def _refuse(self, status: int, text: str) -> None:
        assert self._transport is not None
        self._transport.write(encode_response(HttpResponse(status, text.encode(), TEXT), keep_alive=False))
        self._transport.close()
