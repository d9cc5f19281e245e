"""HEAD: the headers of the GET answer without its body."""

from __future__ import annotations

from typing import Any


class HeadAsGet:
    """An ASGI application that answers HEAD as GET; the server below sends no body to HEAD."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Any) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)
