"""One JSON-RPC call over HTTP: endpoint choice, retries, counters, error mapping."""

from __future__ import annotations

import time
from collections import Counter
from typing import TypeVar

import httpx
import msgspec
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from gridtokenx_indexer.domain.errors import GridTokenXError
from gridtokenx_indexer.source.answer_errors import error_for, error_for_status
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.endpoints import Endpoint, EndpointPool
from gridtokenx_indexer.source.errors import EndpointError
from gridtokenx_indexer.source.wire import Envelope

T = TypeVar("T")

_UNREACHABLE = "check SOLANA_RPC_URL and that the node is up"
_HEADERS = {"Content-Type": "application/json"}
_envelope = msgspec.json.Decoder(Envelope)
_encode = msgspec.json.Encoder().encode


class RpcTransport:
    """Shared by every view of one client. `counters` counts calls by (endpoint label, method, outcome)."""

    def __init__(self, config: RpcConfig, http_transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._config = config
        self.pool = EndpointPool(config)
        self.counters: Counter[tuple[str, str, str]] = Counter()
        self._http = httpx.AsyncClient(
            transport=http_transport,
            timeout=config.timeout_ms / 1000,
            limits=httpx.Limits(
                max_connections=config.max_connections, max_keepalive_connections=config.max_connections
            ),
            trust_env=False,
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def call(
        self, method: str, params: list[object], answer: msgspec.json.Decoder[T], pin: Endpoint | None
    ) -> T:
        """The decoded `result`. Endpoint trouble is retried, on `pin` alone when given.

        Raises members of the error tree; see `source.errors`.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(EndpointError),
            stop=stop_after_attempt(self._config.attempts),
            wait=wait_exponential(
                multiplier=self._config.backoff_ms / 1000, max=self._config.backoff_max_ms / 1000
            )
            + wait_random(0, self._config.backoff_ms / 1000),
            reraise=True,
        ):
            with attempt:
                return await self._once(method, params, answer, pin)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _once(
        self, method: str, params: list[object], answer: msgspec.json.Decoder[T], pin: Endpoint | None
    ) -> T:
        endpoint = pin or self.pool.choose(_now_ms())
        blocked_ms = endpoint.blocked_until_ms - _now_ms()
        if blocked_ms > 0:
            raise EndpointError(f"{method}: {endpoint.label} asked for a pause", retry_after_ms=blocked_ms)
        try:
            result = await self._post(endpoint, method, params, answer)
        except EndpointError as error:
            self.pool.failed(endpoint, _now_ms(), error.retry_after_ms)
            raise
        except GridTokenXError:
            # The node did answer; what it says about the request is no fault of the endpoint.
            self.pool.succeeded(endpoint)
            raise
        self.pool.succeeded(endpoint)
        return result

    async def _post(
        self, endpoint: Endpoint, method: str, params: list[object], answer: msgspec.json.Decoder[T]
    ) -> T:
        body = _encode({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        try:
            response = await self._http.post(endpoint.url, content=body, headers=_HEADERS)
        except httpx.TimeoutException as error:
            self._count(endpoint, method, "timeout")
            raise EndpointError(
                f"{method}: {endpoint.label} gave no answer in time", remedy=_UNREACHABLE
            ) from error
        except httpx.HTTPError as error:
            self._count(endpoint, method, "network")
            raise EndpointError(
                f"{method}: {endpoint.label}: {type(error).__name__}", remedy=_UNREACHABLE
            ) from error
        if response.status_code != 200:
            self._count(endpoint, method, f"http_{response.status_code}")
            raise error_for_status(method, response.status_code, response.headers.get("Retry-After"))
        try:
            envelope = _envelope.decode(response.content)
            if envelope.error is None and envelope.result is not msgspec.UNSET:
                result = answer.decode(envelope.result)
                self._count(endpoint, method, "ok")
                return result
        except msgspec.DecodeError as error:
            self._count(endpoint, method, "malformed")
            raise EndpointError(f"{method}: unreadable answer from {endpoint.label}: {error}") from error
        if envelope.error is None:
            self._count(endpoint, method, "malformed")
            raise EndpointError(f"{method}: {endpoint.label} answered neither result nor error")
        mapped = error_for(method, envelope.error)
        self._count(endpoint, method, f"error_{envelope.error.code}")
        raise mapped

    def _count(self, endpoint: Endpoint, method: str, outcome: str) -> None:
        self.counters[endpoint.label, method, outcome] += 1


def _now_ms() -> int:
    return int(time.monotonic() * 1000)
