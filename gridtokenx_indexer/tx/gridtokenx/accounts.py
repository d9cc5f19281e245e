"""Decoding the program's accounts. Each decoder raises `ParkError` for bytes that are not that account."""

from __future__ import annotations

import struct
from functools import cache
from hashlib import sha256

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.tx.gridtokenx.values import CertificateStatus, Limits, ParticipantKind, Roles

_CONFIG = struct.Struct("<32s32s32s32s32s32s32s32s32s32s32sQIQQHBIBBB")
_PARTICIPANT = struct.Struct("<32sB16sq")
_LEDGER = struct.Struct("<16sI32s512s")
_ZONE = struct.Struct("<IQHI")
_SETTLEMENT = struct.Struct("<QIHIIQ32sq32sII")
_CERTIFICATE = struct.Struct("<32s32sQqq32sBI")


class Config(msgspec.Struct, frozen=True, kw_only=True):
    authority: Pubkey
    pending_authority: Pubkey
    roles: Roles
    fee_recipient: Pubkey
    energy_mint: Pubkey
    payment_mint: Pubkey
    energy_token_program: Pubkey
    payment_token_program: Pubkey
    limits: Limits
    paused: bool
    mint_floor: int
    """Windows below it can never be minted again."""
    mint_authority_bump: int
    delegate_bump: int
    event_authority_bump: int


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    wallet: Pubkey
    kind: ParticipantKind
    meter_id: bytes
    registered_at_unix: int


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    meter_id: bytes
    page: int
    payer: Pubkey
    minted: bytes
    """512 bytes; bit n is n % 8 of byte n // 8."""

    def is_minted(self, bit: int) -> bool:
        return bool(self.minted[bit // 8] >> bit % 8 & 1)


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    zone: int
    last_epoch: int
    last_part: int
    next_index: int
    """Index behind the last trade published for `last_epoch`."""


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    epoch: int
    zone: int
    part: int
    trades: int
    first_index: int
    price_base_units: int
    root: bytes
    deadline_unix: int
    payer: Pubkey
    settled: int
    bitmap: bytes
    """Bit n is trade `first_index + n`."""

    def is_settled(self, index: int) -> bool:
        """Whether the trade of this index within (epoch, zone) is settled."""
        position = index - self.first_index
        return bool(self.bitmap[position // 8] >> position % 8 & 1)


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    owner: Pubkey
    issuer: Pubkey
    energy_base_units: int
    period_start_unix: int
    period_end_unix: int
    beneficiary: Pubkey
    status: CertificateStatus
    certificate_id: str


@cache
def discriminator(name: str) -> bytes:
    """The 8 bytes that open an account of kind `name`."""
    return sha256(f"account:{name}".encode()).digest()[:8]


def config(data: bytes) -> Config:
    fields = _unpack("Config", _CONFIG, data)
    keys = [Pubkey(key) for key in fields[:11]]
    return Config(
        authority=keys[0],
        pending_authority=keys[1],
        roles=Roles(minter=keys[2], clearer=keys[3], settler=keys[4], issuer=keys[5]),
        fee_recipient=keys[6],
        energy_mint=keys[7],
        payment_mint=keys[8],
        energy_token_program=keys[9],
        payment_token_program=keys[10],
        limits=Limits(
            max_mint_base_units=fields[11],
            max_window_age=fields[12],
            min_price=fields[13],
            max_price=fields[14],
            max_fee_bps=fields[15],
        ),
        paused=bool(fields[16]),
        mint_floor=fields[17],
        mint_authority_bump=fields[18],
        delegate_bump=fields[19],
        event_authority_bump=fields[20],
    )


def participant(data: bytes) -> Participant:
    wallet, kind, meter_id, registered_at = _unpack("Participant", _PARTICIPANT, data)
    return Participant(
        wallet=Pubkey(wallet),
        kind=ParticipantKind(kind),
        meter_id=meter_id,
        registered_at_unix=registered_at,
    )


def ledger(data: bytes) -> Ledger:
    meter_id, page, payer, minted = _unpack("Ledger", _LEDGER, data)
    return Ledger(meter_id=meter_id, page=page, payer=Pubkey(payer), minted=minted)


def zone(data: bytes) -> Zone:
    number, last_epoch, last_part, next_index = _unpack("Zone", _ZONE, data)
    return Zone(zone=number, last_epoch=last_epoch, last_part=last_part, next_index=next_index)


def settlement(data: bytes) -> Settlement:
    fields = _unpack("Settlement", _SETTLEMENT, data, tail=True)
    return Settlement(
        epoch=fields[0],
        zone=fields[1],
        part=fields[2],
        trades=fields[3],
        first_index=fields[4],
        price_base_units=fields[5],
        root=fields[6],
        deadline_unix=fields[7],
        payer=Pubkey(fields[8]),
        settled=fields[9],
        bitmap=data[8 + _SETTLEMENT.size :],
    )


def certificate(data: bytes) -> Certificate:
    fields = _unpack("Certificate", _CERTIFICATE, data, tail=True)
    return Certificate(
        owner=Pubkey(fields[0]),
        issuer=Pubkey(fields[1]),
        energy_base_units=fields[2],
        period_start_unix=fields[3],
        period_end_unix=fields[4],
        beneficiary=Pubkey(fields[5]),
        status=CertificateStatus(fields[6]),
        certificate_id=data[8 + _CERTIFICATE.size :].decode(),
    )


# struct.unpack is typed tuple[Any, ...]; the layouts above give each element its type.
def _unpack(name: str, layout: struct.Struct, data: bytes, *, tail: bool = False) -> tuple:  # type: ignore[type-arg]
    """The fixed fields after the discriminator; with `tail`, the last one counts the bytes that follow."""
    if data[:8] != discriminator(name):
        raise ParkError(f"{len(data)} bytes are not a {name} account: wrong discriminator")
    if len(data) < 8 + layout.size:
        raise ParkError(f"{len(data)} bytes are too few for a {name} account")
    fields = layout.unpack_from(data, 8)
    expected = 8 + layout.size + (fields[-1] if tail else 0)
    if len(data) != expected:
        raise ParkError(f"{len(data)} bytes are not the {expected} of a {name} account")
    return fields
