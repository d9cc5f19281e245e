"""Nodes of the grid, what was fed in and taken out, and storage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from gridtokenx_indexer.domain.windows import window_start
from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk, micro
from gridtokenx_indexer.ops.sample.meters import consumer_id, consumer_type, feeder, grid_codes, producer_id
from gridtokenx_indexer.ops.sample.weather import output_permille
from gridtokenx_indexer.ops.sample.world import World

_SHIFT = timedelta(hours=6)
_WINDOWS_A_SHIFT = 24
_SHIFTS = 32
"""Eight days of production records."""
_CONSUMPTION_DAYS = 5
_STORES = 10
_STORE_HOURS = 72


def grid(world: World) -> Iterator[Chunk]:
    chance = world.chance("grid")
    yield chunk(
        "grid.locations",
        "grid_code province district substation coordinates location_data capacity_mw current_load_mw"
        " congestion_level created_at updated_at",
        [
            (
                code,
                "Bangkok",
                f"District {n}",
                f"Substation {(n + 2) // 3}",
                f"(100.{500 + 7 * n},13.{700 + 5 * n})",
                {"feeder": n, "voltage_kv": 24},
                50,
                load,
                congestion(load * 2),
                world.ago(days=900),
                world.now,
            )
            for n, code in enumerate(grid_codes(), 1)
            for load in [chance.randrange(12, 46)]
        ],
    )
    yield from production(world)
    yield from consumption(world)
    yield from storage(world)


def congestion(percent: int) -> str:
    """The word for how much of a node's capacity is in use."""
    return "critical" if percent >= 95 else "high" if percent >= 80 else "medium" if percent >= 60 else "low"


def production(world: World) -> Iterator[Chunk]:
    """Six hours in a row; where the meters' readings reach back so far, their sum."""
    chance = world.chance("production")
    end = window_start(world.newest_window)
    rows: list[Row] = []
    codes = grid_codes()
    for shift in range(_SHIFTS, 0, -1):
        begin = end - shift * _SHIFT
        at = round((begin - window_start(world.oldest_window)) / timedelta(minutes=15))
        for n, meter in enumerate(world.meters):
            if meter.status != "verified":
                continue
            if at >= 0:
                made = sum(world.generated[n][at : at + _WINDOWS_A_SHIFT])
            else:
                middle = begin + _SHIFT / 2
                made = meter.capacity_w * output_permille(meter.source, middle, chance) * 6 * 60 // 100
            if made:
                score = micro(chance.randrange(900_000, 1_000_001))
                location = {"code": codes[n % len(codes)], "feeder": feeder(n)}
                efficiency = micro(chance.randrange(820_000, 990_000))
                rows.append(
                    (
                        producer_id(n),
                        micro(made),
                        meter.source,
                        location,
                        efficiency,
                        score,
                        f"{meter.source}-{meter.serial}",
                        shift > 1,
                        "EGAT" if shift > 1 else None,
                        begin + _SHIFT,
                        begin + _SHIFT,
                    )
                )
    yield chunk(
        "grid.energy_production",
        "producer_id energy_amount energy_source location_json efficiency quality_score equipment_id verified"
        " verification_authority timestamp created_at",
        rows,
    )


def consumption(world: World) -> Iterator[Chunk]:
    """A day in a row, in the household's appliances."""
    chance = world.chance("consumption")
    midnight = world.now.replace(hour=0, minute=0)
    codes = grid_codes()
    rows: list[Row] = []
    for day in range(_CONSUMPTION_DAYS - 1, -1, -1):
        moment = midnight - timedelta(days=day)
        for n in range(len(world.people)):
            parts = {
                "air conditioning": chance.randrange(1_000_000, 9_000_000),
                "refrigerator": chance.randrange(700_000, 1_500_000),
                "lighting": chance.randrange(200_000, 1_200_000),
            }
            if n % 6 == 0:
                parts["car"] = chance.randrange(3_000_000, 20_000_000)
            breakdown = {name: micro(amount) for name, amount in parts.items()}
            rows.append(
                (
                    consumer_id(n),
                    micro(sum(parts.values())),
                    consumer_type(n),
                    {"code": codes[n % len(codes)], "feeder": feeder(n)},
                    breakdown,
                    moment,
                    moment,
                )
            )
    columns = "consumer_id energy_amount consumer_type location_json appliance_breakdown timestamp created_at"
    yield chunk("grid.energy_consumption", columns, rows)


def storage(world: World) -> Iterator[Chunk]:
    """Batteries that charge by day and discharge in the evening; what is in them follows."""
    chance = world.chance("storage")
    stores: list[Row] = []
    operations: list[Row] = []
    hour = world.now.replace(minute=0)
    codes = grid_codes()
    for n in range(1, _STORES + 1):
        capacity, charge = chance.choice((4, 10, 20)) * 10**6, 10**6
        name = f"B-{n:03}"
        for back in range(_STORE_HOURS, 0, -1):
            moment = hour - timedelta(hours=back)
            operation = _operate(moment, chance, capacity, charge)
            if operation is None:
                continue
            kind, amount = operation
            charge += amount * 92 // 100 if kind == "charge" else -amount
            price = micro(chance.randrange(1_500_000, 4_500_000))
            state = "pending" if back == 1 else "settled"
            operations.append((name, kind, micro(amount), price, codes[n % len(codes)], state, moment))
        stores.append(
            (
                name,
                "Metropolitan Storage" if n % 2 else "Sun and Store",
                "flow battery" if n % 5 == 0 else "lithium battery",
                micro(capacity),
                micro(charge),
                "0.92",
                {"code": codes[n % len(codes)]},
                "maintenance" if n == 7 else "active",
                world.ago(days=600),
                hour,
            )
        )
    yield chunk(
        "grid.energy_storage",
        "storage_id storage_operator storage_type capacity_mwh current_charge efficiency location_json status"
        " installed_at updated_at",
        stores,
    )
    operations.sort(key=lambda row: row[6])
    yield chunk(
        "grid.storage_operations",
        "storage_id operation_type energy_amount price_per_unit grid_location settlement_status executed_at",
        operations,
    )


def _operate(moment: datetime, chance: Random, capacity: int, charge: int) -> tuple[str, int] | None:
    """In 1e-6 MWh: what fits in, or what there is."""
    local = (moment.hour + 7) % 24
    amount = chance.randrange(200_000, 1_500_000)
    if 9 <= local < 16:
        room = (capacity - charge) * 100 // 92
        return ("charge", min(amount, room)) if room > 100_000 else None
    if 18 <= local < 23:
        return ("discharge", min(amount, charge)) if charge > 100_000 else None
    return None
