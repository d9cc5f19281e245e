"""What the meters measured in the newest windows, and what was minted for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import MeterKey, Window, mint_operation
from gridtokenx_indexer.domain.units import BASE_UNITS_PER_KWH, MICRO_PER_UNIT
from gridtokenx_indexer.domain.windows import window_end, window_start
from gridtokenx_indexer.mint.operation import MINT_KIND
from gridtokenx_indexer.ops.sample.chain import Event, Landed, Sender
from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk, micro
from gridtokenx_indexer.ops.sample.weather import household_watts, output_permille
from gridtokenx_indexer.ops.sample.world import Meter, World, uuid

MINTER = Sender("mint_energy", "minter", MINT_KIND, "minter")
_BASE_UNITS_PER_MICRO: int = BASE_UNITS_PER_KWH // MICRO_PER_UNIT
_MINTS_PER_TRANSACTION = 10
_GRACE = timedelta(seconds=130)
_MICRO_KWH_PER_WATT = 250
"""A quarter of an hour of one watt."""
_BROKEN_MICRO_KWH = 12_000_000_000
"""What a meter reports whose counter overflowed."""


@dataclass(slots=True)
class _Measured:
    """One reading on its way to the chain."""

    meter: Meter
    wallet: Pubkey
    id: UUID
    window: Window
    generated: int
    consumed: int
    status: str
    reason: str | None = None
    signature: str | None = None
    landed: Landed | None = None
    attempts: int = 0

    @property
    def net_base_units(self) -> int:
        return (self.generated - self.consumed) * _BASE_UNITS_PER_MICRO


def readings(world: World) -> Iterator[Chunk]:
    """Window after window, as they came in; the newest is being judged, the one before it minted."""
    chance = world.chance("readings")
    world.generated = [[] for _ in world.meters]
    every: list[_Measured] = []
    for number in range(world.oldest_window, world.newest_window + 1):
        window = Window(number)
        measured = [_measure(world, n, window, chance) for n in range(len(world.meters))]
        for n, one in enumerate(measured):
            world.generated[n].append(one.generated if one.reason is None else 0)
        if window < world.newest_window:
            _mint(world, window, [one for one in measured if one.status == "queued"])
        every += measured
    yield chunk(
        "public.meter_readings",
        "id meter_id meter_key user_id wallet_address timestamp energy_generated energy_consumed minted"
        " blockchain_status status_reason mint_window mint_signature created_at",
        [_reading_row(world, one) for one in every],
    )
    yield chunk(
        "public.minting_retry_queue",
        "mint_window meter_key meter_id wallet_address destination reading_id reading_timestamp"
        " amount_base_units net_base_units accounted_base_units status attempts next_retry_at error_class"
        " error_message signature minted_slot frozen_at done_at created_at updated_at",
        [
            _operation_row(world, one)
            for one in every
            if one.status not in ("pending", "rejected") and one.reason is None
        ],
    )


def _measure(world: World, n: int, window: Window, chance: Random) -> _Measured:
    meter, moment = world.meters[n], window_start(window)
    wallet = world.people[meter.owner].wallet
    assert wallet is not None
    generated = meter.capacity_w * output_permille(meter.source, moment, chance) // 1000 * _MICRO_KWH_PER_WATT
    consumed = household_watts(moment, chance) * _MICRO_KWH_PER_WATT
    one = _Measured(meter, wallet, uuid(chance), window, generated, consumed, "queued")
    if chance.randrange(2_000) == 0:
        one.generated, one.status, one.reason = _BROKEN_MICRO_KWH, "rejected", "amount_above_limit"
    elif meter.status == "pending":
        one.status, one.reason = "parked", "meter_unverified"
    elif window == world.newest_window and n % 2:
        one.status = "pending"
    return one


def _mint(world: World, window: Window, queued: list[_Measured]) -> None:
    """What there was a surplus of is minted in batches; now and then a batch needs a second try."""
    chance = world.chance(f"mint {window}")
    accepted = [one for one in queued if one.meter.status == "verified"]
    for one in accepted:
        one.status = "no_surplus"
    due = [one for one in accepted if one.net_base_units > 0]
    moment = window_end(window) + _GRACE
    newest = window == world.newest_window - 1
    for first in range(0, len(due), _MINTS_PER_TRANSACTION):
        batch = due[first : first + _MINTS_PER_TRANSACTION]
        operations = [mint_operation(MeterKey(one.meter.key), one.window) for one in batch]
        moment += timedelta(seconds=2)
        if newest and first + _MINTS_PER_TRANSACTION >= len(due):
            signature = world.chain.send(MINTER, operations)
            for one in batch:
                one.status, one.signature, one.attempts = "minting", signature, 1
            continue
        landing, tries = moment, 1
        draw = chance.randrange(200)
        if draw == 0 and not newest and _is_long_ago(world, moment):
            world.chain.lose(moment, MINTER, operations)
            landing, tries = moment + timedelta(minutes=33), 2
        elif draw < 4 and not newest:
            refusal = {"InstructionError": [1, {"Custom": 6022}]}
            world.chain.land(moment, MINTER, operations, error=refusal)
            landing, tries = moment + timedelta(minutes=6), 2
        landed = world.chain.land(landing, MINTER, operations, [_event(world, one) for one in batch])
        for one in batch:
            one.status, one.landed, one.signature, one.attempts = "minted", landed, landed.signature, tries
            world.ledger.expect(world.ledger.energy(one.wallet), one.net_base_units, landed)


def _is_long_ago(world: World, moment: datetime) -> bool:
    return moment < world.ago(hours=1)


def _event(world: World, one: _Measured) -> Event:
    destination = world.ledger.energy(one.wallet).address
    return Event(
        "EnergyMinted",
        {
            "meter_id": one.meter.key.hex(),
            "window": one.window,
            "amount": str(one.net_base_units),
            "destination": str(destination),
        },
    )


def _reading_row(world: World, one: _Measured) -> Row:
    counted = one.status in ("minting", "minted", "no_surplus")
    return (
        one.id,
        one.meter.id,
        one.meter.key,
        world.people[one.meter.owner].id,
        one.wallet,
        window_start(one.window),
        micro(one.generated),
        micro(one.consumed),
        one.status == "minted",
        one.status,
        one.reason,
        one.window if counted else None,
        one.signature if one.status == "minted" else None,
        window_end(one.window) + timedelta(seconds=5),
    )


def _operation_row(world: World, one: _Measured) -> Row:
    frozen = one.status != "queued"
    parked = one.status == "queued" and one.meter.status == "suspended"
    status = {"minted": "done", "minting": "sent", "queued": "parked" if parked else "queued"}
    begun, closed = window_end(one.window) + timedelta(seconds=6), window_end(one.window) + _GRACE
    surplus = max(0, one.net_base_units) if frozen else None
    done_at = one.landed.moment + timedelta(minutes=6) if one.landed else closed if frozen else None
    return (
        one.window,
        one.meter.key,
        one.meter.id,
        one.wallet,
        world.ledger.energy(one.wallet).address if frozen else None,
        one.id,
        window_start(one.window),
        surplus,
        one.net_base_units if frozen else None,
        surplus,
        status.get(one.status, one.status),
        one.attempts,
        closed,
        "transient" if parked else None,
        "the meter is suspended" if parked else None,
        one.signature,
        one.landed.slot if one.landed else None,
        closed if frozen else None,
        done_at if one.status in ("minted", "no_surplus") else None,
        begun,
        done_at if done_at and one.status != "minting" else begun,
    )
