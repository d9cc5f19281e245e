"""What the ends of opening and closing attempts mean for their parts."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import assert_never

import asyncpg

from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.market.settlement.keys import PartKey, TradeKey, part_key
from gridtokenx_indexer.market.settlement.part_rules import (
    NeverOpen,
    OpenAgain,
    Opened,
    Opening,
    PublishedPart,
    decide_opening,
)
from gridtokenx_indexer.market.settlement.progress import write_failures
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.backoff import BackoffConfig, pause_ms
from gridtokenx_indexer.tx.chain_errors import read_error
from gridtokenx_indexer.tx.outcome import ClosedAttempt, Verdict
from gridtokenx_indexer.tx.ports import Connection

log = logging.getLogger(__name__)

_SQL = load("settlement")


async def resolve_openings(
    conn: Connection,
    closed: Sequence[ClosedAttempt],
    parts: Mapping[PartKey, asyncpg.Record],
    backoff: BackoffConfig,
) -> None:
    """Opens, repeats or gives up the part of each attempt; the rows of `parts` are locked."""
    for attempt in closed:
        key = part_key(attempt.operations[0])
        row = parts[key]
        outcome = decide_opening(
            attempt.verdict,
            published_part(row),
            opening=await finalized_opening(conn, key),
            error=attempt.error,
        )
        match outcome:
            case Opened(slot, signature):
                await conn.execute(_SQL["part_opened"], *key, signature, slot)
            case OpenAgain(reason, pause):
                wait_ms = pause_ms(backoff, row["attempts"] + 1) if pause else 0
                await conn.execute(_SQL["part_open_again"], *key, reason, wait_ms)
                log.warning("opening_repeated", extra={"operation": key.open_operation, "reason": reason})
            case NeverOpen(reason):
                await fail_part(conn, key, reason)
            case _:
                assert_never(outcome)


async def fail_part(conn: Connection, key: PartKey, reason: str) -> None:
    """Ends a part that will never open, and all its trades."""
    log.error("part_failed", extra={"operation": key.open_operation, "reason": reason})
    await conn.execute(_SQL["part_failed"], *key, reason)
    rows = await conn.fetch(_SQL["fail_part_trades"], *key, reason)
    await write_failures(conn, [TradeKey(key.epoch, key.zone, row["trade_index"]) for row in rows])


async def resolve_closings(
    conn: Connection,
    closed: Sequence[ClosedAttempt],
    parts: Mapping[PartKey, asyncpg.Record],
    backoff: BackoffConfig,
) -> None:
    """A part is closed when a finalized `SettlementClosed` says so, whoever sent it."""
    for attempt in closed:
        key = part_key(attempt.operations[0])
        event = await conn.fetchrow(_SQL["part_events"], *_texts(key), "SettlementClosed")
        if event is not None:
            await conn.execute(_SQL["part_closed"], *key, event["signature"], event["slot"])
            continue
        died = attempt.verdict is Verdict.DEAD
        reason = "proved absent from the chain" if died else read_error(attempt.error).name
        wait_ms = pause_ms(backoff, parts[key]["close_attempts"] + 1)
        await conn.execute(_SQL["part_close_again"], *key, reason, wait_ms)


async def finalized_opening(conn: Connection, key: PartKey) -> Opening | None:
    """The finalized opening of the part, whoever sent it."""
    row = await conn.fetchrow(_SQL["part_events"], *_texts(key), "SettlementOpened")
    if row is None:
        return None
    return Opening(row["data"], Slot(row["slot"]), Signature(row["signature"]))


def _texts(key: PartKey) -> tuple[str, str, str]:
    return str(key.epoch), str(key.zone), str(key.part)


def published_part(row: asyncpg.Record) -> PublishedPart:
    """A row of `lock_parts`."""
    return PublishedPart(
        trades=row["trade_count"],
        first_index=row["first_index"],
        price=row["price_units"],
        root=row["root"],
        deadline_unix=int(row["deadline"].timestamp()),
    )
