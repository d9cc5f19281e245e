"""The API of the daemon: its answers about the process itself."""

from __future__ import annotations

from typing import Any

from gridtokenx_indexer.api.app import ApiSources, create_app
from gridtokenx_indexer.api.config import ApiConfig
from gridtokenx_indexer.api.reading import Reader
from gridtokenx_indexer.api.schemas import Readiness
from gridtokenx_indexer.api.server import ApiServer
from gridtokenx_indexer.ops.daemon.parts import Parts
from gridtokenx_indexer.ops.daemon.status import SQL, read_status, readiness
from gridtokenx_indexer.ops.metrics.render import render
from gridtokenx_indexer.ops.version import package_version
from gridtokenx_indexer.project.follower import FollowerService


class ProcessState:
    """What `/readyz`, `/status` and `/metrics` say; the supervisor's failures are shared with it."""

    def __init__(self, parts: Parts, follower: FollowerService, config: ApiConfig) -> None:
        self._parts = parts
        self._follower = follower
        self._config = config
        self.failures: dict[str, int] = {}
        self.trouble: dict[str, str] = {}

    async def readiness(self) -> Readiness:
        row = await self._parts.pool.fetchrow(SQL["status_chain"])
        head = row["head_slot"] if row else None
        return readiness(head, self._follower.stats.tip_slot, self._config.ready_lag_slots, self.trouble)

    async def status(self) -> dict[str, Any]:
        stats = self._follower.stats
        return {
            **await read_status(self._parts.pool),
            "tip_slot": str(stats.tip_slot),
            "lag_slots": stats.lag_slots,
            "rollbacks": stats.rollbacks,
            "service_failures": dict(self.failures),
            "trouble": dict(self.trouble),
        }

    async def metrics(self) -> bytes:
        status = await read_status(self._parts.pool)
        return render(status, self._follower.stats, self._parts.rpc.counters, self.failures)


def build_api(parts: Parts, state: ProcessState, config: ApiConfig) -> list[ApiServer]:
    """Empty when the API is switched off."""
    if not config.enabled:
        return []
    sources = ApiSources(
        reader=Reader(parts.pool),
        readiness=state.readiness,
        status=state.status,
        metrics=state.metrics,
        version=package_version(),
    )
    return [ApiServer(create_app(sources), config)]
