"""The meters of the members, and who is registered to feed in and to take energy out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.ops.sample.chunk import Chunk, chunk, micro
from gridtokenx_indexer.ops.sample.world import Meter, World, uuid

ZONES = 2
_SOURCES = ("solar", "solar", "wind")
_FEEDERS = 120
_MAKERS = ("Itron", "Kamstrup", "Landis+Gyr")


def meters(world: World) -> Iterator[Chunk]:
    chance = world.chance("meters")
    owners = [n for n, person in enumerate(world.people) if person.wallet is not None and person.active]
    count = world.scale.meters
    waiting = max(1, count // 50)
    for n in range(count):
        serial = f"SN-{n:06}"
        status = (
            "pending" if n >= count - waiting else "suspended" if n == count - waiting - 1 else "verified"
        )
        world.meters.append(
            Meter(
                uuid(chance),
                serial,
                meter_key(serial),
                owners[n % len(owners)],
                n % ZONES,
                _SOURCES[n % len(_SOURCES)],
                chance.choice((3_000, 5_000, 8_000, 10_000)),
                status,
            )
        )
    yield chunk(
        "public.meter_registry",
        "id user_id meter_serial zone_id verification_status verification_method meter_type manufacturer"
        " location_address installation_date verified_by verified_at metadata created_at updated_at",
        [
            (
                meter.id,
                world.people[meter.owner].id,
                meter.serial,
                meter.zone,
                meter.status,
                None if meter.status == "pending" else "inspection",
                "smart",
                _MAKERS[n % len(_MAKERS)],
                f"{n + 1} Sukhumvit Road, Bangkok",
                (world.people[meter.owner].joined + timedelta(days=1)).date(),
                None if meter.status == "pending" else world.staff[0].id,
                None if meter.status == "pending" else world.people[meter.owner].joined + timedelta(days=5),
                {"capacity_w": meter.capacity_w, "source": meter.source},
                world.people[meter.owner].joined + timedelta(days=1),
                world.people[meter.owner].joined + timedelta(days=5),
            )
            for n, meter in enumerate(world.meters)
        ],
    )
    yield from participants(world)


def producer_id(n: int) -> str:
    return f"P-{n:05}"


def consumer_id(n: int) -> str:
    return f"C-{n:05}"


def consumer_type(n: int) -> str:
    return "commercial" if n % 17 == 3 else "agricultural" if n % 23 == 5 else "residential"


def feeder(n: int) -> int:
    """The line that a participant hangs on."""
    return n % _FEEDERS + 1


def grid_codes() -> list[str]:
    return [f"BKK-{n:02}" for n in range(1, 11)]


def participants(world: World) -> Iterator[Chunk]:
    chance = world.chance("participants")
    codes = grid_codes()
    owner_of = [world.people[meter.owner] for meter in world.meters]
    yield chunk(
        "blockchain.registered_producers",
        "producer_id user_id producer_name producer_type energy_sources location_json capacity_kw"
        " certification verified registered_at updated_at",
        [
            (
                producer_id(n),
                owner.id,
                f"{owner.name}, meter {meter.serial}",
                "commercial" if n % 17 == 3 else "residential",
                [meter.source, "battery"] if n % 5 == 0 else [meter.source],
                {"code": codes[n % len(codes)], "feeder": feeder(n), "zone": meter.zone},
                micro(meter.capacity_w * 1_000),
                "EGAT small producer" if meter.status == "verified" else None,
                meter.status == "verified",
                owner.joined + timedelta(days=6),
                owner.joined + timedelta(days=6),
            )
            for n, (meter, owner) in enumerate(zip(world.meters, owner_of, strict=True))
        ],
    )
    yield chunk(
        "blockchain.registered_consumers",
        "consumer_id user_id consumer_name consumer_type location_json avg_consumption_kwh peak_demand_kw"
        " verified registered_at updated_at",
        [
            (
                consumer_id(n),
                person.id,
                person.name,
                consumer_type(n),
                {"code": codes[n % len(codes)], "feeder": feeder(n)},
                micro(chance.randrange(4_000_000, 22_000_000)),
                micro(chance.randrange(2_000_000, 9_000_000)),
                person.wallet is not None,
                person.joined + timedelta(days=2),
                person.joined + timedelta(days=2),
            )
            for n, person in enumerate(world.people)
        ],
    )
