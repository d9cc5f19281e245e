"""What the green side of generated energy went into: certificates or carbon credits, never both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import window_start
from gridtokenx_indexer.ops.sample.chain import Event, Sender
from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk, micro
from gridtokenx_indexer.ops.sample.world import Meter, Person, World, uuid

GRAMS_PER_KWH = 450
"""Of CO2 that a kilowatt-hour from the grid stands for."""
_ISSUER = Sender("issue_certificate", "issuer")
_YEAR = timedelta(days=365)


class _Rows:
    """The rows of the five tables as they come about."""

    def __init__(self) -> None:
        self.certificates: list[Row] = []
        self.transfers: list[Row] = []
        self.credits: list[Row] = []
        self.claims: list[Row] = []


def certificates(world: World) -> Iterator[Chunk]:
    """Every other verified meter has a certificate for the first half of its windows, the others a credit."""
    chance = world.chance("certificates")
    rows, serials = _Rows(), Counter[str]()
    first = world.oldest_window
    half = (world.newest_window + 1 - first) // 2
    start, end = window_start(first), window_start(Window(first + half))
    for n, meter in enumerate(world.meters):
        made = sum(world.generated[n][:half])
        if meter.status != "verified" or not made:
            continue
        key = uuid(chance)
        if n % 2 == 0:
            _certify(world, chance, rows, key, n, made, (start, end))
        else:
            _credit(world, chance, rows, key, n, made, end, serials)
        claim = (meter.id, f"[{start:%Y-%m-%d %H:%M}+00,{end:%Y-%m-%d %H:%M}+00)", micro(made))
        rows.claims.append(
            (*claim, *((key, None) if n % 2 == 0 else (None, key)), end + timedelta(minutes=31))
        )
    yield chunk(
        "public.erc_certificates",
        "id user_id certificate_id wallet_address energy_amount certificate_type energy_source period_start"
        " period_end status issue_date expiry_date ended_at beneficiary issuer_wallet issue_signature"
        " created_at updated_at",
        rows.certificates,
    )
    yield chunk(
        "public.erc_certificate_transfers",
        "certificate_id from_user_id to_user_id from_wallet to_wallet transfer_date transaction_hash"
        " created_at",
        rows.transfers,
    )
    yield chunk(
        "grid.carbon_credits",
        "id credit_id issuer holder energy_source energy_amount offset_amount certification_body"
        " serial_first serial_last verified status issued_at expires_at retired_at created_at",
        rows.credits,
    )
    yield chunk(
        "public.generation_claims",
        "meter_id period energy_amount certificate_id carbon_credit_id created_at",
        rows.claims,
    )


def _certify(
    world: World,
    chance: Random,
    rows: _Rows,
    key: UUID,
    n: int,
    made: int,
    period: tuple[datetime, datetime],
) -> None:
    meter, owner = world.meters[n], world.people[world.meters[n].owner]
    number = f"ERC-{n:06}"
    issuer = world.chain.key(_ISSUER.role)
    start, end = period
    data = {
        "owner": str(owner.wallet),
        "issuer": str(issuer),
        "energy": str(made * 1_000),
        "period_start": str(int(start.timestamp())),
        "period_end": str(int(end.timestamp())),
    }
    issued = _happen(world, end + timedelta(minutes=30, seconds=n), number, "CertificateIssued", data)
    holder, status, last = owner, "active", issued
    ended, beneficiary = None, None
    if n % 8 == 2:
        holder, status = _buyer(world, chance, owner), "transferred"
        parties = {"from_owner": str(owner.wallet), "to_owner": str(holder.wallet)}
        moment = issued[0] + timedelta(hours=1)
        last = _happen(world, moment, number, "CertificateTransferred", parties, owner)
        rows.transfers.append(
            (key, owner.id, holder.id, owner.wallet, holder.wallet, last[0], last[1], last[0])
        )
    elif n % 10 == 6:
        retires = n % 100 != 6
        status = "retired" if retires else "revoked"
        beneficiary = holder.name if retires else None
        ending = {"owner": str(holder.wallet)}
        if retires:
            ending |= {"beneficiary": str(holder.wallet), "energy": str(made * 1_000)}
        name = "CertificateRetired" if retires else "CertificateRevoked"
        moment = last[0] + timedelta(minutes=40)
        ended = _happen(world, moment, number, name, ending, holder if retires else None)[0]
    rows.certificates.append(
        (
            key,
            holder.id,
            number,
            holder.wallet,
            micro(made),
            chance.choice(("ERC", "ERC", "REC", "IREC")),
            meter.source,
            start,
            end,
            status,
            issued[0],
            issued[0] + _YEAR,
            ended,
            beneficiary,
            issuer,
            issued[1],
            issued[0],
            ended or last[0],
        )
    )


def _buyer(world: World, chance: Random, owner: Person) -> Person:
    return chance.choice([person for person in world.people[:50] if person.wallet and person != owner])


_CALLS = {
    "CertificateIssued": "issue_certificate",
    "CertificateTransferred": "transfer_certificate",
    "CertificateRetired": "retire_certificate",
    "CertificateRevoked": "revoke_certificate",
}


def _happen(
    world: World, moment: datetime, number: str, name: str, data: dict[str, Any], by: Person | None = None
) -> tuple[datetime, str]:
    """When, and in which transaction."""
    sender = _ISSUER._replace(method=_CALLS[name])
    event = Event(name, {"certificate_id": number, **data})
    landed = world.chain.land(moment, sender, events=[event], signer=by.wallet if by else None)
    return landed.moment, landed.signature


def _credit(
    world: World,
    chance: Random,
    rows: _Rows,
    key: UUID,
    n: int,
    made: int,
    end: datetime,
    serials: Counter[str],
) -> None:
    """One serial of the registry for each kilogram begun."""
    meter: Meter = world.meters[n]
    body = chance.choice(("T-VER", "Gold Standard"))
    offset = made * GRAMS_PER_KWH // 1_000
    first = serials[body]
    serials[body] += offset // 10**6 + 1
    status = chance.choice(("active", "active", "active", "retired"))
    issued = end + timedelta(minutes=31)
    rows.credits.append(
        (
            key,
            f"CC-{n:06}",
            "GridTokenX registry",
            world.people[meter.owner].username,
            meter.source,
            micro(made),
            micro(offset),
            body,
            first,
            serials[body] - 1,
            True,
            status,
            issued,
            issued + 3 * _YEAR,
            issued + timedelta(hours=2) if status == "retired" else None,
            issued,
        )
    )
