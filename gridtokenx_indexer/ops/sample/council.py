"""Proposals in weekly rounds: voted on while their time was, closed when it was over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from gridtokenx_indexer.ops.sample.chunk import Row
from gridtokenx_indexer.ops.sample.tokens import council as council_of
from gridtokenx_indexer.ops.sample.world import Person, World, uuid
from gridtokenx_indexer.ops.sample.writer import Writer

_WEEK = timedelta(days=7)
_IDEAS = (
    ("pricing", "Lower the market fee to {} basis points", "Cheaper trades bring more of them."),
    ("pricing", "Raise the price cap to {} a kilowatt-hour", "Peaks are worth more than the cap allows."),
    ("grid", "Connect district {} to the second zone", "Its feeder is loaded to the limit every evening."),
    ("treasury", "Spend {} GTX on spare meters", "Broken ones wait three weeks at present."),
    ("membership", "Admit {} new members a month", "The waiting list grows."),
)
_THOUGHTS = (
    "I am for it, the figures are sound.",
    "What would it cost the small producers?",
    "We tried this two years ago.",
    "Could this wait until the new substation runs?",
    "Agreed, with a review after half a year.",
)
_REASONS = ("Helps the neighbours.", "Too expensive.", None, None, None)
_QUORUM, _APPROVAL = "0.4", "0.5"


class _Proposal(NamedTuple):
    id: UUID
    opens: datetime
    liked: int
    """How likely a voter is for it, in percent."""
    turnout: int
    voted: bool


async def council(world: World, writer: Writer) -> None:
    """The last round is open now; drafts wait for the next."""
    chance = world.chance("proposals")
    powers = council_of(world)
    authors = [person for person in world.people if person.wallet is not None]
    opened = world.now - timedelta(days=3)
    for round_ in range(world.scale.rounds):
        opens = opened - _WEEK * (world.scale.rounds - 1 - round_)
        proposals = [
            _Proposal(
                uuid(chance), opens, chance.randrange(25, 90), chance.randrange(20, 96), n != 0 or not late
            )
            for late in [round_ % 9 == 4]
            for n in range(world.scale.proposals)
        ]
        await writer.act_as(chance.choice(world.moderators).id)
        await writer.set_clock(opens)
        await _enter(world, writer, chance, proposals, authors, "active")
        rows = [(one.id, person.id, power, opens) for one in proposals for person, power in powers.items()]
        columns = "proposal_id user_id voting_power created_at"
        await writer.rows("governance.voting_power_snapshots", columns, rows)
        await writer.set_clock(opens + timedelta(days=2))
        await _vote(writer, chance, proposals, powers)
        await _discuss(world, writer, chance, proposals)
        if opens + _WEEK <= world.now:
            await writer.set_clock(opens + _WEEK)
            await writer.run("close_proposals", [one.id for one in proposals])
        writer.step("rounds of votes", 1, world.scale.rounds)
    await writer.set_clock(world.now)
    coming = [_Proposal(uuid(chance), opened + _WEEK, 0, 0, False) for _ in range(world.scale.proposals)]
    await _enter(world, writer, chance, coming, authors, "draft")


async def _enter(
    world: World,
    writer: Writer,
    chance: Random,
    proposals: Sequence[_Proposal],
    authors: Sequence[Person],
    status: str,
) -> None:
    rows: list[Row] = []
    for one in proposals:
        kind, title, why = chance.choice(_IDEAS)
        number = chance.randrange(2, 40)
        written = min(one.opens - timedelta(days=4, minutes=chance.randrange(600)), world.now)
        rows.append(
            (
                one.id,
                chance.choice(authors).id,
                title.format(number),
                why,
                kind,
                status,
                {"number": number},
                one.opens,
                one.opens + _WEEK,
                _QUORUM,
                _APPROVAL,
                written,
                one.opens if status == "active" else written,
            )
        )
    await writer.rows(
        "governance.proposals",
        "id proposer_id title description type status metadata voting_start voting_end quorum_threshold"
        " approval_threshold created_at updated_at",
        rows,
    )


async def _vote(
    writer: Writer, chance: Random, proposals: Sequence[_Proposal], powers: dict[Person, int]
) -> None:
    rows: list[Row] = []
    for one in proposals:
        for person, power in powers.items():
            if not one.voted or chance.randrange(100) >= one.turnout:
                continue
            choice = "abstain" if chance.randrange(12) == 0 else "no"
            if choice == "no" and chance.randrange(100) < one.liked:
                choice = "yes"
            cast = one.opens + timedelta(seconds=chance.randrange(2 * 86_400))
            rows.append((one.id, person.id, choice, power, chance.choice(_REASONS), cast, cast))
    columns = "proposal_id voter_id vote_type voting_power reason created_at updated_at"
    await writer.rows("governance.votes", columns, rows)


async def _discuss(world: World, writer: Writer, chance: Random, proposals: Sequence[_Proposal]) -> None:
    """Every other comment is answered."""
    columns = "id proposal_id user_id parent_id content likes dislikes is_deleted created_at updated_at"
    rows: list[Row] = []
    for one in proposals:
        for n in range(chance.randrange(2, 9)):
            thread, parent = uuid(chance), None
            for key in (thread, uuid(chance))[: 1 + n % 2]:
                moment = one.opens + timedelta(
                    hours=5 * n + (2 if parent else 0), minutes=chance.randrange(90)
                )
                author = chance.choice(world.people).id
                likes, dislikes = chance.randrange(20), chance.randrange(6)
                gone = chance.randrange(30) == 0
                text = chance.choice(_THOUGHTS)
                rows.append((key, one.id, author, parent, text, likes, dislikes, gone, moment, moment))
                parent = thread
    await writer.rows("governance.comments", columns, rows)
