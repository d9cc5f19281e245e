"""Renewable assets, who holds shares in them, and what they yield."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from hashlib import sha256
from random import Random
from uuid import UUID

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk, micro
from gridtokenx_indexer.ops.sample.weather import air_celsius, output_permille, sun_permille
from gridtokenx_indexer.ops.sample.world import Person, World, signature, uuid

_KINDS = ("solar", "solar", "solar", "wind", "hydro")
_NAMES = {"solar": "Solar roof", "wind": "Wind turbine", "hydro": "River mill"}
_QUARTERS = 5
"""Past quarters of a year with revenue; that of the newest is not distributed yet."""
_OLDEST_REVENUE_DAYS = 650
"""Holders were there before all of them."""
_SATOSHI = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Asset:
    id: UUID
    number: int
    kind: str
    kilowatts: int
    status: str
    created: datetime
    holders: dict[Person, int]
    """Tokens of each."""
    bought: dict[Person, datetime]
    price: int

    @property
    def name(self) -> str:
        return f"{_NAMES[self.kind]} {self.number}"

    @property
    def tokens(self) -> int:
        return sum(self.holders.values())


def draw_assets(world: World) -> list[Asset]:
    chance = world.chance("assets")
    since = world.ago(days=_OLDEST_REVENUE_DAYS)
    able = [person for person in world.people if person.wallet is not None and person.joined < since]
    return [_asset(world, chance, n, able) for n in range(1, world.scale.assets + 1)]


def assets(world: World, listed: list[Asset]) -> Iterator[Chunk]:
    chance = world.chance("shares")
    yield chunk(
        "investment.assets",
        "id token_id name location_lat location_lon capacity_kw asset_type status created_at",
        [
            (
                asset.id,
                asset.number,
                asset.name,
                micro(13_000_000 + chance.randrange(4_000_000)),
                micro(99_500_000 + chance.randrange(3_000_000)),
                asset.kilowatts,
                asset.kind,
                asset.status,
                asset.created,
            )
            for asset in listed
        ],
    )
    yield chunk(
        "investment.asset_documents",
        "asset_id document_type ipfs_hash uploaded_at",
        [
            (asset.id, kind, content_id(f"{asset.id} {kind}"), asset.created + timedelta(days=1))
            for asset in listed
            for kind in (("specifications", "permits") if asset.number % 3 == 0 else ("permits",))
        ],
    )
    yield chunk(
        "investment.investments",
        "user_id asset_id amount_tokens purchase_price transaction_hash invested_at",
        [
            (person.id, asset.id, tokens, asset.price, signature(chance), asset.bought[person])
            for asset in listed
            for person, tokens in asset.holders.items()
        ],
    )
    yield from revenue(world, [asset for asset in listed if asset.holders])
    yield from output(world, [asset for asset in listed if asset.status == "active"])


def _asset(world: World, chance: Random, n: int, able: list[Person]) -> Asset:
    status = {3: "pending", 71: "suspended", 37: "retired"}.get(n % 101 if n > 8 else n, "active")
    kind = chance.choice(_KINDS)
    kilowatts = chance.choice((5, 10, 25, 100, 500))
    investors = [] if status == "pending" else chance.sample(able, chance.randrange(2, 7))
    holders = {person: kilowatts * chance.randrange(1, 5) for person in investors}
    created = world.ago(days=chance.randrange(700, 890) if holders else chance.randrange(1, 30))
    # All before the first quarter whose revenue is shared.
    bought = {
        person: max(created, person.joined) + timedelta(days=2, seconds=chance.randrange(20 * 86_400))
        for person in investors
    }
    price = chance.randrange(80, 121)
    return Asset(uuid(chance), n, kind, kilowatts, status, created, holders, bought, price)


def content_id(content: str) -> str:
    """The CIDv1 of a raw block: what the document store would answer for such bytes."""
    multihash = bytes([1, 0x55, 0x12, 32]) + sha256(content.encode()).digest()
    return "b" + b32encode(multihash).decode().lower().rstrip("=")


def past_quarters(today: date) -> list[tuple[date, date]]:
    """First and last days, oldest first, of the quarters that are over."""
    begin = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    found: list[tuple[date, date]] = []
    for _ in range(_QUARTERS):
        end = begin - timedelta(days=1)
        begin = date(end.year, end.month - 2, 1)
        found.insert(0, (begin, end))
    return found


def revenue(world: World, held: list[Asset]) -> Iterator[Chunk]:
    """Six to twelve percent a year, shared to the last digit by what each held."""
    chance = world.chance("revenue")
    quarters = past_quarters(world.now.date())
    distributions: list[Row] = []
    payouts: list[Row] = []
    for asset in held:
        for begin, end in quarters:
            key = uuid(chance)
            total = Decimal(asset.tokens * asset.price * chance.randrange(150, 300)) / 10_000
            paid_at = datetime.combine(end, world.now.timetz()) + timedelta(days=10)
            waits = end == quarters[-1][1] or paid_at > world.now
            status = "calculated" if waits else "distributed"
            distributions.append((key, asset.id, begin, end, total, None if waits else paid_at, status))
            for person, tokens, amount in shares(asset, total):
                payment = (None, None) if waits else (signature(chance), paid_at)
                made = datetime.combine(end, world.now.timetz()) + timedelta(days=1)
                word = "pending" if waits else "paid"
                payouts.append((key, person.id, tokens, amount, word, *payment, min(made, world.now)))
    yield chunk(
        "investment.revenue_distributions",
        "id asset_id period_start period_end total_amount distribution_date status",
        distributions,
    )
    yield chunk(
        "investment.revenue_payouts",
        "distribution_id user_id amount_tokens amount status transaction_hash paid_at created_at",
        payouts,
    )


def shares(asset: Asset, total: Decimal) -> Iterator[tuple[Person, int, Decimal]]:
    """Each rounded down; the first holder gets what that leaves."""
    parts = {
        person: (total * tokens / asset.tokens).quantize(_SATOSHI, ROUND_FLOOR)
        for person, tokens in asset.holders.items()
    }
    rest = total - sum(parts.values())
    for person, amount in parts.items():
        yield person, asset.holders[person], amount + rest
        rest = Decimal(0)


def output(world: World, active: list[Asset]) -> Iterator[Chunk]:
    """Hour by hour, all assets of an hour together."""
    chance = world.chance("output")
    newest = world.now.replace(minute=0)
    production: list[Row] = []
    weather: list[Row] = []
    for back in range(world.scale.asset_hours - 1, -1, -1):
        moment = newest - timedelta(hours=back)
        sun, air = sun_permille(moment), air_celsius(moment)
        for asset in active:
            power = asset.kilowatts * output_permille(asset.kind, moment, chance)
            warm = air + chance.randrange(-15, 16)
            heat = f"{(warm + sun // 8) / 10:.1f}"
            production.append((moment, asset.id, f"{power / 1000:.2f}", chance.randrange(395, 406), heat))
            wind = f"{chance.randrange(5, 90) / 10:.1f}"
            light = sun * chance.randrange(850, 1_001) // 1000
            weather.append((moment, asset.id, f"{warm / 10:.1f}", light, wind))
    yield chunk("investment.energy_production", "time asset_id power_kw voltage temperature", production)
    yield chunk("investment.weather_data", "time asset_id temperature irradiance wind_speed", weather)
