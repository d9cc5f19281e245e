"""The orders of an epoch: who still holds energy asks, anybody bids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from gridtokenx_indexer.ops.sample.chunk import micro
from gridtokenx_indexer.ops.sample.meters import ZONES
from gridtokenx_indexer.ops.sample.world import World, uuid

_BASE_UNITS_PER_LOT = 10**6
_MICRO_PER_LOT = 1_000
_LARGEST_LOTS = 3_000

COLUMNS = (
    "id user_id order_type energy_amount price_per_kwh meter_id zone_id time_in_force expires_at created_at"
)


class Order(NamedTuple):
    id: UUID
    user_id: UUID
    side: str
    energy: str
    price: str
    meter_id: UUID | None
    zone_id: int | None
    time_in_force: str
    expires_at: datetime | None
    created_at: datetime


def draw_orders(
    world: World, chance: Random, count: int, entered_at: datetime, asked: Counter[UUID]
) -> list[Order]:
    """`count` orders, half of them asks as long as there is energy.

    `asked` is what sellers ask for in orders that may outlive their epoch, in lots: nobody sells the same
    energy twice.
    """
    orders: list[Order] = []
    asked_now: Counter[UUID] = Counter()
    sellers = [meter for meter in world.meters if meter.status == "verified"]
    buyers = [person for person in world.people if person.wallet is not None]
    for n in range(count):
        life = chance.choices(("epoch", "hours", "open"), (60, 35, 5))[0]
        expires = entered_at + timedelta(minutes=chance.randrange(30, 90)) if life == "hours" else None
        terms = ("epoch" if life == "epoch" else "gtc", expires, entered_at)
        meter = chance.choice(sellers)
        seller = world.people[meter.owner]
        assert seller.wallet is not None
        held = world.ledger.energy(seller.wallet).total // _BASE_UNITS_PER_LOT
        lots = min(_LARGEST_LOTS, held - asked[seller.id] - asked_now[seller.id])
        if n % 2 and lots > 0:
            ask = chance.randrange(1, lots + 1)
            (asked_now if life == "epoch" else asked)[seller.id] += ask
            price = micro(chance.randrange(210, 390) * 10_000)
            amount = micro(ask * _MICRO_PER_LOT)
            orders.append(Order(uuid(chance), seller.id, "sell", amount, price, meter.id, None, *terms))
        else:
            amount = micro(chance.randrange(1, _LARGEST_LOTS) * _MICRO_PER_LOT)
            price = micro(chance.randrange(270, 450) * 10_000)
            zone = chance.randrange(ZONES)
            buyer = chance.choice(buyers).id
            orders.append(Order(uuid(chance), buyer, "buy", amount, price, None, zone, *terms))
    return orders


def draw_cancelled(chance: Random, orders: Sequence[Order]) -> list[UUID]:
    """Who thinks better of it before the gate closes."""
    return [order.id for order in orders if order.time_in_force == "gtc" and chance.randrange(25) == 0]
