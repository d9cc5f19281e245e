"""The one transaction in which a sample is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, blocks, chunk
from gridtokenx_indexer.ops.sample.world import uuid
from gridtokenx_indexer.store.pool import Connection
from gridtokenx_indexer.store.queries import load

Progress = Callable[[str, int, int], None]
"""Called with what is being written, how much of it since the last call, and how much it is in all so far."""

LONG_S = 86_400.0
"""A sample takes what it takes: the machine may be busy."""
_ADDRESS, _AGENT = "198.51.100.9", "db seed"
_MILLISECOND = timedelta(milliseconds=1)


class Writer:
    """Copies chunks and runs statements; the market clock may stand in the past meanwhile."""

    def __init__(
        self,
        connection: Connection,
        seed: int,
        with_uuids: frozenset[str],
        clock_offset_ms: int,
        progress: Progress | None,
    ) -> None:
        self.connection = connection
        self.counts: dict[str, int] = defaultdict(int)
        self.clock_offset_ms = clock_offset_ms
        """Of the market clock before the sample."""
        self._seed = seed
        self._ids: dict[str, Random] = {}
        self._with_uuids = with_uuids
        self._progress = progress
        self._sql = load("sample")

    async def copy(self, part: Chunk) -> None:
        part = self._with_ids(part)
        self.counts[part.table] += part.count
        schema, table = part.table.split(".")
        await self.connection.copy_to_table(
            table,
            schema_name=schema,
            columns=part.columns,
            source=self._bytes(part),
            format="text",
            timeout=LONG_S,
        )

    async def rows(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        await self.copy(chunk(table, columns, list(rows)))

    async def run(self, name: str, *arguments: Any) -> None:
        """A statement of sql/queries/sample.sql."""
        await self.connection.execute(self._sql[name], *arguments, timeout=LONG_S)

    async def fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self.connection.fetch(self._sql[name], *arguments, timeout=LONG_S)

    async def counted(self, table: str, name: str, *arguments: Any) -> None:
        """A statement that returns how many rows it wrote into `table`."""
        self.counts[table] += (await self.fetch(name, *arguments))[0][0]

    async def act_as(self, user: UUID) -> None:
        """Whom the audit trail names for what follows."""
        await self.run("act_as", str(user), _ADDRESS, _AGENT)

    async def set_clock(self, moment: datetime) -> None:
        """The market clock, for what the database judges or stamps by it; nobody else sees it move."""
        started: datetime = (await self.fetch("transaction_time"))[0][0]
        await self.run("set_clock", -((started - moment) // _MILLISECOND))

    def step(self, what: str, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(what, done, total)

    def _with_ids(self, part: Chunk) -> Chunk:
        """The rows with ids from the seed, where the database's own would differ each time."""
        if part.table not in self._with_uuids or "id" in part.columns:
            return part
        chance = self._ids.setdefault(part.table, Random(f"{self._seed}/ids of {part.table}"))
        rows: Iterable[Row] = ((uuid(chance), *row) for row in part.rows if not isinstance(row, str))
        return Chunk(part.table, ("id", *part.columns), rows, part.count)

    async def _bytes(self, part: Chunk) -> AsyncIterator[bytes]:
        for count, lines in blocks(part.rows):
            yield lines
            self.step(part.table, count, self.counts[part.table])
