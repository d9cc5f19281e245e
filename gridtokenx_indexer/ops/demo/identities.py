"""Who takes part in the demo: wallets, users and meters, the same in every run."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID, uuid5

import msgspec
from solders.keypair import Keypair

from gridtokenx_indexer.domain.ids import MeterKey, meter_key

SEED = "gridtokenx demo"
_NAMESPACE = UUID("6b0f4d3a-6c2e-5d53-9f3b-2d2f8f0c2f6e")


def demo_keypair(name: str) -> Keypair:
    """A key that anyone can compute: for play money on a local node only."""
    return Keypair.from_seed(sha256(f"{SEED}:{name}".encode()).digest())


def demo_id(*parts: object) -> UUID:
    return uuid5(_NAMESPACE, ":".join(str(part) for part in parts))


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """One household: a meter, its owner, his wallet."""

    serial: str
    produces: bool
    rank: int
    """Place among all participants in the order of a hash of the serial: decides his limit prices."""

    @property
    def wallet(self) -> Keypair:
        return demo_keypair(f"wallet:{self.serial}")

    @property
    def user_id(self) -> UUID:
        return demo_id("user", self.serial)

    @property
    def meter_id(self) -> UUID:
        return demo_id("meter", self.serial)

    @property
    def meter_key(self) -> MeterKey:
        return meter_key(self.serial)


def participants(meters: Iterable[tuple[str, bool]]) -> tuple[Participant, ...]:
    """(serial, whether it produces) of every meter, in order of serial."""
    known = dict(meters)
    by_hash = sorted(known, key=lambda serial: sha256(serial.encode()).digest())
    ranks = {serial: rank for rank, serial in enumerate(by_hash)}
    return tuple(
        Participant(serial=serial, produces=known[serial], rank=ranks[serial]) for serial in sorted(known)
    )
