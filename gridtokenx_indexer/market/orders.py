"""Entering orders. What may enter is decided by the triggers of `trading_orders`; see docs/orders.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from gridtokenx_indexer.market.amounts import micro_of
from gridtokenx_indexer.market.clearing.book import Side
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.refusals import REFUSALS, refusal
from gridtokenx_indexer.tx.ports import Connection

_SQL = load("market")


class TimeInForce(StrEnum):
    GTC = "gtc"
    """Stays in the book until filled, cancelled or expired."""
    EPOCH = "epoch"
    """What its first book leaves unmatched expires."""


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order to enter: energy in kWh, price per kWh, both with at most six decimals.

    Without `zone_id` the meter's zone is taken, without a meter zone 0. `id` is the writer's own, so that
    entering the same order twice is refused.
    """

    id: UUID
    user_id: UUID
    side: Side
    energy_kwh: Decimal
    price_per_kwh: Decimal
    zone_id: int | None = None
    meter_id: UUID | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    expires_at: datetime | None = None


async def enter_orders(conn: Connection, orders: Sequence[NewOrder]) -> list[int]:
    """Enters all orders or none, in the given order of time; returns their `seq`.

    Raises `ParkError` for an order that may not enter, naming the reason.
    """
    for order in orders:
        micro_of(order.energy_kwh)
        micro_of(order.price_per_kwh)
    try:
        rows = await conn.fetch(
            _SQL["insert_orders"],
            [order.id for order in orders],
            [order.user_id for order in orders],
            [order.side.value for order in orders],
            [order.energy_kwh for order in orders],
            [order.price_per_kwh for order in orders],
            [order.zone_id for order in orders],
            [order.meter_id for order in orders],
            [order.time_in_force.value for order in orders],
            [order.expires_at for order in orders],
        )
    except REFUSALS as error:
        raise refusal(error).as_error(
            "an order may not enter the book", otherwise="correct it; docs/orders.md lists the rules"
        ) from error
    return [row["seq"] for row in rows]
