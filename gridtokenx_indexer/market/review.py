"""Operations of an epoch that wait for a person, put back to work."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber, OperationKey, ZoneId
from gridtokenx_indexer.domain.windows import epoch_start
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Pool

_SQL = load("trade_review")


class ReviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """One operation in review: a trade, or the opening or closing of a part."""

    operation: OperationKey
    reason: str | None
    attempt: str | None
    """Signature of the transaction that is in doubt; None when the trade itself is."""


async def retry_reviewed(
    pool: Pool,
    epoch: EpochNumber,
    *,
    zone: ZoneId | None = None,
    trade_index: int | None = None,
    dry_run: bool = False,
) -> list[ReviewLine]:
    """Trades in review become pending again, and attempts in review are judged again by the index.

    Neither can settle anything twice: the program skips a trade that is done, and an attempt in doubt keeps
    its operations until its end is proved. Raises `UsageError` for an epoch that does not exist.
    """
    epoch_start(epoch)
    async with pool.acquire() as conn, conn.transaction():
        if not await conn.fetchval(_SQL["epoch_exists"], epoch):
            raise UsageError(f"epoch {epoch} does not exist", remedy="see gridtokenx-indexer epoch list")
        rows = await conn.fetch(_SQL["in_review"], epoch, zone, trade_index)
        lines = [msgspec.convert(dict(row), ReviewLine) for row in rows]
        if lines and not dry_run:
            operations = [line.operation for line in lines]
            await conn.execute(_SQL["judge_again"], operations)
            await conn.execute(_SQL["pending_again"], epoch, operations)
            await conn.execute(_SQL["wake_workers"])
    return lines
