"""How an attempt ended, and who is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from gridtokenx_indexer.domain.ids import OperationKey, Signature, Slot
from gridtokenx_indexer.tx.ports import Connection


class Verdict(StrEnum):
    """The three proved ends of an attempt; there is no fourth."""

    DEAD = "dead"
    """Absent from every finalized block in which it could have landed: nothing happened."""
    SPENT_OK = "spent_ok"
    """Finalized without error. Not yet evidence that an operation happened: its event is."""
    SPENT_ERROR = "spent_error"
    """Finalized with an error: nothing happened but the fee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalizedEvent:
    """One event of a finalized transaction, as stored in `blockchain_events`."""

    program_id: str
    event_type: str
    instruction_path: str
    event_ordinal: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAttempt:
    """An attempt whose end is proved. `slot` and `events` are set when it was finalized, `error` with an
    error.

    `events` are in chain order: instruction path, then ordinal.
    """

    signature: Signature
    kind: str
    verdict: Verdict
    operations: tuple[OperationKey, ...]
    context: Mapping[str, Any]
    blockhash_slot: Slot
    lease_name: str
    lease_term: int
    slot: Slot | None = None
    error: Any = None
    events: tuple[FinalizedEvent, ...] = ()
    last_send_error: str | None = None


class OutcomeHandler(Protocol):
    """What a kind of attempt does with its end.

    Called in the database transaction that closes the attempts and releases their items, with all attempts of
    the handler's kinds that close together. It must decide operation by operation, from `events` and the
    stored rows alone, and may be called again with the same attempts after a failed commit. A `ParkError`
    leaves the one attempt it was raised for in review with its items still held; any other error rolls the
    closing back.
    """

    @property
    def kinds(self) -> frozenset[str]: ...

    async def resolve(self, conn: Connection, closed: Sequence[ClosedAttempt]) -> None: ...
