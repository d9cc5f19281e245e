"""Alive, ready, status and metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from gridtokenx_indexer.api.schemas import Health, Readiness

ReadinessProbe: TypeAlias = Callable[[], Awaitable[Readiness]]
StatusReader: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
MetricsReader: TypeAlias = Callable[[], Awaitable[bytes]]

_METRICS_TYPE = "text/plain; version=0.0.4"


@get(["/healthz", "/health"], summary="Alive", tags=["operation"])
async def healthz() -> Health:
    """200 while the process serves requests; says nothing about the database or the chain."""
    return Health(status="ok")


@get(["/readyz", "/ready"], summary="Ready", tags=["operation"])
async def readyz(readiness: NamedDependency[SkipValidation[ReadinessProbe]]) -> Response[Readiness]:
    """200 when the index is caught up, 503 with the reasons when it is not."""
    answer = await readiness()
    return Response(answer, status_code=200 if answer.ready else 503)


@get("/status", summary="Where everything stands", tags=["operation"])
async def status(status_reader: NamedDependency[SkipValidation[StatusReader]]) -> dict[str, Any]:
    """Index frontier, queues, epochs, attempts, balances of the signing keys, versions."""
    return await status_reader()


@get("/metrics", summary="Prometheus metrics", tags=["operation"], media_type="text/plain")
async def metrics(metrics_reader: NamedDependency[SkipValidation[MetricsReader]]) -> Response[bytes]:
    """The text format of Prometheus."""
    return Response(await metrics_reader(), media_type=_METRICS_TYPE)
