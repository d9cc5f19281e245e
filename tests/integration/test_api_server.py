"""The API on a real socket, as a service."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from gridtokenx_indexer.api.app import ApiSources, create_app
from gridtokenx_indexer.api.config import ApiConfig
from gridtokenx_indexer.api.reading import Reader
from gridtokenx_indexer.api.schemas import Readiness
from gridtokenx_indexer.api.server import ApiServer
from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.pool import Pool


async def ready() -> Readiness:
    return Readiness(ready=True, reasons=[], lag_slots=0)


async def nothing() -> dict[str, object]:
    return {}


async def no_metrics() -> bytes:
    return b""


def server(pool: Pool, listen: str) -> ApiServer:
    sources = ApiSources(
        reader=Reader(pool), readiness=ready, status=nothing, metrics=no_metrics, version="0"
    )
    return ApiServer(create_app(sources), ApiConfig(listen=listen))


async def test_it_serves_until_stopped(pool: Pool) -> None:
    serving = server(pool, "127.0.0.1:0")
    stop = asyncio.Event()
    task = asyncio.create_task(serving.run(stop))
    await asyncio.wait_for(serving.listening.wait(), 10)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving.port}") as client:
        assert (await client.get("/readyz")).json()["ready"] is True
        got = await client.get("/v1/events")
        assert got.status_code == 200
        head = await client.head("/v1/events")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == got.headers["etag"]
        assert (await client.head("/v1/balances/nobody")).status_code == 404
    stop.set()
    await asyncio.wait_for(task, 10)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", serving.port), timeout=1)


async def test_a_taken_port_stops_the_daemon_with_its_name(pool: Pool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StopError, match=f"127.0.0.1:{port}"):
            await server(pool, f"127.0.0.1:{port}").run(asyncio.Event())
