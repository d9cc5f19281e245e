"""Epochs as an operator sees them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.units import base_units_to_kwh
from gridtokenx_indexer.domain.windows import epoch_start
from gridtokenx_indexer.market.epochs import EpochStatus
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Pool

_SQL = load("market")


class EpochSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One epoch; the price per kWh is weighted over zones, None when nothing traded."""

    epoch: EpochNumber
    start_time: datetime
    end_time: datetime
    status: EpochStatus
    clearing_price: Decimal | None
    volume_kwh: Decimal
    orders: int
    matched_orders: int
    trades: int
    failure: str | None


class ZoneDetail(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one zone; hashes in hex, `figures` all other columns of its row."""

    zone: int
    status: str
    clearing_price: Decimal | None
    volume_kwh: Decimal
    trades: int
    book_hash: str
    result_hash: str
    figures: dict[str, Any]


class PartDetail(msgspec.Struct, frozen=True, kw_only=True):
    zone: int
    part: int
    status: str
    first_index: int
    trades: int
    root: str
    deadline: datetime | None
    opened_signature: str | None
    closed_signature: str | None
    failure: str | None


class TradeState(msgspec.Struct, frozen=True, kw_only=True):
    """How many trades of a zone stand in one state."""

    zone: int
    state: str
    trades: int
    energy_kwh: Decimal


class EpochDetail(msgspec.Struct, frozen=True, kw_only=True):
    summary: EpochSummary
    zones: list[ZoneDetail]
    parts: list[PartDetail]
    trades: list[TradeState]


_ZONE_FIELDS = frozenset(
    {
        "epoch_number",
        "zone_id",
        "status",
        "clearing_price",
        "volume",
        "trade_count",
        "book_hash",
        "result_hash",
        "created_at",
    }
)


async def list_epochs(
    pool: Pool,
    *,
    before: EpochNumber | None = None,
    status: EpochStatus | None = None,
    limit: int = 20,
) -> list[EpochSummary]:
    """Newest first; `before` leaves out that epoch and all later ones."""
    rows = await pool.fetch(_SQL["epochs"], before, status.value if status else None, limit)
    return [_summary(row) for row in rows]


async def show_epoch(pool: Pool, epoch: EpochNumber) -> EpochDetail:
    """Raises `UsageError` for a number that names no epoch, or one that does not exist here."""
    epoch_start(epoch)
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await conn.fetchrow(_SQL["epoch"], epoch)
        if row is None:
            raise UsageError(f"epoch {epoch} does not exist", remedy="see gridtokenx-indexer epoch list")
        return EpochDetail(
            summary=_summary(row),
            zones=[_zone(zone) for zone in await conn.fetch(_SQL["epoch_zones"], epoch)],
            parts=[_part(part) for part in await conn.fetch(_SQL["epoch_parts"], epoch)],
            trades=[_trade_state(state) for state in await conn.fetch(_SQL["trade_states"], epoch)],
        )


def _summary(row: asyncpg.Record) -> EpochSummary:
    return EpochSummary(
        epoch=EpochNumber(row["epoch_number"]),
        start_time=row["start_time"],
        end_time=row["end_time"],
        status=EpochStatus(row["status"]),
        clearing_price=row["clearing_price"],
        volume_kwh=row["total_volume"],
        orders=row["total_orders"],
        matched_orders=row["matched_orders"],
        trades=row["trade_count"],
        failure=row["failure"],
    )


def _zone(row: asyncpg.Record) -> ZoneDetail:
    return ZoneDetail(
        zone=row["zone_id"],
        status=row["status"],
        clearing_price=row["clearing_price"],
        volume_kwh=row["volume"],
        trades=row["trade_count"],
        book_hash=row["book_hash"].hex(),
        result_hash=row["result_hash"].hex(),
        figures={name: value for name, value in row.items() if name not in _ZONE_FIELDS},
    )


def _part(row: asyncpg.Record) -> PartDetail:
    return PartDetail(
        zone=row["zone_id"],
        part=row["part"],
        status=row["status"],
        first_index=row["first_index"],
        trades=row["trade_count"],
        root=row["root"].hex(),
        deadline=row["deadline"],
        opened_signature=row["opened_signature"],
        closed_signature=row["closed_signature"],
        failure=row["failure"],
    )


def _trade_state(row: asyncpg.Record) -> TradeState:
    return TradeState(
        zone=row["zone_id"],
        state=row["state"],
        trades=row["trades"],
        energy_kwh=base_units_to_kwh(int(row["energy_base_units"])),
    )
