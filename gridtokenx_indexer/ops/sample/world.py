"""What all parts of the sample share: how much, from which seed, up to which moment, and who there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from solders.pubkey import Pubkey
from solders.signature import Signature

from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import window_of
from gridtokenx_indexer.ops.sample.chain import Chain
from gridtokenx_indexer.ops.sample.ledger import Ledger
from gridtokenx_indexer.ops.sample.scale import Scale

MODERATOR_EVERY = 97


class Person(NamedTuple):
    id: UUID
    name: str
    username: str
    wallet: Pubkey | None
    """None until the e-mail address is verified."""
    joined: datetime
    active: bool


class Meter(NamedTuple):
    id: UUID
    serial: str
    key: bytes
    owner: int
    """Position in `World.people`."""
    zone: int
    source: str
    capacity_w: int
    status: str


@dataclass(slots=True)
class World:
    """The world so far: later parts refer to what earlier ones made. `now` is a whole minute, UTC."""

    scale: Scale
    seed: int
    now: datetime
    chain: Chain
    ledger: Ledger
    people: list[Person] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    generated: list[list[int]] = field(default_factory=list)
    """By meter and window, in 1e-6 kWh; what a meter without a voice made counts for nothing."""

    def chance(self, part: str) -> Random:
        """The draws of one part: what another part draws does not change them."""
        return Random(f"{self.seed}/{part}")

    def ago(self, **span: float) -> datetime:
        return self.now - timedelta(**span)

    @property
    def newest_window(self) -> Window:
        """The last one that is over."""
        return Window(window_of(self.now) - 1)

    @property
    def oldest_window(self) -> Window:
        return Window(self.newest_window + 1 - self.scale.readings // self.scale.meters)

    @property
    def staff(self) -> list[Person]:
        """Who runs the platform: the administrator first."""
        return self.people[:5]

    @property
    def moderators(self) -> list[Person]:
        return self.people[1::MODERATOR_EVERY]


def uuid(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def address(chance: Random) -> Pubkey:
    return Pubkey(chance.randbytes(32))


def signature(chance: Random) -> str:
    return str(Signature(chance.randbytes(64)))
