"""What the end of a growing step means for the table."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import assert_never

from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.backoff import BackoffConfig, pause_ms
from gridtokenx_indexer.tx.lookup.keeper import GROWTH_KIND
from gridtokenx_indexer.tx.outcome import ClosedAttempt, Verdict
from gridtokenx_indexer.tx.ports import Connection

log = logging.getLogger(__name__)

_SQL = load("lookup_tables")


class GrowthOutcome:
    """Finalized: its addresses may be used. Anything else: they are wanted again."""

    kinds = frozenset({GROWTH_KIND})

    def __init__(self, backoff: BackoffConfig | None = None) -> None:
        self._backoff = backoff or BackoffConfig()

    async def resolve(self, conn: Connection, closed: Sequence[ClosedAttempt]) -> None:
        for attempt in closed:
            table, first, count = (attempt.context[key] for key in ("table", "first", "count"))
            match attempt.verdict:
                case Verdict.SPENT_OK:
                    await conn.execute(_SQL["finalize_places"], table, first, count, attempt.slot)
                    await conn.execute(_SQL["activate_table"], table)
                case Verdict.DEAD:
                    await self._give_back(conn, table, first, failures=0)
                case Verdict.SPENT_ERROR:
                    log.error("lookup_table_failed", extra={"table": table, "error": attempt.error})
                    failures = await conn.fetchval(_SQL["failures"], table)
                    await self._give_back(conn, table, first, failures=failures + 1)
                case _:
                    assert_never(attempt.verdict)

    async def _give_back(self, conn: Connection, table: str, first: int, *, failures: int) -> None:
        """A table that was not yet created never will be: its address is bound to one recent slot."""
        await conn.execute(_SQL["release_places"], table, first)
        pause = pause_ms(self._backoff, failures) if failures else 0
        await conn.execute(_SQL["step_failed"], table, failures, pause)
