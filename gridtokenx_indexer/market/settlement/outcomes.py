"""What the ends of settlement attempts mean: the one handler of their three kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from solders.pubkey import Pubkey

from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.settlement.chain_results import AlreadyDone, trade_results
from gridtokenx_indexer.market.settlement.executions import earlier_executions
from gridtokenx_indexer.market.settlement.keys import (
    CLOSE_KIND,
    OPEN_KIND,
    SETTLE_KIND,
    PartKey,
    TradeKey,
    part_key,
    trade_key,
)
from gridtokenx_indexer.market.settlement.part_outcomes import resolve_closings, resolve_openings
from gridtokenx_indexer.market.settlement.progress import columns, finish, write_trades
from gridtokenx_indexer.market.settlement.trade_rules import PublishedTrade, TradeOutcome, decide_trade
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.backoff import BackoffConfig
from gridtokenx_indexer.tx.outcome import ClosedAttempt
from gridtokenx_indexer.tx.ports import Connection

_SQL = load("settlement")


class SettlementOutcome:
    """Decides part by part and trade by trade, from finalized events of `program_id` alone."""

    kinds = frozenset({OPEN_KIND, SETTLE_KIND, CLOSE_KIND})

    def __init__(self, program_id: Pubkey, config: MarketConfig) -> None:
        self._program_id = str(program_id)
        self._backoff = BackoffConfig(first_ms=config.rejected_retry_ms, max_ms=config.rejected_retry_max_ms)

    async def resolve(self, conn: Connection, closed: Sequence[ClosedAttempt]) -> None:
        by_kind: dict[str, list[ClosedAttempt]] = defaultdict(list)
        for attempt in closed:
            by_kind[attempt.kind].append(attempt)
        parts = {
            *(part_key(operation) for attempt in by_kind[OPEN_KIND] for operation in attempt.operations),
            *(part_key(operation) for attempt in by_kind[CLOSE_KIND] for operation in attempt.operations),
            *(_part_of(attempt) for attempt in by_kind[SETTLE_KIND]),
        }
        rows = await conn.fetch(_SQL["lock_parts"], *columns(sorted(parts)))
        known = {PartKey(row["epoch_number"], row["zone_id"], row["part"]): row for row in rows}
        await resolve_openings(conn, by_kind[OPEN_KIND], known, self._backoff)
        await self._resolve_trades(conn, by_kind[SETTLE_KIND])
        await resolve_closings(conn, by_kind[CLOSE_KIND], known, self._backoff)
        await finish(conn, parts)

    async def _resolve_trades(self, conn: Connection, closed: Sequence[ClosedAttempt]) -> None:
        keys = [trade_key(operation) for attempt in closed for operation in attempt.operations]
        if not keys:
            return
        published = {
            TradeKey(row["epoch_number"], row["zone_id"], row["trade_index"]): row
            for row in await conn.fetch(_SQL["published_trades"], *columns(keys))
        }
        outcomes: dict[TradeKey, TradeOutcome] = {}
        for attempt in closed:
            outcomes |= await self._decide(conn, attempt, published)
        await write_trades(conn, outcomes, self._backoff)

    async def _decide(
        self, conn: Connection, attempt: ClosedAttempt, published: Mapping[TradeKey, asyncpg.Record]
    ) -> dict[TradeKey, TradeOutcome]:
        results = trade_results(
            event.data
            for event in attempt.events
            if event.event_type == "TradesSettled" and event.program_id == self._program_id
        )
        keys = [trade_key(operation) for operation in attempt.operations]
        skipped = [key for key in keys if isinstance(results.get(key), AlreadyDone)]
        earlier = await earlier_executions(conn, skipped)
        return {
            key: decide_trade(
                attempt.verdict,
                published_trade(published[key], shared_by=len(keys)),
                slot=attempt.slot,
                signature=attempt.signature,
                result=results.get(key),
                earlier=earlier.get(key),
                error=attempt.error,
            )
            for key in keys
        }


def _part_of(attempt: ClosedAttempt) -> PartKey:
    context: Mapping[str, Any] = attempt.context
    return PartKey(context["epoch"], context["zone"], context["part"])


def published_trade(row: asyncpg.Record, *, shared_by: int = 1) -> PublishedTrade:
    """A row of `published_trades`."""
    return PublishedTrade(
        energy=int(row["energy_base_units"]),
        payment=int(row["payment_base_units"]),
        fee=int(row["fee_base_units"]),
        tries=row["tries"],
        batch_limit=row["batch_limit"],
        shared_by=shared_by,
    )
