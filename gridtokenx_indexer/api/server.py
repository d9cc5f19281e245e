"""The API as a service of the daemon."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from gridtokenx_indexer.api.config import ApiConfig
from gridtokenx_indexer.api.head import HeadAsGet
from gridtokenx_indexer.domain.errors import StopError

log = logging.getLogger(__name__)

_MOST_CONNECTIONS = 512
"""Beyond it requests get 503: slow clients must not use up the files that other connections need."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the supervisor."""
        yield


class ApiServer:
    """Serves `app` until told to stop; requests under way are answered first."""

    name = "api"

    def __init__(self, app: Any, config: ApiConfig) -> None:
        self._app = app
        self._config = config
        self.listening = asyncio.Event()
        self.port = 0

    async def run(self, stop: asyncio.Event) -> None:
        listener = self._bind()
        server = _Server(
            uvicorn.Config(
                HeadAsGet(self._app),
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=10,
                server_header=False,
                limit_concurrency=_MOST_CONNECTIONS,
            )
        )
        host, self.port = listener.getsockname()[:2]
        log.info("api_listening", extra={"url": f"http://{host}:{self.port}"})
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(stop.wait())
        self.listening.set()
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            server.should_exit = True
            await serving
            listener.close()

    def _bind(self) -> socket.socket:
        host, port = self._config.address()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            return socket.create_server((host, port), family=family, backlog=1024)
        except OSError as error:
            raise StopError(
                f"the API cannot listen on {self._config.listen}: {error.strerror or error}",
                remedy="free that port or set api.listen",
            ) from error
