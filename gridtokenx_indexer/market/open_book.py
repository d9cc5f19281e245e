"""Reading the book from the database: the open orders of a snapshot, or the stored evidence of a clearing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.amounts import micro_of
from gridtokenx_indexer.market.clearing.book import Book, BookOrder, Side, make_book
from gridtokenx_indexer.market.clearing.charges import Charges, effective_bid
from gridtokenx_indexer.market.clearing.rules import ClearingRules
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection

_SQL = load("market")


@dataclass(frozen=True, slots=True)
class OpenBook:
    """The book of every zone that has an order, and the base58 wallet of every user in them."""

    zones: Mapping[ZoneId, Book]
    wallets: Mapping[UUID, str]


async def read_rules(conn: Connection, config: MarketConfig) -> ClearingRules:
    """What the database holds orders to, joined with what the operator chose."""
    row = await conn.fetchrow(_SQL["rules"])
    if row is None:
        raise StopError(
            "indexer.market_rules has no row", remedy="INSERT INTO indexer.market_rules DEFAULT VALUES"
        )
    return ClearingRules(
        k_numerator=config.k_numerator,
        k_denominator=config.k_denominator,
        rationing=config.rationing,
        lot_micro_kwh=micro_of(row["lot_kwh"]),
        tick_micro=micro_of(row["price_tick"]),
        floor_micro=micro_of(row["price_floor"]),
        cap_micro=micro_of(row["price_cap"]),
    )


async def read_charges(conn: Connection, epoch: EpochNumber) -> Charges:
    """The charges in force when the epoch starts; raises `StopError` when no schedule reaches back so far."""
    row = await conn.fetchrow(_SQL["fee_schedule"], epoch)
    if row is None:
        raise StopError(
            f"no fee schedule is in force for epoch {epoch}",
            remedy="insert a row with effective_from up to it into indexer.fee_schedules",
        )
    return Charges(
        market_fee_bps=row["market_fee_bps"],
        grid_fee_micro=micro_of(row["grid_fee_per_kwh"]),
        wheeling_micro=micro_of(row["wheeling_per_kwh"]),
        loss_bps=row["loss_bps"],
    )


async def read_open_book(conn: Connection, closes_at: datetime, charges: Charges) -> OpenBook:
    """The book at gate closure as the transaction's snapshot sees it."""
    orders: dict[ZoneId, list[BookOrder]] = {}
    wallets: dict[UUID, str] = {}
    for zone, order_id, user_id, order_type, seq, remaining, limit, wallet in await conn.fetch(
        _SQL["open_book"], closes_at
    ):
        side = Side(order_type)
        effective = effective_bid(limit, charges) if side is Side.BUY else limit
        orders.setdefault(zone, []).append(
            BookOrder(order_id, user_id, side, seq, remaining, limit, effective)
        )
        wallets[user_id] = wallet
    return OpenBook({zone: make_book(orders[zone]) for zone in sorted(orders)}, wallets)


async def read_stored_book(conn: Connection, epoch: EpochNumber, zone: ZoneId) -> Book:
    """The book as the clearing stored it."""
    return make_book(
        BookOrder(order_id, user_id, Side(side), seq, remaining, limit, effective)
        for order_id, user_id, side, seq, remaining, limit, effective in await conn.fetch(
            _SQL["stored_book"], epoch, zone
        )
    )
