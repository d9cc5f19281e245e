"""The tracker under random forks, skipped slots, lost, repeated and disordered blocks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, Slot
from gridtokenx_indexer.source.chain import (
    BlockLink,
    ChainWindow,
    Extend,
    Finalize,
    NeedParent,
    RollBack,
)

ROOT = BlockLink(Slot(100), Slot(99), Blockhash("root"), Blockhash("before"), BlockHeight(50), None)
Branch = list[BlockLink]


@st.composite
def branches(draw: st.DrawFn) -> tuple[Branch, list[Branch]]:
    """The branch that becomes final, and branches that leave it somewhere."""
    main = grow(ROOT, draw(gaps(12)), "main")
    sides: list[Branch] = []
    for number in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(main) - 1))
        root = ROOT if at == 0 else main[at - 1]
        sides.append([*main[:at], *grow(root, draw(gaps(5)), f"side{number}")])
    return main, sides


def gaps(longest: int) -> st.SearchStrategy[list[int]]:
    """Distances between the slots of neighbouring blocks."""
    return st.lists(st.integers(1, 4), min_size=1, max_size=longest)


def grow(parent: BlockLink, distances: list[int], name: str) -> Branch:
    branch = []
    for distance in distances:
        slot = Slot(parent.slot + distance)
        parent = BlockLink(
            slot,
            parent.slot,
            Blockhash(f"{name}{slot}"),
            parent.blockhash,
            BlockHeight(parent.block_height + 1),
            None,
        )
        branch.append(parent)
    return branch


class Index:
    """What a follower would have stored, checked at each step."""

    def __init__(self) -> None:
        self.window = ChainWindow([ROOT])
        self.blocks = {ROOT.slot: ROOT}
        self.skipped: dict[int, int] = {}
        self.final = ROOT

    def add(self, decision: Extend) -> None:
        self.window.extend(decision.block)
        self.blocks[decision.block.slot] = decision.block
        self.skipped.update(dict.fromkeys(decision.skipped, decision.block.slot))

    def confirm(self, block: BlockLink) -> None:
        decision = self.window.offer_confirmed(block)
        if isinstance(decision, Extend):
            self.add(decision)
        self.check()

    def finalize(self, chain: dict[Slot, BlockLink], block: BlockLink) -> None:
        """As the follower does: takes finalized blocks in order up to `block`, then looks at it."""
        while self.window.head.slot < block.slot:
            following = min(slot for slot in chain if slot > self.window.head.slot)
            self.apply_finalized(chain, chain[following])
        self.apply_finalized(chain, block)

    def apply_finalized(self, chain: dict[Slot, BlockLink], block: BlockLink) -> None:
        """Walks down to where the finalized branch meets ours."""
        decision = self.window.offer_finalized(block)
        while isinstance(decision, NeedParent):
            decision = self.window.offer_finalized(chain[decision.parent_slot])
        if isinstance(decision, Extend):
            self.add(decision)
        elif isinstance(decision, Finalize):
            self.window.finalize(decision.through)
            self.final = decision.through
        elif isinstance(decision, RollBack):
            above = decision.ancestor.slot
            assert above >= self.final.slot
            self.window.roll_back(decision.ancestor)
            self.blocks = {slot: kept for slot, kept in self.blocks.items() if slot <= above}
            self.skipped = {slot: by for slot, by in self.skipped.items() if slot <= above}
        self.check()

    def check(self) -> None:
        """Every slot from the root to the head is a linked block or proved skipped, never both or neither."""
        head = self.window.head.slot
        assert sorted([*self.blocks, *self.skipped]) == list(range(ROOT.slot, head + 1))
        for before, block in pairwise(sorted(self.blocks.values())):
            assert (block.parent_slot, block.previous_blockhash) == (before.slot, before.blockhash)
        for slot, by in self.skipped.items():
            assert self.blocks[Slot(by)].parent_slot < slot < by


@settings(max_examples=300, deadline=None)
@given(data=st.data(), grown=branches())
def test_any_delivery_ends_in_the_final_branch(
    data: st.DataObject, grown: tuple[Branch, list[Branch]]
) -> None:
    main, sides = grown
    index = Index()
    chain = {ROOT.slot: ROOT, **{block.slot: block for block in main}}
    offered = data.draw(st.lists(st.sampled_from([*main, *(b for side in sides for b in side)]), max_size=60))
    finalized_at = data.draw(st.lists(st.sampled_from(main), max_size=6))
    steps = data.draw(st.permutations([*((b, False) for b in offered), *((b, True) for b in finalized_at)]))
    for block, is_final in steps:
        if is_final:
            index.finalize(chain, block)
        else:
            index.confirm(block)
    # A side branch may reach above; finality takes it back when it gets there.
    index.finalize(chain, main[-1])
    index.finalize(chain, main[-1])
    assert {slot: block for slot, block in index.blocks.items() if slot <= main[-1].slot} == chain
    assert index.final == main[-1]


@settings(max_examples=100, deadline=None)
@given(grown=branches(), repeat=st.integers(1, 3))
def test_blocks_in_order_need_no_finality(grown: tuple[Branch, list[Branch]], repeat: int) -> None:
    main, _ = grown
    index = Index()
    for block in main:
        for _ in range(repeat):
            index.confirm(block)
    assert list(index.blocks.values())[1:] == main
