"""One database transaction that closes attempts: evidence, decision, items, handlers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import asyncpg

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, OperationKey, Signature, Slot
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.errors import HandlerRefusedError
from gridtokenx_indexer.tx.lifecycle import (
    Block,
    Coverage,
    Dead,
    Decision,
    Evidence,
    Review,
    Sighting,
    Spent,
    decide,
    expiry_height,
)
from gridtokenx_indexer.tx.outcome import ClosedAttempt, FinalizedEvent, OutcomeHandler, Verdict
from gridtokenx_indexer.tx.ports import Connection

_SQL = load("attempts")

Row = asyncpg.Record


async def close_attempts(conn: Connection, handlers: Mapping[str, OutcomeHandler], limit: int) -> int:
    """Closes up to `limit` attempts of the handlers' kinds whose end our index proves; returns how many
    changed.

    The rows stay locked until the caller's transaction ends; another resolver skips them.
    """
    rows = await conn.fetch(_SQL["closable"], list(handlers), limit)
    if not rows:
        return 0
    await conn.execute(_SQL["commit_durably"])
    decisions = await _decide_all(conn, rows)
    ended = [(row, decision) for row, decision in decisions if isinstance(decision, Spent | Dead)]
    reviews = [(row, decision) for row, decision in decisions if isinstance(decision, Review)]
    await _store_reviews(conn, [(row, decision.reason) for row, decision in reviews])
    await _store_ends(conn, ended)
    closed = await _closed_attempts(conn, ended)
    by_handler: dict[int, list[ClosedAttempt]] = defaultdict(list)
    for attempt in closed:
        by_handler[id(handlers[attempt.kind])].append(attempt)
    for attempts in by_handler.values():
        try:
            await handlers[attempts[0].kind].resolve(conn, attempts)
        except ParkError as error:
            raise HandlerRefusedError(error.message, attempts) from error
    await conn.execute(_SQL["notify_closed"])
    return len(ended) + len(reviews)


async def _decide_all(conn: Connection, rows: Sequence[Row]) -> list[tuple[Row, Decision]]:
    evidences = [_evidence(row, None) for row in rows]
    unseen = [i for i, evidence in enumerate(evidences) if evidence.sighting is None]
    ends = await conn.fetch(
        _SQL["blocks_past_expiry"],
        [rows[i]["blockhash_slot"] for i in unseen],
        [expiry_height(evidences[i]) for i in unseen],
        rows[0]["finalized_slot"],
        [rows[i]["signer"] for i in unseen],
    )
    for i, end in zip(unseen, ends, strict=True):
        evidences[i] = _evidence(rows[i], end)
    return [(row, decide(evidence)) for row, evidence in zip(rows, evidences, strict=True)]


def _evidence(row: Row, end: Row | None) -> Evidence:
    seen = row["seen_slot"] is not None
    return Evidence(
        blockhash=Blockhash(row["blockhash"]),
        last_valid_block_height=BlockHeight(row["last_valid_block_height"]),
        coverage=Coverage(
            anchor_slot=Slot(row["anchor_slot"]),
            finalized_slot=Slot(row["finalized_slot"]),
            finalized_height=BlockHeight(row["finalized_block_height"]),
            head_height=BlockHeight(row["head_block_height"]),
        ),
        sighting=Sighting(slot=Slot(row["seen_slot"]), error=row["seen_error"]) if seen else None,
        origin=_block(row, "origin"),
        past_expiry=_block(end, "past") if end is not None else None,
        blocks_between=end["blocks_between"] if end is not None else 0,
        unreadable=end["unreadable"] if end is not None else 0,
        watched_from=row["watched_from"],
        watched_until=row["watched_until"],
    )


def _block(row: Row, prefix: str) -> Block | None:
    if row[f"{prefix}_slot"] is None:
        return None
    return Block(
        slot=Slot(row[f"{prefix}_slot"]),
        blockhash=Blockhash(row[f"{prefix}_blockhash"]),
        height=BlockHeight(row[f"{prefix}_height"]),
    )


async def _store_reviews(conn: Connection, reviews: Sequence[tuple[Row, str]]) -> None:
    for row, reason in reviews:
        await conn.execute(_SQL["mark_review"], row["blockhash_slot"], row["signature"], reason)


async def _store_ends(conn: Connection, ended: Sequence[tuple[Row, Spent | Dead]]) -> None:
    spent = [(row, decision) for row, decision in ended if isinstance(decision, Spent)]
    dead = [(row, decision) for row, decision in ended if isinstance(decision, Dead)]
    await conn.execute(
        _SQL["mark_spent"],
        [row["blockhash_slot"] for row, _ in spent],
        [row["signature"] for row, _ in spent],
        [decision.slot for _, decision in spent],
        [decision.error for _, decision in spent],
    )
    certificates = [
        (
            row["blockhash_slot"],
            row["signature"],
            decision.origin.slot,
            decision.origin.blockhash,
            decision.origin.height,
            decision.past_expiry.slot,
            decision.past_expiry.blockhash,
            decision.past_expiry.height,
            decision.blocks_searched,
        )
        for row, decision in dead
    ]
    await conn.execute(
        _SQL["mark_dead"], *([list(column) for column in zip(*certificates, strict=True)] or [[]] * 9)
    )


async def _closed_attempts(
    conn: Connection, ended: Sequence[tuple[Row, Spent | Dead]]
) -> list[ClosedAttempt]:
    keys = [row["blockhash_slot"] for row, _ in ended], [row["signature"] for row, _ in ended]
    operations: dict[str, list[OperationKey]] = defaultdict(list)
    for item in sorted(await conn.fetch(_SQL["release_items"], *keys), key=lambda item: int(item["ordinal"])):
        operations[item["signature"]].append(OperationKey(item["operation"]))
    spent = [(row, decision) for row, decision in ended if isinstance(decision, Spent)]
    events: dict[str, list[FinalizedEvent]] = defaultdict(list)
    for event in await conn.fetch(
        _SQL["events_of"], [decision.slot for _, decision in spent], [row["signature"] for row, _ in spent]
    ):
        events[event["signature"]].append(_event(event))
    return [_closed(row, decision, operations, events) for row, decision in ended]


def _closed(
    row: Row,
    decision: Spent | Dead,
    operations: Mapping[str, Sequence[OperationKey]],
    events: Mapping[str, Sequence[FinalizedEvent]],
) -> ClosedAttempt:
    signature = Signature(row["signature"])
    slot: Slot | None = None
    error: Any = None
    match decision:
        case Spent():
            slot, error = decision.slot, decision.error
            verdict = Verdict.SPENT_OK if error is None else Verdict.SPENT_ERROR
        case Dead():
            verdict = Verdict.DEAD
        case _:
            assert_never(decision)
    return ClosedAttempt(
        signature=signature,
        kind=row["kind"],
        verdict=verdict,
        operations=tuple(operations.get(signature, ())),
        context=row["context"],
        blockhash_slot=Slot(row["blockhash_slot"]),
        lease_name=row["lease_name"],
        lease_term=row["lease_term"],
        slot=slot,
        error=error,
        events=tuple(sorted(events.get(signature, ()), key=_chain_order)),
        last_send_error=row["last_send_error"],
    )


def _event(row: Row) -> FinalizedEvent:
    return FinalizedEvent(
        program_id=row["program_id"],
        event_type=row["event_type"],
        instruction_path=row["instruction_path"],
        event_ordinal=row["event_ordinal"],
        data=row["data"],
    )


def _chain_order(event: FinalizedEvent) -> tuple[tuple[int, ...], int]:
    return tuple(int(part) for part in event.instruction_path.split(".")), event.event_ordinal
