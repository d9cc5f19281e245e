"""Closes mint operations by what the finalized index proves about their attempt."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import MeterKey, OperationKey, Signature, Slot, Window, mint_operation
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.operation import MINT_KIND, parse_key
from gridtokenx_indexer.mint.outcome_rules import (
    Again,
    Aside,
    Done,
    Held,
    Minted,
    OperationOutcome,
    decide_outcome,
)
from gridtokenx_indexer.mint.status import OperationStatus
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.backoff import pause_ms
from gridtokenx_indexer.tx.outcome import ClosedAttempt, FinalizedEvent
from gridtokenx_indexer.tx.ports import Connection

log = logging.getLogger(__name__)

MINTED_EVENT = "EnergyMinted"
SKIPPED_EVENT = "EnergyMintSkipped"

_SQL = load("mint")


@dataclass(frozen=True, slots=True)
class _Judged:
    window: Window
    meter: MeterKey
    attempts: int
    outcome: OperationOutcome


class MintOutcome:
    """Set-based: all operations of the closed attempts at once."""

    kinds = frozenset({MINT_KIND})

    def __init__(self, config: MintConfig, program_id: str) -> None:
        self._config = config
        self._program_id = program_id

    async def resolve(self, conn: Connection, closed: Sequence[ClosedAttempt]) -> None:
        keys = [parse_key(operation) for attempt in closed for operation in attempt.operations]
        rows = {
            mint_operation(MeterKey(row["meter_key"]), Window(row["mint_window"])): row
            for row in await conn.fetch(_SQL["operations_of"], *_columns(keys))
        }
        unknown = [
            operation for attempt in closed for operation in attempt.operations if operation not in rows
        ]
        if unknown:
            raise ParkError(f"the queue has no row of {', '.join(unknown[:5])}")
        earlier = await self._earlier_mints(conn, closed)
        judged = [
            self._judge(attempt, operation, rows[operation], earlier)
            for attempt in closed
            for operation in attempt.operations
            if rows[operation]["status"] == OperationStatus.SENT
        ]
        await self._finish(conn, [item for item in judged if isinstance(item.outcome, Done)])
        await self._requeue(conn, [item for item in judged if isinstance(item.outcome, Again)])
        await self._set_aside(conn, [item for item in judged if isinstance(item.outcome, Aside)])

    def _judge(
        self,
        attempt: ClosedAttempt,
        operation: OperationKey,
        row: asyncpg.Record,
        earlier: Mapping[OperationKey, Minted],
    ) -> _Judged:
        own = {
            event.event_type: event
            for event in attempt.events
            if event.program_id == self._program_id and _operation_of(event) == operation
        }
        minted = own.get(MINTED_EVENT)
        outcome = decide_outcome(
            attempt.verdict,
            Held(
                amount_base_units=int(row["amount_base_units"]),
                destination=row["destination"],
                attempts=row["attempts"],
                batch_limit=row["batch_limit"],
                shared_by=len(attempt.operations),
            ),
            minted=_minted(minted.data, attempt) if minted is not None else None,
            skipped=SKIPPED_EVENT in own,
            earlier=earlier.get(operation),
            error=attempt.error,
            max_attempts=self._config.max_attempts,
        )
        window, meter = parse_key(operation)
        return _Judged(window, meter, row["attempts"], outcome)

    async def _earlier_mints(
        self, conn: Connection, closed: Sequence[ClosedAttempt]
    ) -> dict[OperationKey, Minted]:
        skipped = [
            event.data
            for attempt in closed
            for event in attempt.events
            if event.program_id == self._program_id and event.event_type == SKIPPED_EVENT
        ]
        if not skipped:
            return {}
        rows = await conn.fetch(
            _SQL["earlier_mints"],
            [data["meter_id"] for data in skipped],
            [str(data["window"]) for data in skipped],
            self._program_id,
        )
        return {
            mint_operation(MeterKey(bytes.fromhex(row["meter_key_hex"])), Window(row["mint_window"])): Minted(
                amount_base_units=int(row["amount"]),
                destination=row["destination"],
                slot=Slot(row["slot"]),
                signature=Signature(row["signature"]),
            )
            for row in rows
        }

    async def _finish(self, conn: Connection, judged: Sequence[_Judged]) -> None:
        if not judged:
            return
        done = [item.outcome for item in judged if isinstance(item.outcome, Done)]
        signatures = [outcome.signature for outcome in done]
        await conn.execute(
            _SQL["finish_operations"], *_key_columns(judged), signatures, [outcome.slot for outcome in done]
        )
        await conn.execute(_SQL["finish_readings"], *_key_columns(judged), signatures)

    async def _requeue(self, conn: Connection, judged: Sequence[_Judged]) -> None:
        if not judged:
            return
        again = [item.outcome for item in judged if isinstance(item.outcome, Again)]
        await conn.execute(
            _SQL["requeue_operations"],
            *_key_columns(judged),
            [outcome.error_class for outcome in again],
            [outcome.message for outcome in again],
            [outcome.batch_limit for outcome in again],
            [
                pause_ms(self._config.retry, item.attempts) if outcome.pause else 0
                for item, outcome in zip(judged, again, strict=True)
            ],
        )

    async def _set_aside(self, conn: Connection, judged: Sequence[_Judged]) -> None:
        if not judged:
            return
        aside = [item.outcome for item in judged if isinstance(item.outcome, Aside)]
        for item, outcome in zip(judged, aside, strict=True):
            log.error(
                "mint_set_aside",
                extra={
                    "operation": mint_operation(item.meter, item.window),
                    "status": outcome.status,
                    "reason": outcome.message,
                },
            )
        statuses = [outcome.status for outcome in aside]
        await conn.execute(
            _SQL["set_aside_operations"],
            *_key_columns(judged),
            statuses,
            [outcome.error_class for outcome in aside],
            [outcome.message for outcome in aside],
        )
        await conn.execute(_SQL["set_aside_readings"], *_key_columns(judged), statuses)


def _operation_of(event: FinalizedEvent) -> OperationKey | None:
    if event.event_type not in (MINTED_EVENT, SKIPPED_EVENT):
        return None
    return mint_operation(MeterKey(bytes.fromhex(event.data["meter_id"])), Window(int(event.data["window"])))


def _minted(data: Mapping[str, Any], attempt: ClosedAttempt) -> Minted:
    assert attempt.slot is not None
    return Minted(
        amount_base_units=int(data["amount"]),
        destination=data["destination"],
        slot=attempt.slot,
        signature=attempt.signature,
    )


def _columns(keys: Sequence[tuple[Window, MeterKey]]) -> tuple[list[int], list[bytes]]:
    return [window for window, _ in keys], [bytes(meter) for _, meter in keys]


def _key_columns(judged: Sequence[_Judged]) -> tuple[list[int], list[bytes]]:
    return _columns([(item.window, item.meter) for item in judged])
