"""Seals the audit trail as it grows."""

from __future__ import annotations

import asyncio
import logging

import asyncpg

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load

log = logging.getLogger(__name__)

_INTERVAL_S = 600.0


async def seal_audit_logs(pool: Pool) -> int | None:
    """Seals what ended since the last seal; its number, None when there was nothing. Raises `StopError` for a
    trail that was brought here from another server."""
    queries = load("audit")
    try:
        number: int | None = await pool.fetchval(queries["seal"])
    except asyncpg.ObjectNotInPrerequisiteStateError as error:
        raise StopError(error.args[0], remedy=getattr(error, "hint", None)) from error
    if number is not None:
        sealed = await pool.fetchrow(queries["sealed"], number)
        assert sealed is not None
        # The log is the place outside the database where the newest seal stays for comparison.
        log.info("audit_sealed", extra={"seal": f"{number}:{sealed['value']}", "rows": sealed["row_count"]})
    return number


class AuditSealer:
    """A service: seals every ten minutes, and once more when it stops."""

    def __init__(self, pool: Pool, interval_s: float = _INTERVAL_S) -> None:
        self._pool = pool
        self._interval_s = interval_s

    @property
    def name(self) -> str:
        return "audit"

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`; raises `RetryableError` when the database is away."""
        wake = Wake()
        try:
            while not stop.is_set():
                await seal_audit_logs(self._pool)
                await wake.wait(self._interval_s, stop)
            await seal_audit_logs(self._pool)
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
            raise RetryableError(f"cannot seal the audit trail: {error}") from error
