"""What other applications write into the database in the demo: users, meters, readings, orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gridtokenx_indexer.ops.demo.day import DemoReading
from gridtokenx_indexer.ops.demo.identities import Participant, demo_id
from gridtokenx_indexer.ops.demo.orders import DemoOrder
from gridtokenx_indexer.ops.demo.persistence import patiently
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load

SQL = load("demo")


async def register_people(pool: Pool, participants: Sequence[Participant]) -> None:
    async def attempt() -> None:
        async with pool.acquire() as connection, connection.transaction():
            for one in participants:
                kind = "prosumer" if one.produces else "consumer"
                wallet = str(one.wallet.pubkey())
                name = f"household-{one.user_id.hex[:12]}"
                await connection.execute(
                    SQL["add_user"], one.user_id, f"{name}@demo.invalid", name, wallet, kind
                )
                await connection.execute(SQL["add_meter"], one.meter_id, one.user_id, one.serial, kind)

    await patiently(attempt)


async def write_readings(pool: Pool, readings: Sequence[DemoReading]) -> None:
    """The readings of one window, as a metering application would insert them."""

    async def attempt() -> None:
        for moment in {reading.start for reading in readings}:
            await pool.execute(SQL["ensure_readings_partition"], moment)
        await pool.execute(
            SQL["add_readings"],
            [demo_id("reading", reading.serial, reading.start.isoformat()) for reading in readings],
            [demo_id("meter", reading.serial) for reading in readings],
            [reading.start for reading in readings],
            [reading.generated_kwh for reading in readings],
            [reading.consumed_kwh for reading in readings],
        )

    await patiently(attempt)


async def write_orders(pool: Pool, orders: Sequence[DemoOrder]) -> None:
    async def attempt() -> None:
        await pool.execute(
            SQL["add_orders"],
            [order.id for order in orders],
            [order.participant.meter_id for order in orders],
            [order.side for order in orders],
            [order.energy_kwh for order in orders],
            [order.price_per_kwh for order in orders],
            [order.time_in_force for order in orders],
        )

    if orders:
        await patiently(attempt)


async def set_market_clock(pool: Pool, moment: datetime) -> None:
    await patiently(lambda: pool.execute(SQL["set_market_clock"], moment))
