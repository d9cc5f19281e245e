"""The follower's database transactions: each holds rows, projections and cursor, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from gridtokenx_indexer.decode.watch import WatchHistory
from gridtokenx_indexer.project.projection import Projection
from gridtokenx_indexer.source.chain import BlockLink, ChainWindow
from gridtokenx_indexer.store.chain_batch import IndexedBlock
from gridtokenx_indexer.store.chain_writer import (
    ChainIdentity,
    PartitionKeeper,
    delete_blocks_after,
    mark_finalized,
    write_blocks,
    write_cursor,
)
from gridtokenx_indexer.store.leases import Lease, require_current
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.watch_list import require_unchanged


class ChainCommitter:
    """Every method raises `RetryableError`, and writes nothing, when the lease has passed on."""

    def __init__(self, pool: Pool, projections: Sequence[Projection]) -> None:
        self._pool = pool
        self._projections = projections
        self._partitions = PartitionKeeper(pool)

    async def commit(
        self,
        lease: Lease,
        identity: ChainIdentity,
        window: ChainWindow,
        blocks: Sequence[IndexedBlock],
        finalized: BlockLink,
        *,
        watched: WatchHistory,
    ) -> None:
        """`window` already ends with the last of `blocks`; `finalized` is not yet marked in it.

        Raises `WatchListChangedError` when `watched`, under which the blocks were read, has changed since.
        """
        if blocks:
            await self._ensure_partitions(blocks)
        async with self._pool.acquire() as connection, connection.transaction():
            await require_current(connection, lease)
            if blocks:
                await require_unchanged(connection, watched)
            await write_blocks(connection, blocks, finalized.slot)
            await mark_finalized(connection, window.finalized.slot, finalized.slot)
            if blocks:
                first, last = blocks[0].link.slot, blocks[-1].link.slot
                for projection in self._projections:
                    await projection.apply(connection, first, last)
            await write_cursor(connection, identity, window.head, finalized, lease.term)

    async def roll_back(
        self, lease: Lease, identity: ChainIdentity, window: ChainWindow, ancestor: BlockLink
    ) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await require_current(connection, lease)
            for projection in self._projections:
                await projection.roll_back(connection, ancestor.slot)
            await delete_blocks_after(connection, ancestor.slot)
            await write_cursor(connection, identity, ancestor, window.finalized, lease.term)

    async def _ensure_partitions(self, blocks: Sequence[IndexedBlock]) -> None:
        await self._partitions.ensure([(block.first_row_slot, block.link.slot) for block in blocks])
