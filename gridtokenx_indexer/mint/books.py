"""Continuous reconciliation: token supply = minted less burned = done operations less burned."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import msgspec

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.mint.book_rules import Books, BooksVerdict, compare
from gridtokenx_indexer.mint.config import MintTarget
from gridtokenx_indexer.source.answers import TokenSupply
from gridtokenx_indexer.source.rpc import Commitment
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection, Pool, Wake

log = logging.getLogger(__name__)

_SQL = load("mint")


class SupplyReader(Protocol):
    async def get_token_supply(self, mint: Address, commitment: Commitment) -> TokenSupply: ...


class BooksConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How often the books are compared."""

    check_ms: int = 5_000
    opening_supply_base_units: int = 0
    """Supply at the anchor, when indexing starts later than the token."""


class MintBooks:
    """A service that compares, and the switch that the minter asks.

    A supply read at slot S is compared once the index has finalized S, with sums up to exactly S.
    """

    name = "mint-books"

    def __init__(
        self,
        pool: Pool,
        reader: SupplyReader,
        target: MintTarget,
        wake: Wake,
        config: BooksConfig | None = None,
    ) -> None:
        self._pool = pool
        self._reader = reader
        self._target = target
        self._wake = wake
        self._config = config or BooksConfig()
        self._sample: TokenSupply | None = None

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                compared = await self.check()
            except RetryableError as error:
                log.warning("books_not_compared", extra={"error": str(error)})
                compared = None
            # A sample that the index has not reached yet is looked at again as soon as the chain moves.
            settled = compared is not None or self._sample is None
            await self._wake.wait(self._config.check_ms / (1_000 if settled else 5_000), stop)

    async def paused(self) -> str | None:
        """Why minting is paused; None while it is not."""
        reason: str | None = await self._pool.fetchval(_SQL["paused"])
        return reason

    async def check(self) -> BooksVerdict | None:
        """One comparison; None while the index has not passed the slot of the supply."""
        if self._sample is None:
            self._sample = await self._reader.get_token_supply(
                Address(str(self._target.energy_mint)), Commitment.FINALIZED
            )
        async with self._pool.acquire() as conn, conn.transaction(isolation="repeatable_read"):
            verdict = await self._compare(conn, self._sample)
        if verdict is None:
            return None
        self._sample = None
        if verdict.pause:
            log.error("minting_paused", extra={"reason": verdict.pause})
        elif verdict.alert:
            log.error("books_differ", extra={"reason": verdict.alert})
        return verdict

    async def _compare(self, conn: Connection, sample: TokenSupply) -> BooksVerdict | None:
        row = await conn.fetchrow(_SQL["lock_books"])
        if row is None or row["finalized_slot"] < sample.context_slot:
            return None
        program, mint = str(self._target.program_id), str(self._target.energy_mint)
        since = row["checked_slot"] if row["checked_slot"] is not None else row["anchor_slot"] - 1
        upto = max(since, sample.context_slot)
        if upto > sample.context_slot:
            return BooksVerdict(None, None)
        minted = await conn.fetchrow(_SQL["minted_between"], since, upto, program)
        burned = await conn.fetchval(_SQL["burned_between"], since, upto, mint)
        done = await conn.fetchrow(_SQL["done_total"])
        after = await conn.fetchval(_SQL["minted_after"], upto, program)
        assert minted is not None
        assert done is not None
        minted_total = int(row["minted_base_units"] + minted["minted_base_units"])
        burned_total = int((row["burned_base_units"] or 0) + burned)
        verdict = compare(
            Books(
                opening_base_units=self._config.opening_supply_base_units,
                supply_base_units=sample.base_units,
                minted_base_units=minted_total,
                burned_base_units=burned_total,
                # Operations done by events after S do not belong into a comparison at S.
                done_base_units=int(done["minted_base_units"] - after),
                unexplained=tuple(minted["unexplained"]),
            )
        )
        await conn.execute(
            _SQL["write_books"],
            upto,
            row["minted_events"] + minted["events"],
            minted_total,
            burned_total,
            sample.base_units,
            verdict.alert,
            verdict.pause,
        )
        return verdict


async def resume_minting(pool: Pool, *, dry_run: bool = False) -> str | None:
    """Lifts the pause of minting and returns its reason; None when minting was not paused.

    The next comparison of the books pauses it again if the difference is still there.
    """
    async with pool.acquire() as conn, conn.transaction():
        reason: str | None = await conn.fetchval(_SQL["paused"])
        if reason is not None and not dry_run:
            await conn.execute(_SQL["resume_minting"])
    return reason
