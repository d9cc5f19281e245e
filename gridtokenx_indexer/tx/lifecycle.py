"""The life of an attempt, decided from what our own index holds. No I/O, no clock.

signed ── sent ──┬── dead    absent from the finalized range in which it could land, with a certificate
                 ├── spent   finalized, with or without error
                 └── review  our index cannot prove either
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, Slot

MAX_BLOCKHASH_AGE = 150
"""Blocks after its own in which a blockhash is still accepted."""


class AttemptStatus(StrEnum):
    SIGNED = "signed"
    SENT = "sent"
    DEAD = "dead"
    SPENT = "spent"
    REVIEW = "review"


LIVE = frozenset({AttemptStatus.SIGNED, AttemptStatus.SENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One indexed block."""

    slot: Slot
    blockhash: Blockhash
    height: BlockHeight


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far the index reaches: complete and linked from `anchor_slot` to `finalized_slot`."""

    anchor_slot: Slot
    finalized_slot: Slot
    finalized_height: BlockHeight
    head_height: BlockHeight


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The transaction in an indexed block; `error` is the chain's own, None when it succeeded."""

    slot: Slot
    error: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the index holds about one live attempt.

    `origin` is the finalized block that carries its blockhash, `past_expiry` the first finalized block above
    `expiry_height`, `blocks_between` how many blocks are indexed after the first up to and including the
    second, `unreadable` how many transactions between them name the fee payer and could not be read,
    `watched_from` the slot from which the fee payer's transactions are indexed, `watched_until` the
    one from which they are no longer.
    """

    blockhash: Blockhash
    last_valid_block_height: BlockHeight
    coverage: Coverage
    sighting: Sighting | None = None
    origin: Block | None = None
    past_expiry: Block | None = None
    blocks_between: int = 0
    unreadable: int = 0
    watched_from: Slot | None = None
    watched_until: Slot | None = None


@dataclass(frozen=True, slots=True)
class Resend:
    """Not seen and still able to land: send the stored bytes again when due."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Seen but not final, or expired but not yet proved so: wait for the chain."""


@dataclass(frozen=True, slots=True)
class Spent:
    slot: Slot
    error: Any


@dataclass(frozen=True, slots=True)
class Dead:
    """The certificate: the range searched, by both end blocks."""

    origin: Block
    past_expiry: Block
    blocks_searched: int


@dataclass(frozen=True, slots=True)
class Review:
    reason: str


Decision: TypeAlias = Resend | Hold | Spent | Dead | Review


def decide(evidence: Evidence) -> Decision:
    """What is true of a live attempt. Certain ends first; everything uncertain waits or goes to review."""
    coverage, sighting = evidence.coverage, evidence.sighting
    if sighting is not None and sighting.slot <= coverage.finalized_slot:
        return Spent(sighting.slot, sighting.error)
    expiry = expiry_height(evidence)
    if coverage.finalized_height <= expiry:
        can_land = sighting is None and coverage.head_height < expiry
        return Resend() if can_land else Hold()
    if sighting is not None:
        return Review("seen in an unfinalized block after its blockhash expired")
    return _death(evidence, expiry)


def expiry_height(evidence: Evidence) -> int:
    """The last height at which it can land: the later of what was written down and what the index says."""
    if evidence.origin is None:
        return evidence.last_valid_block_height
    return max(evidence.last_valid_block_height, evidence.origin.height + MAX_BLOCKHASH_AGE)


def _death(evidence: Evidence, expiry: int) -> Dead | Review:
    coverage, origin, past = evidence.coverage, evidence.origin, evidence.past_expiry
    if origin is None or origin.slot < coverage.anchor_slot or origin.slot > coverage.finalized_slot:
        return Review("its blockhash is not in a finalized block of our index")
    if origin.blockhash != evidence.blockhash:
        return Review("the block it was signed under has another hash in our index")
    if evidence.watched_from is None or evidence.watched_from > origin.slot + 1:
        return Review("its fee payer was not watched from its blockhash on")
    if past is None or past.height <= expiry or not origin.slot < past.slot <= coverage.finalized_slot:
        return Review("no finalized block past its expiry is indexed")
    if evidence.watched_until is not None and evidence.watched_until <= past.slot:
        return Review("its fee payer was no longer watched when it expired")
    if evidence.blocks_between != past.height - origin.height:
        return Review("the index misses blocks of the range it could have landed in")
    if evidence.unreadable:
        return Review("its fee payer is named by a transaction of the range that could not be read")
    return Dead(origin, past, evidence.blocks_between)
