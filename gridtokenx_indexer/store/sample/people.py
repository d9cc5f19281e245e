"""Users and what the community keeps about them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gridtokenx_indexer.store.sample.context import Chunk, Sample, chunk

_FIRST = ("Ann", "Ben", "Chai", "Dao", "Eva", "Fah", "Gus", "Hana", "Ian", "Joy")
_LAST = ("Arun", "Boon", "Chan", "Diaz", "Endo", "Fong", "Gray", "Huang")


def people(sample: Sample) -> Iterator[Chunk]:
    count = sample.scale.users
    sample.users = [sample.uuid() for _ in range(count)]
    sample.wallets = [sample.address() for _ in range(count)]
    sample.energy = [0] * count
    names = [(sample.chance.choice(_FIRST), sample.chance.choice(_LAST)) for _ in range(count)]
    yield chunk(
        "public.users",
        "id email username password_hash wallet_address role user_type first_name last_name name hosting_role"
        " email_verified blockchain_registered kyc_status created_at",
        [
            (
                sample.users[n],
                f"user{n}@example.org",
                f"user{n}",
                "x" * 60,
                sample.wallets[n],
                "admin" if n == 0 else "moderator" if n % 37 == 1 else "user",
                sample.pick("prosumer", "consumer", "corporate"),
                *names[n],
                " ".join(names[n]),
                "owner" if n == 0 else sample.pick("admin", "user", "client", "guest"),
                n % 10 != 9,
                True,
                sample.pick("verified", "verified", "pending"),
                sample.ago(days=400 - n % 300),
            )
            for n in range(count)
        ],
    )
    yield chunk(
        "community.profiles",
        "user_id bio website preferences",
        [
            (user, f"I am number {n}.", None, {"theme": sample.pick("dark", "light")})
            for n, user in enumerate(sample.users)
        ],
    )
    yield chunk(
        "community.wallets",
        "user_id address network type is_primary is_verified",
        [
            (user, wallet, "solana", "external", True, True)
            for user, wallet in zip(sample.users, sample.wallets, strict=True)
        ],
    )
    tokens = [(sample.uuid(), "GTX", "Grid energy"), (sample.uuid(), "VOTE", "Community power")]
    yield chunk(
        "community.tokens",
        "id symbol name contract_address total_supply circulating_supply",
        [(*token, sample.address(), Decimal(10**9), Decimal(10**8)) for token in tokens],
    )
    yield chunk(
        "community.user_tokens",
        "user_id token_id balance staked_balance voting_power",
        [
            (
                user,
                token[0],
                Decimal(sample.chance.randrange(10**8)) / 1000,
                0,
                sample.chance.randrange(1, 1000),
            )
            for user in sample.users
            for token in tokens
        ],
    )
    yield from records(sample)


def records(sample: Sample) -> Iterator[Chunk]:
    """What accumulates: messages, payments, activity, logins."""
    users = sample.users
    yield chunk(
        "investment.user_profiles",
        "user_id full_name country_code phone document_type verification_date",
        [
            (user, f"Investor {n}", "TH", f"+66 {n:08}", "passport", sample.ago(days=90))
            for n, user in enumerate(users)
        ],
    )
    yield chunk(
        "community.notifications",
        "user_id type title data is_read created_at",
        [
            (
                user,
                sample.pick("order", "vote", "news"),
                f"Message {n}",
                {"n": n},
                n % 3 == 0,
                sample.ago(hours=n),
            )
            for user in users
            for n in range(5)
        ],
    )
    yield chunk(
        "community.transactions",
        "user_id type status amount currency metadata transaction_hash created_at",
        [
            (
                user,
                sample.pick("deposit", "withdrawal", "transfer"),
                "confirmed",
                sample.chance.randrange(1, 10**6),
                "GTX",
                {"n": n},
                sample.signature(),
                sample.ago(hours=n),
            )
            for user in users
            for n in range(3)
        ],
    )
    yield chunk(
        "community.settings",
        "key value type is_public",
        [
            ("site.name", "GridTokenX", "string", True),
            ("votes.quorum", "0.4", "decimal", True),
            ("mail.key", "", "string", False),
        ],
    )
    yield chunk(
        "public.user_activities",
        "user_id activity_type description metadata created_at",
        [
            (user, sample.pick("login", "order", "vote"), "sample", {}, sample.ago(hours=n))
            for user in users
            for n in range(3)
        ],
    )
    yield chunk(
        "hosting.user_access",
        "user_id access_start_date access_end_date granted_by",
        [(user, sample.ago(days=300), sample.ago(days=-65), users[0]) for user in users[1:]],
    )
    yield chunk(
        "hosting.login_records",
        "email success login_time ip_address location",
        [
            (
                f"user{n}@example.org",
                sample.chance.random() < 0.9,
                sample.ago(hours=k * 7),
                "198.51.100.7",
                "Bangkok, Thailand",
            )
            for n in range(len(users))
            for k in range(2)
        ],
    )
