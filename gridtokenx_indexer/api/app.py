"""The ASGI application: routes, their dependencies, errors, OpenAPI."""

from __future__ import annotations

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from gridtokenx_indexer.api.errors import on_any_error, on_http_error, on_own_error
from gridtokenx_indexer.api.etag import NotModifiedError, not_modified
from gridtokenx_indexer.api.proof_trees import ProofTrees
from gridtokenx_indexer.api.reading import Reader
from gridtokenx_indexer.api.requests import check_request
from gridtokenx_indexer.api.routes_balances import balances
from gridtokenx_indexer.api.routes_epochs import epoch, trade_proof
from gridtokenx_indexer.api.routes_events import events
from gridtokenx_indexer.api.routes_health import (
    MetricsReader,
    ReadinessProbe,
    StatusReader,
    healthz,
    metrics,
    readyz,
    status,
)
from gridtokenx_indexer.domain.errors import GridTokenXError


class ApiSources(msgspec.Struct, frozen=True, kw_only=True):
    """What the routes read from; the daemon provides it."""

    reader: Reader
    readiness: ReadinessProbe
    status: StatusReader
    metrics: MetricsReader
    version: str


def create_app(sources: ApiSources) -> Litestar:
    """The application over `sources`; OpenAPI 3.1 is served at `/openapi/openapi.json`."""
    trees = ProofTrees()
    return Litestar(
        before_request=check_request,
        route_handlers=[healthz, readyz, status, metrics, events, balances, epoch, trade_proof],
        dependencies={
            "reader": Provide(lambda: sources.reader, sync_to_thread=False),
            "trees": Provide(lambda: trees, sync_to_thread=False),
            "readiness": Provide(lambda: sources.readiness, sync_to_thread=False),
            "status_reader": Provide(lambda: sources.status, sync_to_thread=False),
            "metrics_reader": Provide(lambda: sources.metrics, sync_to_thread=False),
        },
        exception_handlers={
            HTTPException: on_http_error,
            NotModifiedError: not_modified,
            GridTokenXError: on_own_error,
            Exception: on_any_error,
        },
        openapi_config=OpenAPIConfig(
            title="GridTokenX indexer",
            version=sources.version,
            description="Indexed events, balances and market epochs. u64 and decimals are strings.",
            path="/openapi",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        logging_config=None,
        request_max_body_size=1024,
    )
