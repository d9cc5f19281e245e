"""`/v1/events`: decoded program events in chain order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import asyncpg
import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter, SkipValidation

from gridtokenx_indexer.api.cursors import Keyset, decode_cursor, encode_cursor
from gridtokenx_indexer.api.etag import tagged
from gridtokenx_indexer.api.reading import FINALIZED, SQL, Frontier, Reader
from gridtokenx_indexer.api.schemas import Event, EventPage
from gridtokenx_indexer.domain.errors import UsageError

MAXIMUM_LIMIT = 1000
_MAXIMUM_SLOT = 2**63 - 1

SlotFilter = Annotated[int | None, QueryParameter(ge=0, le=_MAXIMUM_SLOT)]


class _Filters(msgspec.Struct, frozen=True):
    """What a cursor is bound to."""

    type: str | None
    program_id: str | None
    signature: str | None
    from_slot: int | None
    to_slot: int | None
    from_time: datetime | None
    to_time: datetime | None
    wallet: str | None
    finality: str
    order: str


@get("/v1/events", summary="Program events", tags=["chain"])
async def events(
    request: Request[Any, Any, Any],
    reader: NamedDependency[SkipValidation[Reader]],
    type_: Annotated[
        str | None, QueryParameter(name="type", description="Event name, such as EnergyMinted.")
    ] = None,
    program_id: FromQuery[str | None] = None,
    signature: FromQuery[str | None] = None,
    wallet: Annotated[
        str | None, QueryParameter(description="Only events of transactions that this wallet signed.")
    ] = None,
    from_slot: SlotFilter = None,
    to_slot: SlotFilter = None,
    from_time: Annotated[datetime | None, QueryParameter(description="Block time at or after.")] = None,
    to_time: Annotated[datetime | None, QueryParameter(description="Block time before.")] = None,
    finality: FromQuery[Literal["confirmed", "finalized"]] = "confirmed",
    order: FromQuery[Literal["desc", "asc"]] = "desc",
    limit: Annotated[int, QueryParameter(ge=1, le=MAXIMUM_LIMIT)] = 100,
    cursor: FromQuery[str | None] = None,
) -> Response[EventPage]:
    """A page of events; `next_cursor` leads on. Confirmed events may still be rolled back."""
    for name, moment in (("from_time", from_time), ("to_time", to_time)):
        _require_moment(name, moment)
    filters = _Filters(
        type_, program_id, signature, from_slot, to_slot, from_time, to_time, wallet, finality, order
    )
    after = decode_cursor(cursor, filters) if cursor else None
    async with reader.snapshot() as (connection, frontier):
        rows = await _rows(connection, frontier, filters, after, limit)
    more = len(rows) > limit
    data = [_event(row, frontier) for row in rows[:limit]]
    last = rows[limit - 1] if more else None
    page = EventPage(
        context=frontier.context(finality),
        data=data,
        next_cursor=encode_cursor(Keyset(last["slot"], last["id"]), filters) if last else None,
    )
    return tagged(request, page, data)


def _require_moment(name: str, moment: datetime | None) -> None:
    """A time without a zone would mean another moment on another machine."""
    if moment is None:
        return
    if moment.tzinfo is None:
        raise UsageError(f"{name} has no time zone", remedy="write for example 2016-05-12T10:00:00Z")
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise UsageError(f"{name} is out of range", remedy="give a time of the years 1 to 9999 UTC") from None


async def _rows(
    connection: Any, frontier: Frontier, filters: _Filters, after: Keyset | None, limit: int
) -> list[asyncpg.Record]:
    to_slot = filters.to_slot
    if filters.finality == FINALIZED:
        if frontier.finalized_slot is None:
            return []
        to_slot = min(frontier.finalized_slot, to_slot if to_slot is not None else _MAXIMUM_SLOT)
    await connection.execute(SQL["plan_for_these_filters"])
    rows: list[asyncpg.Record] = await connection.fetch(
        SQL["events_newest_first" if filters.order == "desc" else "events_oldest_first"],
        filters.type,
        filters.program_id,
        filters.signature,
        filters.from_slot,
        to_slot,
        filters.from_time,
        filters.to_time,
        filters.wallet,
        after.slot if after else None,
        after.id if after else None,
        limit + 1,
    )
    return rows


def _event(row: asyncpg.Record, frontier: Frontier) -> Event:
    return Event(
        id=str(row["id"]),
        slot=str(row["slot"]),
        tx_index=row["tx_index"],
        signature=row["signature"],
        instruction_path=row["instruction_path"],
        event_ordinal=row["event_ordinal"],
        program_id=row["program_id"],
        type=row["event_type"],
        data=row["data"],
        block_time=row["block_time"],
        finality=frontier.finality(row["slot"]),
    )
