"""What accumulates around users: messages, payments, activity, logins, settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.world import Person, World, signature

HISTORY_DAYS = 60
"""How far back messages, payments and activity reach."""
_UNREAD_DAYS = 2
_MESSAGES = (
    ("order", "Order filled", "Your order was filled completely."),
    ("order", "Order expired", "Nobody met your limit within the epoch."),
    ("mint", "Energy minted", "Your surplus of the last window is in your wallet."),
    ("vote", "Voting has opened", "A proposal waits for your vote until Sunday."),
    ("news", "Maintenance on Sunday", "Readings are accepted throughout."),
)
_AGENTS = ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", "okhttp/4.12.0")
_GENERAL_SETTINGS = (
    ("site.name", "GridTokenX", "string", "Shown in the title.", True),
    ("site.language", "th", "string", "Of visitors who choose none.", True),
    ("votes.quorum", "0.4", "decimal", "Of new proposals.", True),
    ("votes.approval", "0.5", "decimal", "Of new proposals.", True),
    ("votes.days", "7", "integer", "Length of a vote.", True),
    ("market.fee_bps", "25", "integer", "What the buyer pays on top.", True),
    ("support.address", "help@example.org", "string", "", True),
    ("payments.enabled", "true", "boolean", "", True),
    ("mail.sender", "noreply@example.org", "string", "", False),
    ("mail.server", "mail.example.org", "string", "", False),
    ("limits.daily", "5000", "decimal", "For members without a limit of their own.", False),
    ("backup.hour", "2", "integer", "UTC.", False),
)


def records(world: World) -> Iterator[Chunk]:
    yield from messages(world)
    yield from payments(world)
    yield from settings(world)
    yield from visits(world)


def _moment(world: World, chance: Random, days: int = HISTORY_DAYS) -> datetime:
    return world.ago(seconds=chance.randrange(days * 86_400))


def messages(world: World) -> Iterator[Chunk]:
    """What is two days old has been read."""
    chance = world.chance("messages")
    rows: list[Row] = []
    for number in range(5 * len(world.people)):
        person = chance.choice(world.people)
        kind, title, text = chance.choice(_MESSAGES)
        moment = _moment(world, chance)
        read = moment < world.ago(days=_UNREAD_DAYS) or chance.randrange(2) == 0
        seen = min(world.now, moment + timedelta(hours=5)) if read else moment
        rows.append((person.id, kind, title, text, {"number": number}, read, moment, seen))
    rows.sort(key=lambda row: row[6])
    columns = "user_id type title message data is_read created_at updated_at"
    yield chunk("community.notifications", columns, rows)


def payments(world: World) -> Iterator[Chunk]:
    chance = world.chance("payments")
    rows = [_payment(world, chance) for _ in range(4 * len(world.people))]
    rows.sort(key=lambda row: row[8])
    yield chunk(
        "community.transactions",
        "user_id type status amount currency description metadata transaction_hash created_at updated_at",
        rows,
    )


def _payment(world: World, chance: Random) -> Row:
    person = chance.choice(world.people)
    kind = chance.choices(("deposit", "withdrawal", "transfer", "vote"), (50, 20, 28, 2))[0]
    moment = _moment(world, chance)
    recent = moment > world.ago(days=1)
    status = "pending" if recent and chance.randrange(3) == 0 else "confirmed"
    if status == "confirmed" and chance.randrange(70) == 0:
        status = "failed"
    amount = 0 if kind == "vote" else f"{chance.randrange(10, 5_000)}.{chance.randrange(100):02}"
    return (
        person.id,
        kind,
        status,
        amount,
        "GTX",
        {"vote": "Vote on a proposal", "transfer": "To another member"}.get(kind, "Bank transfer"),
        {"channel": chance.choice(("web", "app"))},
        signature(chance) if status == "confirmed" else None,
        moment,
        moment if status == "pending" else min(world.now, moment + timedelta(minutes=3)),
    )


def settings(world: World) -> Iterator[Chunk]:
    """Some for everybody, and a limit for each member."""
    chance = world.chance("settings")
    rows: list[Row] = [
        (key, value, kind, about, public, world.ago(days=900), world.ago(days=30))
        for key, value, kind, about, public in _GENERAL_SETTINGS
    ]
    for person in world.people:
        limit = str(chance.randrange(1, 40) * 500)
        key = f"limits.daily.{person.username}"
        about = f"What {person.name} may withdraw in a day."
        rows.append((key, limit, "decimal", about, False, person.joined, person.joined))
    columns = "key value type description is_public created_at updated_at"
    yield chunk("community.settings", columns, rows)


def visits(world: World) -> Iterator[Chunk]:
    """Activity and logins, from the same place as a rule."""
    chance = world.chance("visits")
    kinds = ("login", "order_created", "vote_cast", "profile_updated")
    activities: list[Row] = [
        (person.id, kind, kind.replace("_", " "), _place(n), chance.choice(_AGENTS), {}, moment)
        for n, person in enumerate(world.people)
        for kind, moment in sorted(
            ((chance.choice(kinds), _moment(world, chance)) for _ in range(3)), key=lambda pair: pair[1]
        )
    ]
    activities.sort(key=lambda row: row[6])
    columns = "user_id activity_type description ip_address user_agent metadata created_at"
    yield chunk("public.user_activities", columns, activities)
    logins = [_login(world, chance, n, person) for n, person in enumerate(world.people) for _ in range(3)]
    logins.sort(key=lambda row: row[2])
    yield chunk("hosting.login_records", "email success login_time ip_address location", logins)
    yield chunk(
        "hosting.user_access",
        "user_id access_start_date access_end_date granted_by created_at",
        [
            (
                person.id,
                person.joined,
                None if n % 4 else person.joined + timedelta(days=730),
                world.people[0].id,
                person.joined,
            )
            for n, person in enumerate(world.people[1:], 1)
        ],
    )


def _place(n: int) -> str:
    return f"198.51.100.{n % 250 + 1}"


def _login(world: World, chance: Random, n: int, person: Person) -> Row:
    email = f"{person.username}@example.org"
    mistaken = chance.randrange(40) == 0
    return (
        email.replace("user", "usr") if mistaken else email,
        not mistaken and chance.randrange(25) != 0,
        _moment(world, chance),
        _place(n),
        chance.choice(("Bangkok, Thailand", "Chiang Mai, Thailand", "Rayong, Thailand")),
    )
