"""Which endpoint to ask next: pure, the caller brings the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.source.config import RpcConfig


@dataclass
class Endpoint:
    """One node. `label` has no path and no credentials, so that it may stand in logs and metrics."""

    url: str
    label: str
    failures_in_row: int = 0
    resting_until_ms: int = 0
    """Others are preferred until then."""
    blocked_until_ms: int = 0
    """The endpoint itself asked to be left alone until then."""


def parse_urls(text: str) -> tuple[str, ...]:
    """The endpoints of a comma list; raises `UsageError` for anything but http(s) URLs."""
    urls = tuple(part.strip() for part in text.split(",") if part.strip())
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                f"{parts.scheme or 'this'}:… is not an RPC endpoint",
                remedy="give http:// or https:// URLs, separated by commas",
            )
    if not urls:
        raise UsageError("no RPC endpoint given", remedy="set SOLANA_RPC_URL or [rpc] urls")
    return urls


def endpoint_label(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


class EndpointPool:
    """Endpoints in order of preference; one that failed rests for a growing time."""

    def __init__(self, config: RpcConfig) -> None:
        self._config = config
        self.endpoints: Sequence[Endpoint] = [Endpoint(url, endpoint_label(url)) for url in config.urls]
        if not self.endpoints:
            raise UsageError("no RPC endpoint given", remedy="set SOLANA_RPC_URL or [rpc] urls")

    def choose(self, now_ms: int) -> Endpoint:
        """The first endpoint that is neither blocked nor resting; else the one whose pause ends first."""

        def pause_ends_ms(endpoint: Endpoint) -> int:
            return max(endpoint.resting_until_ms, endpoint.blocked_until_ms)

        for endpoint in self.endpoints:
            if pause_ends_ms(endpoint) <= now_ms:
                return endpoint
        return min(self.endpoints, key=pause_ends_ms)

    def other_than(self, endpoint: Endpoint, now_ms: int) -> Endpoint | None:
        """A second, rested endpoint for a cross-check, if there is one."""
        for other in self.endpoints:
            if other is not endpoint and max(other.resting_until_ms, other.blocked_until_ms) <= now_ms:
                return other
        return None

    def succeeded(self, endpoint: Endpoint) -> None:
        endpoint.failures_in_row = 0
        endpoint.resting_until_ms = 0

    def failed(self, endpoint: Endpoint, now_ms: int, retry_after_ms: int | None) -> None:
        rest_ms = min(
            self._config.quarantine_ms << min(endpoint.failures_in_row, 20), self._config.quarantine_max_ms
        )
        endpoint.failures_in_row += 1
        endpoint.resting_until_ms = now_ms + rest_ms
        if retry_after_ms is not None:
            endpoint.blocked_until_ms = now_ms + retry_after_ms
