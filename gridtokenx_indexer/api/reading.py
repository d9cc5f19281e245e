"""One consistent read: an answer's data and its context come from the same snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from gridtokenx_indexer.api.schemas import Context
from gridtokenx_indexer.store.queries import load

SQL = load("api")

CONFIRMED = "confirmed"
FINALIZED = "finalized"


class Frontier(msgspec.Struct, frozen=True):
    """How far the index reaches; None before the first block."""

    head_slot: int | None
    finalized_slot: int | None

    def finality(self, slot: int) -> str:
        return FINALIZED if self.finalized_slot is not None and slot <= self.finalized_slot else CONFIRMED

    def context(self, finality: str = CONFIRMED) -> Context:
        slot = self.finalized_slot if finality == FINALIZED else self.head_slot
        return Context(None if slot is None else str(slot), finality)


class Reader:
    """Reads of the API; one connection of the pool at a time."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[tuple[Any, Frontier]]:
        """A read-only connection whose statements all see the same state, and the frontier of that state."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await connection.fetchrow(SQL["frontier"])
            frontier = Frontier(row["head_slot"], row["finalized_slot"]) if row else Frontier(None, None)
            yield connection, frontier
