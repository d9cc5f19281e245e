"""The service that tails the chain into the database."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import asyncpg

from gridtokenx_indexer.decode.block import BlockDecoder
from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.project.account_balances import AccountBalances
from gridtokenx_indexer.project.anchor import NotInitializedError, fetch_anchor
from gridtokenx_indexer.project.commit import ChainCommitter
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.project.frontier import Frontier
from gridtokenx_indexer.project.stats import FollowerStats
from gridtokenx_indexer.source.chain import ChainWindow
from gridtokenx_indexer.source.errors import RpcRetryableError
from gridtokenx_indexer.source.fetch import fetch_link
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.source.websocket import SlotBell
from gridtokenx_indexer.store.chain_batch import IndexedBlock
from gridtokenx_indexer.store.chain_reader import (
    IdlText,
    StoredChain,
    read_chain,
    read_positions,
    update_idls,
)
from gridtokenx_indexer.store.chain_writer import ChainIdentity
from gridtokenx_indexer.store.leases import Lease, require_current
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.waiting import wait_for_any
from gridtokenx_indexer.store.watch_list import WatchListChangedError, update_watched

log = logging.getLogger(__name__)

_RETRY_PAUSE_MAX_MS = 10_000
_LOOK_PAUSE_MS = 1_000


class LeaseHolder(Protocol):
    """The part of a lease keeper that the follower uses."""

    def term(self) -> Lease | None: ...

    async def held(self, stop: asyncio.Event) -> Lease | None: ...


class FollowerService:
    """Source, decode, store, project: one endpoint per step, one database transaction per batch.

    Raises `StopError` for a node or a setting that does not belong to this database.
    """

    name = "follower"

    def __init__(
        self,
        pool: Pool,
        rpc: RpcClient,
        lease: LeaseHolder,
        config: FollowerConfig,
        *,
        idls: Sequence[IdlText] = (),
        bell: SlotBell | None = None,
    ) -> None:
        self._pool = pool
        self._rpc = rpc
        self._leases = lease
        self._config = config
        self._idls = idls
        self._bell = bell or SlotBell(())
        self._committer = ChainCommitter(pool, [AccountBalances(config.energy_mint)])
        self._known_endpoints: set[str | None] = set()
        self._next_cross_check = 0.0
        self._batches_at_failure = 0
        self._failures_in_row = 0
        self.stats = FollowerStats()

    async def run(self, stop: asyncio.Event) -> None:
        """Follows until `stop`. Trouble with nodes or the lease starts again from the database."""
        listening = asyncio.create_task(self._bell.run())
        try:
            while not stop.is_set():
                lease = await self._lease(stop)
                if lease is None:
                    return
                try:
                    await self._follow(lease, stop)
                except NotInitializedError as error:
                    log.info("waiting_for_program", extra={"error": str(error)})
                    await wait_for_any(stop, timeout_s=self._config.poll_interval_ms / 1000)
                except WatchListChangedError:
                    # Another process has brought its key: the same blocks are read again, for it too.
                    log.info("watch_list_changed")
                except RetryableError as error:
                    self.stats.failures += 1
                    log.warning("follower_starts_again", extra={"error": str(error)})
                    await wait_for_any(stop, timeout_s=self._retry_pause_s())
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _lease(self, stop: asyncio.Event) -> Lease | None:
        """Waits for the lease. Another process follows meanwhile: how far is looked up, so that a standby can
        say whether the index is caught up."""
        looking = asyncio.create_task(self._look_on(stop))
        try:
            return await self._leases.held(stop)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look_on(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                stored = await read_positions(self._pool)
                if stored is not None:
                    self.stats.head_slot, self.stats.finalized_slot = stored
                self.stats.tip_slot = await self._rpc.pinned().get_slot(Commitment.CONFIRMED)
            except (RetryableError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.debug("look_failed", extra={"error": str(error)})
            await wait_for_any(stop, timeout_s=_LOOK_PAUSE_MS / 1000)

    def _retry_pause_s(self) -> float:
        """Doubles while nothing is written between failures."""
        if self.stats.batches != self._batches_at_failure:
            self._batches_at_failure = self.stats.batches
            self._failures_in_row = 0
        doubled_ms = self._config.retry_pause_ms << min(self._failures_in_row, 16)
        self._failures_in_row += 1
        return min(doubled_ms, _RETRY_PAUSE_MAX_MS) / 1000

    async def _follow(self, lease: Lease, stop: asyncio.Event) -> None:
        frontier = await self.open(lease)
        while not stop.is_set():
            current = self._leases.term()
            if current is None or current.term != lease.term:
                raise RetryableError("the lease follower is over")
            frontier.lease = current
            rpc = await self._endpoint(frontier.identity)
            await frontier.advance(rpc)
            await self._cross_check(rpc, frontier)
            await self._wait(stop)

    async def _wait(self, stop: asyncio.Event) -> None:
        await wait_for_any(stop, timeout_s=self._config.min_pause_ms / 1000)
        remaining_ms = self._config.poll_interval_ms - self._config.min_pause_ms
        if remaining_ms > 0:
            await wait_for_any(stop, self._bell.rung, timeout_s=remaining_ms / 1000)
        self._bell.rung.clear()

    async def open(self, lease: Lease) -> Frontier:
        """The state of the database, anchored first when it is new; watch list and layouts as configured."""
        stored = await read_chain(self._pool)
        if stored is None:
            stored = await self._anchor(lease)
        else:
            self._require_program(stored.identity)
            await self._endpoint(stored.identity)
        next_slot = Slot(stored.window.head.slot + 1)
        decoder = await self._prepare(lease, next_slot)
        self.stats.head_slot = stored.window.head.slot
        self.stats.finalized_slot = stored.window.finalized.slot
        identity = replace(stored.identity, energy_mint=self._config.energy_mint)
        return Frontier(self._committer, self._config, self.stats, lease, identity, stored.window, decoder)

    async def _prepare(self, lease: Lease, next_slot: Slot) -> BlockDecoder:
        async with self._pool.acquire() as connection, connection.transaction():
            await require_current(connection, lease)
            watched = await update_watched(connection, self._config.watch_set(), next_slot)
            registry = await update_idls(connection, self._idls, next_slot)
        return BlockDecoder(registry, watched)

    async def _anchor(self, lease: Lease) -> StoredChain:
        rpc = self._rpc.pinned()
        genesis_hash = await rpc.get_genesis_hash()
        self._known_endpoints = {rpc.endpoint_label}
        block = await fetch_anchor(rpc, self._config)
        link = block.link
        decoder = await self._prepare(lease, link.slot)
        facts = decoder.decode_block(link.slot, link.block_time, block.transactions)
        identity = ChainIdentity(genesis_hash, self._config.program, link.slot, self._config.energy_mint)
        window = ChainWindow([link])
        first = IndexedBlock(link, range(0), facts)
        await self._committer.commit(lease, identity, window, [first], link, watched=decoder.watched)
        log.info("anchored", extra={"slot": link.slot, "blockhash": link.blockhash})
        return StoredChain(identity, window)

    def _require_program(self, identity: ChainIdentity) -> None:
        if identity.program != self._config.program:
            raise StopError(
                f"this database indexes program {identity.program}, the settings name {self._config.program}",
                remedy="set [program] id back, or use another database",
            )

    async def _endpoint(self, identity: ChainIdentity) -> RpcClient:
        """A view on one endpoint that was seen to serve the database's network."""
        rpc = self._rpc.pinned()
        if rpc.endpoint_label not in self._known_endpoints:
            genesis_hash = await rpc.get_genesis_hash()
            if genesis_hash != identity.genesis_hash:
                raise StopError(
                    f"{rpc.endpoint_label} serves the network {genesis_hash}, this database indexes "
                    f"{identity.genesis_hash}",
                    remedy="set SOLANA_RPC_URL to the right network, or use another database",
                )
            self._known_endpoints.add(rpc.endpoint_label)
        return rpc

    async def _cross_check(self, rpc: RpcClient, frontier: Frontier) -> None:
        """Another endpoint's view of our head is counted, never applied."""
        other = rpc.second_opinion()
        now = time.monotonic()
        if other is None or now < self._next_cross_check:
            return
        self._next_cross_check = now + self._config.cross_check_interval_ms / 1000
        head = frontier.window.head
        try:
            link = await fetch_link(other, head.slot, Commitment.CONFIRMED)
        except RpcRetryableError:
            return
        if link.blockhash != head.blockhash:
            label = str(other.endpoint_label)
            self.stats.disagreements[label] += 1
            log.warning("endpoints_disagree", extra={"endpoint": label, "slot": head.slot})
