"""What an operator does with the mint queue: look, retry, park."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import OperationKey, mint_operation
from gridtokenx_indexer.mint.operation import parse_key
from gridtokenx_indexer.mint.status import OperationStatus
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Pool

_SQL = load("mint_queue")

RETRYABLE = (OperationStatus.PARKED, OperationStatus.REJECTED, OperationStatus.REVIEW, OperationStatus.QUEUED)
PARKABLE = (OperationStatus.QUEUED,)
_RETRY_BATCH = 1_000
"""Operations per database transaction."""
_ENDED = {
    OperationStatus.DONE: "it is minted and nothing is left to do; `queue show` names the transaction",
    OperationStatus.NO_SURPLUS: "there was nothing to mint; a reading that comes late counts by itself",
}


class QueueLine(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as a list shows it; amounts in base units of the energy token."""

    operation: str
    window: int
    window_start: str
    meter_serial: str | None
    status: OperationStatus
    amount_base_units: str | None
    carried_base_units: str
    attempts: int
    next_retry_at: str
    error_class: str | None
    error_message: str | None
    signature: str | None


class AttemptLine(msgspec.Struct, frozen=True, kw_only=True):
    """One signed transaction that held the operation."""

    signature: str
    status: str
    live: bool
    blockhash_slot: int
    last_valid_block_height: int
    sends: int
    last_send_error: str | None
    spent_slot: int | None
    spent_error: Any
    review_reason: str | None
    certificate_slots: str | None


class OperationDetail(msgspec.Struct, frozen=True, kw_only=True):
    line: QueueLine
    attempts: list[AttemptLine]


async def list_operations(
    pool: Pool,
    *,
    statuses: Sequence[OperationStatus] = (),
    after: OperationKey | None = None,
    limit: int = 100,
) -> list[QueueLine]:
    """Operations in the order of window and meter, from behind `after`; all statuses when none is given."""
    window, meter = parse_key(after) if after is not None else (-1, b"")
    rows = await pool.fetch(_SQL["list"], list(statuses) or list(OperationStatus), window, meter, limit)
    return [_line(row) for row in rows]


async def show_operation(pool: Pool, operation: OperationKey) -> OperationDetail:
    """The operation and every attempt that was ever made of it; raises `UsageError` when there is none."""
    row = await pool.fetchrow(_SQL["show"], *parse_key(operation))
    if row is None:
        raise _unknown(operation)
    attempts = await pool.fetch(_SQL["attempts_of"], operation)
    return OperationDetail(
        line=_line(row), attempts=[msgspec.convert(dict(attempt), AttemptLine) for attempt in attempts]
    )


async def retry_operation(pool: Pool, operation: OperationKey, *, dry_run: bool = False) -> QueueLine:
    """Puts a parked, rejected or reviewed operation back into the queue, due now.

    When an attempt in review holds it, that attempt is judged again by the index instead. Refuses with
    `UsageError` while an attempt that may still land holds it: a second transaction might mint it meanwhile.
    """
    if await pool.fetchval(_SQL["in_review" if dry_run else "judge_again"], operation):
        return (await show_operation(pool, operation)).line
    return await _move(pool, operation, "retry", RETRYABLE, dry_run)


async def list_parked(pool: Pool, *, error: str | None = None, limit: int) -> list[QueueLine]:
    """What `retry_parked` would put back.

    `error` is a class, or a code or name that the message holds, such as 6029; without it everything except
    what a person has parked.
    """
    return [_line(row) for row in await pool.fetch(_SQL["parked"], error, limit)]


async def retry_parked(pool: Pool, *, error: str | None = None, limit: int) -> int:
    """Puts parked operations back into the queue, oldest window first; returns how many, at most `limit`.

    The rules are those of `retry_operation`: what a live attempt holds stays where it is.
    """
    started = await pool.fetchval(_SQL["started"])
    done = 0
    while done < limit:
        wanted = min(limit - done, _RETRY_BATCH)
        count = await pool.fetchval(_SQL["retry_parked"], error, wanted, started)
        done += count
        if count < wanted:
            break
    return done


async def park_operation(
    pool: Pool, operation: OperationKey, reason: str, *, dry_run: bool = False
) -> QueueLine:
    """Takes a queued operation out of the queue until `retry_operation`."""
    return await _move(pool, operation, "park", PARKABLE, dry_run, reason)


async def _move(
    pool: Pool,
    operation: OperationKey,
    name: str,
    allowed: Sequence[OperationStatus],
    dry_run: bool,
    *arguments: str,
) -> QueueLine:
    window, meter = parse_key(operation)
    async with pool.acquire() as conn, conn.transaction():
        row = await conn.fetchrow(_SQL["lock"], window, meter, operation)
        if row is None:
            raise _unknown(operation)
        if row["held"] or row["status"] not in allowed:
            raise _refused(operation, name, OperationStatus(row["status"]), allowed, held=row["held"])
        if not dry_run:
            await conn.execute(_SQL[name], window, meter, *arguments)
        changed = await conn.fetchrow(_SQL["show"], window, meter)
    assert changed is not None
    return _line(changed)


def _line(row: Any) -> QueueLine:
    amount = row["amount_base_units"]
    return QueueLine(
        operation=mint_operation(row["meter_key"], row["mint_window"]),
        window=row["mint_window"],
        window_start=row["window_start"].isoformat(),
        meter_serial=row["meter_serial"],
        status=OperationStatus(row["status"]),
        amount_base_units=None if amount is None else str(int(amount)),
        carried_base_units=str(int(row["carried_base_units"])),
        attempts=row["attempts"],
        next_retry_at=row["next_retry_at"].isoformat(),
        error_class=row["error_class"],
        error_message=row["error_message"],
        signature=row["signature"],
    )


def _refused(
    operation: OperationKey,
    name: str,
    status: OperationStatus,
    allowed: Sequence[OperationStatus],
    *,
    held: bool,
) -> UsageError:
    takes = f"{name} takes operations that are {', '.join(allowed)}"
    if status in _ENDED:
        return UsageError(
            f"operation {operation} is {status}: there is nothing to {name}", remedy=_ENDED[status]
        )
    if held or status in (OperationStatus.LEASED, OperationStatus.SENT):
        return UsageError(
            f"operation {operation} is {'held by a live attempt' if held else status}",
            remedy=f"wait until the index knows how its transaction ended; {takes}",
        )
    return UsageError(f"operation {operation} is {status}", remedy=takes)


def _unknown(operation: OperationKey) -> UsageError:
    return UsageError(f"there is no operation {operation}", remedy="see queue list")
