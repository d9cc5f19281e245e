"""Moves the frontier: takes blocks from one endpoint, lets the tracker decide, commits in batches."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import assert_never

from gridtokenx_indexer.decode.block import BlockDecoder
from gridtokenx_indexer.decode.facts import BlockFacts
from gridtokenx_indexer.decode.transaction import IncompleteBlockError
from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.project.commit import ChainCommitter
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.project.stats import FollowerStats
from gridtokenx_indexer.source.chain import (
    BlockLink,
    ChainWindow,
    Extend,
    Finalize,
    Held,
    Known,
    Missing,
    NeedParent,
    RollBack,
)
from gridtokenx_indexer.source.errors import (
    BlockCleanedUpError,
    BlockNotAvailableError,
    RpcRetryableError,
    SlotSkippedError,
)
from gridtokenx_indexer.source.fetch import (
    FetchedBlock,
    fetch_block,
    fetch_blocks,
    fetch_link,
    list_blocks,
)
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.store.chain_batch import IndexedBlock
from gridtokenx_indexer.store.chain_writer import ChainIdentity
from gridtokenx_indexer.store.leases import Lease

log = logging.getLogger(__name__)

_LONGEST_GAP_BLOCKS = 64
_NOT_THERE = (BlockNotAvailableError, SlotSkippedError, BlockCleanedUpError)


class Frontier:
    """The accepted chain in memory, ahead of the database by at most one uncommitted batch.

    After any exception it must be thrown away and read again from the database.
    """

    def __init__(
        self,
        committer: ChainCommitter,
        config: FollowerConfig,
        stats: FollowerStats,
        lease: Lease,
        identity: ChainIdentity,
        window: ChainWindow,
        decoder: BlockDecoder,
    ) -> None:
        self._committer = committer
        self._config = config
        self._stats = stats
        self.lease = lease
        self.identity = identity
        self.window = window
        self._decoder = decoder
        self._batch: list[IndexedBlock] = []
        self._batch_transactions = 0
        self._batch_started = 0.0
        self._finalized: BlockLink | None = None

    async def advance(self, rpc: RpcClient) -> None:
        """One step: everything that `rpc`, a view on one endpoint, has now."""
        finalized_tip = await rpc.get_slot(Commitment.FINALIZED)
        if finalized_tip > self.window.head.slot:
            await self._take(rpc, finalized_tip, Commitment.FINALIZED)
        elif finalized_tip > self.window.finalized.slot:
            await self._check_finality(rpc, finalized_tip)
        tip = await rpc.get_slot(Commitment.CONFIRMED)
        self._stats.finalized_tip_slot, self._stats.tip_slot = finalized_tip, tip
        if finalized_tip <= self.window.head.slot < tip:
            await self._take(rpc, tip, Commitment.CONFIRMED)
        await self._commit()

    async def _take(self, rpc: RpcClient, tip: Slot, commitment: Commitment) -> None:
        """Accepts blocks up to `tip`, or up to what cannot be decided or fetched now."""
        while self.window.head.slot < tip:
            before = self.window.head
            slots = await list_blocks(rpc, before.slot, tip, commitment, self._config.list_slots)
            # While held, only the first of them is looked at.
            concurrency = 1 if self._stats.held else self._config.fetch_concurrency
            fetched = fetch_blocks(rpc, slots, commitment, concurrency)
            try:
                async with aclosing(fetched):
                    went_on = await self._accept_all(rpc, fetched, commitment)
            except _NOT_THERE as error:
                self._stats.gaps += 1
                log.debug("block_not_there", extra={"error": str(error)})
                return
            except (RpcRetryableError, IncompleteBlockError):
                # What came before the trouble is as good as ever.
                await self._commit()
                raise
            if not went_on or self.window.head == before:
                return

    async def _accept_all(
        self, rpc: RpcClient, fetched: AsyncIterator[FetchedBlock], commitment: Commitment
    ) -> bool:
        async for block in fetched:
            for linked in await self._with_missing_parents(rpc, block, commitment):
                if not await self._accept(rpc, linked, commitment):
                    return False
            if self._batch_is_full():
                await self._commit()
        return True

    async def _with_missing_parents(
        self, rpc: RpcClient, block: FetchedBlock, commitment: Commitment
    ) -> list[FetchedBlock]:
        """The block after the blocks that the node's list left out; they are fetched by their number."""
        chain = [block]
        while isinstance(decision := self._decide(chain[-1].link, commitment), Missing):
            if len(chain) > _LONGEST_GAP_BLOCKS:
                raise BlockNotAvailableError(f"the list of blocks leaves out more than {len(chain)}")
            self._stats.gaps += 1
            chain.append(await fetch_block(rpc, decision.parent_slot, commitment))
        return chain[::-1]

    def _decide(
        self, link: BlockLink, commitment: Commitment
    ) -> Extend | Known | Missing | Held | Finalize | RollBack | NeedParent:
        if commitment is Commitment.FINALIZED:
            return self.window.offer_finalized(link)
        return self.window.offer_confirmed(link)

    async def _accept(self, rpc: RpcClient, block: FetchedBlock, commitment: Commitment) -> bool:
        """False when nothing further can be accepted in this step."""
        decision = self._decide(block.link, commitment)
        match decision:
            case Extend(link, skipped):
                self._add(link, skipped, block)
                if commitment is Commitment.FINALIZED:
                    self._finalized = link
                self._hold(None)
                return True
            case Known():
                return True
            case Held(reason):
                self._hold(f"block {block.link.blockhash} of slot {block.link.slot}: {reason}")
                return False
            case Missing(parent_slot):
                raise BlockNotAvailableError(f"the parent in slot {parent_slot} is missing")
            case Finalize(through):
                self._finalized = through
                return True
            case RollBack(ancestor):
                await self._roll_back(ancestor)
                return False
            case NeedParent():
                await self._resolve_fork(rpc, block.link)
                return False
            case _:
                assert_never(decision)

    def _add(self, link: BlockLink, skipped: range, block: FetchedBlock) -> None:
        facts = self._decoder.decode_block(link.slot, link.block_time, block.transactions)
        if not self._batch:
            self._batch_started = time.monotonic()
        self.window.extend(link)
        self._batch.append(IndexedBlock(link, skipped, facts))
        self._batch_transactions += len(facts.transactions)

    def _batch_is_full(self) -> bool:
        return (
            len(self._batch) >= self._config.batch_blocks
            or self._batch_transactions >= self._config.batch_transactions
            or (bool(self._batch) and time.monotonic() - self._batch_started >= self._config.batch_ms / 1000)
        )

    async def _check_finality(self, rpc: RpcClient, finalized_tip: Slot) -> None:
        """The newest finalized block finalizes our branch, or shows that it was left."""
        try:
            link = await fetch_link(rpc, finalized_tip, Commitment.FINALIZED)
        except _NOT_THERE:
            return
        await self._resolve_fork(rpc, link)

    async def _resolve_fork(self, rpc: RpcClient, link: BlockLink) -> None:
        """Walks the finalized branch down from `link` to where it meets ours."""
        decision = self.window.offer_finalized(link)
        while isinstance(decision, NeedParent):
            link = await fetch_link(rpc, decision.parent_slot, Commitment.FINALIZED)
            decision = self.window.offer_finalized(link)
        if isinstance(decision, Finalize):
            self._finalized = decision.through
        elif isinstance(decision, RollBack):
            await self._roll_back(decision.ancestor)

    async def _roll_back(self, ancestor: BlockLink) -> None:
        await self._commit()
        undone = self.window.head.slot - ancestor.slot
        await self._committer.roll_back(self.lease, self.identity, self.window, ancestor)
        log.warning(
            "rolled_back",
            extra={"ancestor_slot": ancestor.slot, "head_slot": self.window.head.slot, "slots": undone},
        )
        self.window.roll_back(ancestor)
        self._stats.rollbacks += 1
        self._stats.rolled_back_slots += undone
        self._stats.head_slot = ancestor.slot
        self._hold(None)

    async def _commit(self) -> None:
        finalized = self._finalized or self.window.finalized
        if not self._batch and finalized == self.window.finalized:
            return
        await self._committer.commit(
            self.lease, self.identity, self.window, self._batch, finalized, watched=self._decoder.watched
        )
        self.window.finalize(finalized)
        self._count(self._batch)
        self._batch = []
        self._batch_transactions = 0
        self._finalized = None

    def _count(self, batch: list[IndexedBlock]) -> None:
        stats = self._stats
        stats.head_slot, stats.finalized_slot = self.window.head.slot, self.window.finalized.slot
        stats.batches += 1
        stats.blocks += len(batch)
        stats.skipped_slots += sum(len(block.skipped) for block in batch)
        for block in batch:
            _count_facts(stats, block.facts)

    def _hold(self, reason: str | None) -> None:
        if reason is not None and reason != self._stats.held:
            log.warning("frontier_held", extra={"reason": reason, "head_slot": self.window.head.slot})
        self._stats.held = reason


def _count_facts(stats: FollowerStats, block: BlockFacts) -> None:
    stats.transactions += len(block.transactions)
    for kept in block.transactions:
        facts = kept.facts
        if facts is None:
            stats.parked_items += 1
            continue
        stats.failed_transactions += facts.failed
        stats.events += len(facts.events)
        stats.parked_items += len(facts.parked)
        stats.forged_events += facts.forged_events
        stats.truncated_logs += facts.log_truncated
