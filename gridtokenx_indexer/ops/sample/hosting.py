"""Hosted miners and what they report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.weather import air_celsius
from gridtokenx_indexer.ops.sample.world import World

_PLACES = ("Rayong", "Chon Buri", "Saraburi", "Lampang", "Khon Kaen")


class Model(NamedTuple):
    name: str
    maker: str
    terahashes: int
    watts: int
    released: date
    price: int


MODELS = (
    Model("Antminer S19 Pro", "Bitmain", 110, 3250, date(2020, 5, 1), 1_900),
    Model("Antminer S21", "Bitmain", 200, 3500, date(2024, 1, 1), 3_600),
    Model("Whatsminer M50S", "MicroBT", 126, 3276, date(2022, 10, 1), 1_700),
    Model("Whatsminer M60S", "MicroBT", 186, 3441, date(2024, 2, 1), 3_100),
    Model("Avalon A1466", "Canaan", 150, 3225, date(2023, 10, 1), 2_000),
)
_SWINGS = range(-30, 31)
STANDBY_WATTS = 15
_DAYS = 30
_TELEMETRY_DAYS = 2


def model_of(miner: int) -> Model:
    return MODELS[miner % len(MODELS)]


def site_of(world: World, miner: int) -> int:
    return 1 + miner % world.scale.sites


def status_of(miner: int, curtailed: Mapping[int, timedelta]) -> str:
    if miner in curtailed:
        return "curtailed"
    return "maintenance" if miner % 47 == 11 else "offline" if miner % 31 == 7 else "active"


def hosting(world: World, curtailed: Mapping[int, timedelta]) -> Iterator[Chunk]:
    """`curtailed`: miners that are switched off now, and for how long they have been."""
    chance = world.chance("hosting")
    count = world.scale.miners
    rated = dict.fromkeys(range(1, world.scale.sites + 1), 0)
    for miner in range(1, count + 1):
        rated[site_of(world, miner)] += model_of(miner).watts
    opened = world.ago(days=900)
    yield chunk(
        "hosting.hosting_sites",
        "id name location capacity_mw created_at",
        [
            (
                site,
                f"{_PLACES[site % len(_PLACES)]} {site}",
                f"{_PLACES[site % len(_PLACES)]}, Thailand",
                Decimal(watts * (115 + site * 7 % 40) // 100 // 1000) / 1000,
                opened,
            )
            for site, watts in rated.items()
        ],
    )
    yield chunk(
        "hosting.miner_models",
        "id name manufacturer hashrate power_consumption efficiency release_date msrp",
        [
            (
                n,
                one.name,
                one.maker,
                one.terahashes,
                one.watts,
                round(Decimal(one.watts) / one.terahashes, 4),
                one.released,
                one.price,
            )
            for n, one in enumerate(MODELS, 1)
        ],
    )
    clients = [person.id for n, person in enumerate(world.people) if n % 10 == 3]
    bought = {miner: world.ago(days=60 + chance.randrange(600)) for miner in range(1, count + 1)}
    yield chunk(
        "hosting.hosting_miners",
        "id serial_number miner_model_id site_id status cgminer_ip cgminer_enabled client_id purchase_date"
        " warranty_expiry created_at updated_at",
        [
            (
                miner,
                f"M-{miner:06}",
                1 + miner % len(MODELS),
                site_of(world, miner),
                status_of(miner, curtailed),
                f"10.{site_of(world, miner)}.{miner // 250}.{miner % 250 + 1}",
                miner % 47 != 11,
                chance.choice(clients),
                bought[miner].date(),
                (bought[miner] + timedelta(days=365)).date(),
                bought[miner] + timedelta(days=10),
                world.ago(days=chance.randrange(1, 10)),
            )
            for miner in range(1, count + 1)
        ],
    )
    columns = ("miner_id", "hashrate", "temperature", "power_consumption", "fan_speed", "recorded_at")
    yield Chunk("hosting.miner_telemetry", columns, telemetry(world, curtailed), world.scale.telemetry)
    yield from site_days(world)


def telemetry(world: World, curtailed: Mapping[int, timedelta]) -> Iterator[str]:
    """Report by report, all miners of a moment together, as they arrive; the last moment is `now`."""
    chance = world.chance("telemetry")
    count, step = world.scale.miners, timedelta(seconds=world.scale.telemetry_s)
    miners = range(1, count + 1)
    models = [miner % len(MODELS) for miner in miners]
    still = [status_of(miner, {}) != "active" for miner in miners]
    off_since = [world.now - curtailed[miner] if miner in curtailed else None for miner in miners]
    left = world.scale.telemetry
    for back in range(-(-left // count) - 1, -1, -1):
        moment = world.now - back * step
        air = air_celsius(moment)
        tail = f"\t{moment:%Y-%m-%d %H:%M:%S+00}\n"
        # The same few figures for many miners: writing them out once is most of the speed.
        running = [
            [
                f"\t{one.terahashes + swing / 10:.1f}\t{(air + 330 + swing * 2) / 10:.1f}"
                f"\t{one.watts + swing}\t{5_400 + swing * 4}{tail}"
                for swing in _SWINGS
            ]
            for one in MODELS
        ]
        idle = f"\t0\t{air / 10:.1f}\t{STANDBY_WATTS}\t0{tail}"
        swings = chance.choices(range(len(_SWINGS)), k=count)
        for at in range(min(count, left)):
            since = off_since[at]
            off = still[at] or (since is not None and since <= moment)
            yield f"{at + 1}{idle if off else running[models[at]][swings[at]]}"
        left -= count


def site_days(world: World) -> Iterator[Chunk]:
    """The days before those of which there is telemetry; their own is computed from it."""
    chance = world.chance("site days")
    rows: list[Row] = []
    for back in range(_DAYS, _TELEMETRY_DAYS - 1, -1):
        for site in range(1, world.scale.sites + 1):
            miners = [m for m in range(1, world.scale.miners + 1) if site_of(world, m) == site]
            models = [model_of(miner) for miner in miners if status_of(miner, {}) == "active"]
            uptime = chance.randrange(9_300, 10_000)
            watts = sum(one.watts for one in models) * uptime // 10_000
            hashes = sum(one.terahashes for one in models) * uptime // 10_000
            day = world.ago(days=back).date()
            share = Decimal(uptime * len(models) // len(miners)) / 10_000
            figures = (Decimal(watts) / 10**6, Decimal(watts * 24) / 10**6, round(Decimal(watts) / hashes, 4))
            rows.append((site, day, len(miners), hashes, *figures, share))
    columns = "site_id day miners hashrate_avg power_avg_mw energy_mwh efficiency_j_per_th uptime"
    yield chunk("hosting.site_days", columns, rows)
