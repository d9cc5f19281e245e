"""Users, and what they show of themselves."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.world import MODERATOR_EVERY, Person, World, address, uuid

_FIRST = (
    "Anong",
    "Boonsri",
    "Chai",
    "Dao",
    "Ekachai",
    "Fah",
    "Gamon",
    "Hathai",
    "Intira",
    "Jirapat",
    "Kanya",
)
_LAST = ("Arun", "Bunnag", "Chanthara", "Duangdi", "Ekkasit", "Fongsamut", "Khamdee", "Limsakul", "Maneerat")
_BIOS = (
    "Twelve panels on the roof since spring.",
    "Buys from the neighbours first.",
    "Small wind turbine behind the workshop.",
    "Here for the votes.",
    "",
)
_MONEY = 5_000 * 10**6
"""What everybody brings along, in units of the payment token."""


def people(world: World) -> Iterator[Chunk]:
    chance = world.chance("people")
    count = world.scale.users
    for n in range(count):
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        joined = world.ago(days=900 - 830 * n // count, seconds=chance.randrange(86_400))
        wallet = None if _unverified(n) else address(chance)
        world.people.append(
            Person(uuid(chance), f"{first} {last}", f"user{n}", wallet, joined, not _suspended(n))
        )
        if wallet is not None:
            world.ledger.open(wallet, money=_MONEY)
    yield chunk(
        "public.users",
        "id email username password_hash wallet_address role user_type first_name last_name phone name"
        " hosting_role two_factor_secret email_verified email_verified_at blockchain_registered kyc_status"
        " is_active status last_login created_at updated_at",
        [_user(world, chance, n, person) for n, person in enumerate(world.people)],
    )
    yield from presence(world)


def _unverified(n: int) -> bool:
    return n % 67 == 13


def _suspended(n: int) -> bool:
    return n % 101 == 47


def _user(world: World, chance: Random, n: int, person: Person) -> Row:
    first, last = person.name.split()
    verified = person.wallet is not None
    seen = world.ago(seconds=chance.randrange(20 * 86_400)) if verified else None
    return (
        person.id,
        f"{person.username}@example.org",
        person.username,
        f"$2b$12${chance.getrandbits(265):053x}"[:60],
        person.wallet,
        "admin"
        if n < max(1, world.scale.users // 1_000)
        else "moderator"
        if n % MODERATOR_EVERY == 1
        else "user",
        "prosumer" if n < world.scale.meters else "corporate" if n % 29 == 0 else "consumer",
        first,
        last,
        f"+66 8{n:08}",
        person.name,
        "owner" if n == 0 else "admin" if n < 5 else "client" if n % 10 == 3 else "user",
        b32encode(chance.randbytes(20)).decode() if n % 8 == 0 else None,
        verified,
        person.joined + timedelta(minutes=chance.randrange(2, 600)) if verified else None,
        verified,
        _kyc(n) if verified else "pending",
        person.active,
        "ACTIVE" if person.active else "SUSPENDED",
        seen,
        person.joined,
        seen or person.joined,
    )


def _kyc(n: int) -> str:
    return (
        "rejected"
        if n % 211 == 17
        else "expired"
        if n % 199 == 23
        else "pending"
        if n % 9 == 4
        else "verified"
    )


def presence(world: World) -> Iterator[Chunk]:
    """Profiles and wallets."""
    chance = world.chance("presence")
    yield chunk(
        "community.profiles",
        "user_id bio avatar_url website twitter discord telegram preferences created_at updated_at",
        [
            (
                person.id,
                chance.choice(_BIOS),
                f"https://example.org/avatars/{person.username}.png" if n % 3 else None,
                f"https://{person.username}.example.org" if n % 11 == 0 else None,
                f"@{person.username}" if n % 4 == 0 else None,
                person.username if n % 5 == 0 else None,
                f"@{person.username}" if n % 6 == 0 else None,
                {"theme": chance.choice(("dark", "light")), "language": chance.choice(("th", "en"))},
                person.joined,
                person.joined,
            )
            for n, person in enumerate(world.people)
        ],
    )
    yield chunk(
        "community.wallets",
        "user_id address network type is_primary is_verified created_at updated_at",
        [
            (person.id, person.wallet, "solana", "external", True, True, person.joined, person.joined)
            for person in world.people
            if person.wallet is not None
        ]
        + [
            (
                person.id,
                f"0x{chance.getrandbits(160):040x}",
                "ethereum",
                "custodial" if n % 2 else "external",
                False,
                n % 3 == 0,
                person.joined + timedelta(days=30),
                person.joined + timedelta(days=30),
            )
            for n, person in enumerate(world.people)
            if n % 12 == 5
        ],
    )
    yield chunk(
        "investment.user_profiles",
        "user_id full_name country_code phone document_type document_number verification_date",
        [
            (
                person.id,
                person.name,
                chance.choice(("TH", "TH", "TH", "SG", "DE")),
                f"+66 8{n:08}",
                chance.choice(("passport", "id_card")),
                f"{chance.choice('ABCD')}{chance.randrange(10**7):07}",
                person.joined + timedelta(days=2) if _kyc(n) == "verified" else None,
            )
            for n, person in enumerate(world.people)
            if person.wallet is not None
        ],
    )
