"""The pure gap and fork tracker: which blocks may be indexed, which slots are proved skipped, what is final.

A block is accepted when it names the last accepted one as its parent, by slot and by hash. The slots it steps
over are thereby proved skipped. Only finality takes an accepted block back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, Slot


class BlockLink(NamedTuple):
    """A block as far as continuity is concerned."""

    slot: Slot
    parent_slot: Slot
    blockhash: Blockhash
    previous_blockhash: Blockhash
    block_height: BlockHeight
    block_time: int | None


@dataclass(frozen=True, slots=True)
class Extend:
    """The block follows the head; `skipped` are the slots it proves empty."""

    block: BlockLink
    skipped: range


@dataclass(frozen=True, slots=True)
class Known:
    """Accepted before, or older than what is final here: nothing to do."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A gap: the parent is not known, and lies above the head. It must be fetched first."""

    parent_slot: Slot


@dataclass(frozen=True, slots=True)
class Held:
    """A confirmed block on another branch than ours; finality will decide."""

    reason: str


@dataclass(frozen=True, slots=True)
class Finalize:
    """The block and all accepted blocks below it are final."""

    through: BlockLink


@dataclass(frozen=True, slots=True)
class RollBack:
    """Finality chose a branch that leaves ours after `ancestor`."""

    ancestor: BlockLink


@dataclass(frozen=True, slots=True)
class NeedParent:
    """Where the finalized branch leaves ours is further down: give the finalized block of this slot."""

    parent_slot: Slot


ConfirmedDecision: TypeAlias = Extend | Known | Missing | Held
FinalizedDecision: TypeAlias = Extend | Known | Missing | Finalize | RollBack | NeedParent


class ChainWindow:
    """The accepted blocks from the last final one to the head. Never empty."""

    def __init__(self, blocks: Iterable[BlockLink]) -> None:
        """`blocks` in order, linked; the first one is final."""
        self._blocks = {block.slot: block for block in blocks}
        slots = list(self._blocks)
        self._finalized = slots[0]
        self._head = slots[-1]

    @property
    def head(self) -> BlockLink:
        return self._blocks[self._head]

    @property
    def finalized(self) -> BlockLink:
        return self._blocks[self._finalized]

    def at(self, slot: Slot) -> BlockLink | None:
        """The accepted block of a slot that is not older than the last final one."""
        return self._blocks.get(slot)

    def offer_confirmed(self, block: BlockLink) -> ConfirmedDecision:
        """What to do with a confirmed block. Changes nothing: call `extend` for what was accepted."""
        head = self.head
        if block.slot <= head.slot:
            ours = self.at(block.slot)
            if block.slot < self._finalized or (ours is not None and ours.blockhash == block.blockhash):
                return Known()
            return Held("another block, or none, was accepted for its slot")
        if block.parent_slot > head.slot:
            return Missing(block.parent_slot)
        if block.parent_slot < head.slot:
            return Held("its parent is an earlier accepted slot")
        if not _follows(block, head):
            return Held("its parent has another hash or height than the block accepted for that slot")
        return _extend(block, head)

    def offer_finalized(self, block: BlockLink) -> FinalizedDecision:
        """What a finalized block decides. Changes nothing.

        Raises `StopError` when it contradicts what was final before.
        """
        head = self.head
        if block.slot < self._finalized:
            return Known()
        ours = self.at(block.slot)
        if ours is not None and ours.blockhash == block.blockhash:
            return Known() if block.slot == self._finalized else Finalize(ours)
        if block.slot == self._finalized or block.parent_slot < self._finalized:
            raise StopError(
                f"the node finalized another history: block {block.blockhash} of slot {block.slot} does not "
                f"follow {self.finalized.blockhash} of slot {self._finalized}, which was final",
                remedy="check that every endpoint serves the same network; after a restart of the chain "
                "index it into a new database",
            )
        if block.parent_slot > head.slot:
            return Missing(block.parent_slot)
        parent = self.at(block.parent_slot)
        if parent is None or not _follows(block, parent):
            return NeedParent(block.parent_slot)
        return _extend(block, parent) if parent is head else RollBack(parent)

    def extend(self, block: BlockLink) -> None:
        self._blocks[block.slot] = block
        self._head = block.slot

    def finalize(self, through: BlockLink) -> None:
        self._finalized = through.slot
        for slot in [slot for slot in self._blocks if slot < through.slot]:
            del self._blocks[slot]

    def roll_back(self, ancestor: BlockLink) -> None:
        for slot in [slot for slot in self._blocks if slot > ancestor.slot]:
            del self._blocks[slot]
        self._head = ancestor.slot


def _follows(block: BlockLink, parent: BlockLink) -> bool:
    return (
        block.parent_slot == parent.slot
        and block.previous_blockhash == parent.blockhash
        and block.block_height == parent.block_height + 1
    )


def _extend(block: BlockLink, head: BlockLink) -> Extend:
    return Extend(block, range(head.slot + 1, block.slot))
