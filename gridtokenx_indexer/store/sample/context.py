"""What all parts of the sample share: how much, from which seed, around which moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from solders.pubkey import Pubkey
from solders.signature import Signature


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers of rows of the tables that matter; the others follow from these."""

    users: int
    meters: int
    readings: int
    epochs: int
    orders: int
    miners: int
    telemetry: int
    assets: int
    proposals: int


SCALES = {
    "small": Scale(
        users=40,
        meters=20,
        readings=1_000,
        epochs=8,
        orders=320,
        miners=50,
        telemetry=5_000,
        assets=4,
        proposals=6,
    ),
    "large": Scale(
        users=2_000,
        meters=1_000,
        readings=100_000,
        epochs=40,
        orders=10_000,
        miners=1_000,
        telemetry=1_000_000,
        assets=40,
        proposals=60,
    ),
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one table, ready to be copied; `count` is their number, `rows` may be a generator."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]
    count: int


def chunk(table: str, columns: str, rows: list[tuple[Any, ...]]) -> Chunk:
    return Chunk(table, tuple(columns.split()), rows, len(rows))


@dataclass(slots=True)
class Sample:
    """The world so far: later parts refer to what earlier ones made. `now` is a whole quarter of an"""

    """ hour, UTC."""

    scale: Scale
    chance: Random
    now: datetime
    users: list[UUID] = field(default_factory=list)
    wallets: list[str] = field(default_factory=list)
    meters: list[tuple[UUID, bytes, int]] = field(default_factory=list)
    """(id, meter key, index of the owner)."""
    energy: list[int] = field(default_factory=list)
    """Base units of energy that each user holds."""
    slot: int = 300_000_000

    def uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def address(self) -> str:
        return str(Pubkey(self.chance.randbytes(32)))

    def signature(self) -> str:
        return str(Signature(self.chance.randbytes(64)))

    def user(self) -> UUID:
        return self.chance.choice(self.users)

    def ago(self, **span: float) -> datetime:
        return self.now - timedelta(**span)

    def pick(self, *words: str) -> str:
        return self.chance.choice(words)
