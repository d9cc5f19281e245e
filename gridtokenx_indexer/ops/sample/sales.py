"""Leads, the deals that came of them, and their invoices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk
from gridtokenx_indexer.ops.sample.world import Person, World

_COMPANIES = (
    "Siam Hashing",
    "Delta Compute",
    "Isan Solar",
    "Phuket Resorts",
    "Mekong Foods",
    "Chao Phraya Ice",
)
_STATUSES = ("new", "converted", "qualified", "lost", "contacted", "qualified", "qualified")
_CHANCES = {"discovery": 10, "proposal": 40, "negotiation": 70, "closed_won": 100, "closed_lost": 0}
_STAGES = {
    "qualified": ("discovery", "proposal", "negotiation"),
    "converted": ("closed_won",),
    "lost": ("closed_lost",),
}
_TALKS = {
    "call": "Asked about rack space and price per kilowatt-hour.",
    "email": "Sent the offer again with the new terms.",
    "meeting": "Walked through the site.",
    "note": "Decision next quarter.",
}


@dataclass(frozen=True, slots=True)
class _Deal:
    id: int
    company: str
    value: int
    stage: str
    owner: Person
    opened: datetime
    closed: datetime | None


def sales(world: World) -> Iterator[Chunk]:
    chance = world.chance("sales")
    leads: list[Row] = []
    deals: list[_Deal] = []
    for n in range(1, max(24, world.scale.users // 6) + 1):
        status = _STATUSES[n % len(_STATUSES)]
        company = f"{chance.choice(_COMPANIES)} {n}"
        owner = world.staff[n % len(world.staff)]
        met = world.ago(days=chance.randrange(20, 500), minutes=chance.randrange(1_440))
        contact = world.people[n % len(world.people)].name
        leads.append(
            (
                n,
                contact,
                f"{contact.split()[0].lower()}@company{n}.example.org",
                f"+66 2{n:07}",
                company,
                status,
                chance.choice(("website", "referral", "cold_call")),
                chance.randrange(60, 101) if status in ("qualified", "converted") else chance.randrange(60),
                owner.id,
                met,
                met + timedelta(days=chance.randrange(15)),
            )
        )
        if status in _STAGES:
            deals.append(_deal(chance, len(deals) + 1, company, status, owner, met))
    yield chunk(
        "crm.crm_leads",
        "id name email phone company status source score owner_id created_at updated_at",
        leads,
    )
    lead_of = [row[0] for row in leads if row[5] in _STAGES]
    yield chunk(
        "crm.crm_deals",
        "id lead_id title value stage probability expected_close_date owner_id created_at closed_at",
        [
            (
                deal.id,
                lead,
                f"Hosting for {deal.company}",
                deal.value,
                deal.stage,
                _CHANCES[deal.stage],
                (deal.opened + timedelta(days=60)).date() if deal.closed else world.ago(days=-45).date(),
                deal.owner.id,
                deal.opened,
                deal.closed,
            )
            for lead, deal in zip(lead_of, deals, strict=True)
        ],
    )
    yield chunk(
        "crm.crm_invoices",
        "deal_id invoice_number amount status issue_date due_date paid_date pdf_path",
        [row for deal in deals if deal.stage == "closed_won" for row in _invoices(world, chance, deal)],
    )
    yield chunk(
        "crm.crm_activities",
        "deal_id type description performed_by activity_date",
        [
            (deal.id, kind, _TALKS[kind], deal.owner.id, deal.opened + timedelta(days=talk, hours=talk))
            for deal in deals
            for talk in range(3)
            for kind in [chance.choice(tuple(_TALKS))]
        ],
    )


def _deal(chance: Random, number: int, company: str, status: str, owner: Person, met: datetime) -> _Deal:
    stage = chance.choice(_STAGES[status])
    opened = met + timedelta(days=5)
    closed = opened + timedelta(days=chance.randrange(4, 14)) if status != "qualified" else None
    return _Deal(number, company, chance.randrange(10, 900) * 500, stage, owner, opened, closed)


def _invoices(world: World, chance: Random, deal: _Deal) -> Iterator[Row]:
    """Two halves, the second a month later; what is due and unpaid is overdue."""
    assert deal.closed is not None
    for half in (1, 2):
        issued = (deal.closed + timedelta(days=30 * (half - 1))).date()
        due = issued + timedelta(days=30)
        today = world.now.date()
        if issued > today:
            yield deal.id, f"INV-{deal.id:05}-{half}", deal.value // 2, "draft", None, None, None, None
            continue
        paid = issued + timedelta(days=chance.randrange(3, 28))
        settled = paid <= today and chance.randrange(12) != 0
        status = "paid" if settled else "overdue" if due < today else "sent"
        name = f"INV-{deal.id:05}-{half}"
        pdf = f"invoices/{issued:%Y}/{name}.pdf"
        yield deal.id, name, deal.value // 2, status, issued, due, paid if settled else None, pdf
