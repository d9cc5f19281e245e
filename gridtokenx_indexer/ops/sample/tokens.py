"""The tokens of the community: one to pay, one to vote, one for each asset; and who holds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from gridtokenx_indexer.ops.sample.assets import Asset
from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.world import Person, World, address, uuid

_CENT_OF_A_CENT = Decimal("0.0001")


class _Token(NamedTuple):
    id: UUID
    symbol: str
    name: str
    description: str
    total: Decimal
    circulating: Decimal
    created: datetime


def council(world: World) -> dict[Person, int]:
    """Who may vote, with how much."""
    chance = world.chance("council")
    able = [person for person in world.people if person.wallet is not None and person.active]
    return {person: chance.randrange(1, 400) for person in chance.sample(able, world.scale.council)}


def tokens(world: World, assets: list[Asset]) -> Iterator[Chunk]:
    """Holders of an asset's token are those who invested in it."""
    chance = world.chance("tokens")
    created = world.ago(days=900)
    holdings: list[Row] = []
    members = [person for person in world.people if person.wallet is not None]
    money = {person: Decimal(chance.randrange(10**9)) / 10**4 for person in members}
    gtx, vote = uuid(chance), uuid(chance)
    for person, balance in money.items():
        moment = world.ago(seconds=chance.randrange(3 * 86_400))
        staked = (balance * chance.randrange(50) / 100).quantize(_CENT_OF_A_CENT)
        holdings.append((person.id, gtx, balance, staked, 0, moment, person.joined, moment))
    powers = council(world)
    yesterday = world.ago(days=1)
    for person, power in powers.items():
        holdings.append((person.id, vote, power, power, power, yesterday, person.joined, yesterday))
    billion = Decimal(10**9)
    listed = [
        _Token(
            gtx, "GTX", "GridTokenX", "Pays for services.", billion, sum(money.values(), Decimal(0)), created
        ),
        _Token(
            vote,
            "VOTE",
            "Community power",
            "One token, one vote.",
            billion,
            Decimal(sum(powers.values())),
            created,
        ),
    ]
    for asset in assets:
        total = Decimal(asset.kilowatts * 25)
        about = f"A share in {asset.name}."
        key, symbol = uuid(chance), f"GTX-{asset.number}"
        listed.append(_Token(key, symbol, asset.name, about, total, Decimal(asset.tokens), asset.created))
        for person, amount in asset.holders.items():
            bought = asset.bought[person]
            holdings.append((person.id, key, amount, 0, 0, bought, bought, bought))
    yield chunk(
        "community.tokens",
        "id symbol name contract_address total_supply circulating_supply description image_url created_at"
        " updated_at",
        [
            (
                one.id,
                one.symbol,
                one.name,
                address(chance),
                one.total,
                one.circulating,
                one.description,
                f"https://example.org/tokens/{one.symbol.lower()}.svg",
                one.created,
                one.created,
            )
            for one in listed
        ],
    )
    yield chunk(
        "community.user_tokens",
        "user_id token_id balance staked_balance voting_power last_updated created_at updated_at",
        holdings,
    )
