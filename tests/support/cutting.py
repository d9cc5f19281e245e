"""A pool whose connection dies at a chosen statement."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from gridtokenx_indexer.tx.ports import Pool

_STATEMENTS = frozenset({"execute", "fetch", "fetchrow", "fetchval", "executemany", "copy_records_to_table"})


class CutError(ConnectionError):
    """The connection was cut on purpose."""


class CuttingPool:
    """Passes everything on to `pool` until the statement numbered `at` (from 0), which never comes back.

    The server ends that session, as it does when a client dies.
    """

    def __init__(self, pool: Pool, at: int) -> None:
        self._pool = pool
        self._at = at
        self.statements = 0

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        async with self._pool.acquire() as connection:
            yield _CuttingConnection(self, connection)

    def __getattr__(self, name: str) -> Any:
        if name not in _STATEMENTS:
            return getattr(self._pool, name)

        async def through(*arguments: Any, **options: Any) -> Any:
            async with self.acquire() as connection:
                return await getattr(connection, name)(*arguments, **options)

        return through

    async def gone(self, backend: int) -> None:
        """Returns when the server has ended the session, and with it the session's locks."""
        async with asyncio.timeout(30):
            while await self._pool.fetchval("SELECT true FROM pg_stat_activity WHERE pid = $1", backend):
                pass

    def count(self) -> bool:
        """Counts a statement; True when it is the one to cut at."""
        self.statements += 1
        return self.statements == self._at + 1


class _CuttingConnection:
    def __init__(self, pool: CuttingPool, connection: Any) -> None:
        self._pool = pool
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._connection, name)
        if name not in _STATEMENTS:
            return real

        async def counted(*arguments: Any, **options: Any) -> Any:
            if self._pool.count():
                backend = self._connection.get_server_pid()
                self._connection.terminate()
                await self._pool.gone(backend)
                raise CutError(f"cut at statement {self._pool.statements - 1}")
            return await real(*arguments, **options)

        return counted


def cutting(pool: Pool, at: int) -> tuple[Pool, CuttingPool]:
    """The pool to hand out, and the same one to ask how far it came."""
    made = CuttingPool(pool, at)
    return cast("Pool", made), made
