"""Write-ahead: an attempt and its items are committed before the first byte is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from gridtokenx_indexer.domain.ids import Address, Blockhash, BlockHeight, Slot
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.watch_list import held_signers
from gridtokenx_indexer.tx.compute_budget import compute_budget, fee_lamports
from gridtokenx_indexer.tx.config import TxConfig
from gridtokenx_indexer.tx.errors import (
    IndexBehindError,
    LeaseLostError,
    OperationInFlightError,
    SignerNotWatchedError,
)
from gridtokenx_indexer.tx.lifecycle import MAX_BLOCKHASH_AGE
from gridtokenx_indexer.tx.message import compile_message, sign_message
from gridtokenx_indexer.tx.plan import AttemptPlan, RecentBlockhash, SignedAttempt
from gridtokenx_indexer.tx.ports import Connection, HeldLease, Pool
from gridtokenx_indexer.tx.salt import Salt
from gridtokenx_indexer.tx.signer import KeyRing

_SQL = load("attempts")


@dataclass(frozen=True, slots=True)
class _Draft:
    plan: AttemptPlan
    attempt: SignedAttempt
    price_micro_lamports: int
    signer: str
    blockhash: Blockhash


class AttemptWriter:
    """Signs plans under a finalized blockhash of our own index and writes them down.

        recent = await writer.prepare()
        async with pool.acquire() as conn, conn.transaction():
            ...                                   # lease the operations' own rows
            attempts = await writer.write(conn, plans, lease=lease, recent=recent)
        await sender.send(attempts)               # only after the commit

    A finalized blockhash cannot be replaced by a fork, and the block that carries it is the first block of
    the range that a death certificate must search.
    """

    def __init__(self, pool: Pool, keys: KeyRing, config: TxConfig) -> None:
        self._pool = pool
        self._keys = keys
        self._config = config
        self._salt = Salt()
        self._partitions: set[Slot] = set()

    async def prepare(self) -> RecentBlockhash:
        """The newest finalized block of our index, its partitions made. Call it outside the transaction.

        Raises `IndexBehindError` when the index is empty or too far behind its own head, and
        `SignerNotWatchedError` when one of our keys is not watched from that block on.
        """
        row = await self._pool.fetchrow(_SQL["recent_blockhash"], [str(key) for key in self._keys.pubkeys()])
        if row is None:
            raise IndexBehindError("no finalized block is indexed yet", remedy="wait for the follower")
        if row["unwatched"]:
            raise _not_watched(row["unwatched"])
        if row["watched_later"]:
            raise SignerNotWatchedError(
                f"our signing keys {', '.join(row['watched_later'])} are watched from a later slot on than "
                f"{row['slot']}, the newest finalized one",
                remedy="wait for the follower",
            )
        recent = RecentBlockhash(
            blockhash=Blockhash(row["blockhash"]),
            slot=Slot(row["slot"]),
            block_height=BlockHeight(row["block_height"]),
            last_valid_block_height=BlockHeight(row["block_height"] + MAX_BLOCKHASH_AGE),
        )
        blocks_left = recent.last_valid_block_height - row["head_block_height"]
        if blocks_left < self._config.min_blocks_to_live:
            raise IndexBehindError(
                f"the newest finalized block of the index has {blocks_left} blocks to live",
                remedy="wait for the follower to catch up",
            )
        if recent.slot not in self._partitions:
            await self._pool.execute(_SQL["ensure_attempt_partitions"], recent.slot)
            self._partitions = {recent.slot}
        return recent

    async def write(
        self,
        conn: Connection,
        plans: Sequence[AttemptPlan],
        *,
        lease: HeldLease,
        recent: RecentBlockhash,
    ) -> list[SignedAttempt]:
        """Signs and inserts the attempts with live items, inside the caller's transaction, in any order.

        Raises `LeaseLostError` when `lease` is no longer current, `SignerNotWatchedError` when a fee payer is
        not watched any more, `OperationInFlightError` when a live attempt holds one of the operations,
        `TransactionTooLargeError` when a plan does not fit; then the caller's transaction must roll back.
        """
        if not plans:
            return []
        await conn.execute(_SQL["commit_durably"])
        if not await conn.fetchval(_SQL["lease_is_current"], lease.name, lease.term):
            raise LeaseLostError(f"lease {lease.name} term {lease.term} is no longer ours")
        payers = {Address(str(self._keys.pubkey(plan.signer))) for plan in plans}
        if unwatched := payers - await held_signers(conn, sorted(payers), recent.slot):
            raise _not_watched(sorted(unwatched))
        written: list[SignedAttempt] = []
        pending = list(plans)
        while pending:
            drafts = [self._draft(plan, lease, recent) for plan in pending]
            inserted = await self._insert(conn, drafts)
            # A signature that exists already (same plan, same blockhash, same salt) is signed anew.
            pending = [draft.plan for draft in drafts if draft.attempt.signature not in inserted]
            written += [draft.attempt for draft in drafts if draft.attempt.signature in inserted]
        await self._insert_items(conn, written)
        return written

    def _draft(self, plan: AttemptPlan, lease: HeldLease, recent: RecentBlockhash) -> _Draft:
        signers = [self._keys.signer(role) for role in (plan.signer, *plan.co_signers)]
        price = self._config.base_compute_unit_price_micro_lamports + self._salt.next(recent.blockhash)
        message = compile_message(
            signers[0].pubkey(),
            (*compute_budget(plan.compute_unit_limit, price), *plan.instructions),
            plan.lookup_tables,
            recent.blockhash,
        )
        signature, transaction = sign_message(message, signers)
        attempt = SignedAttempt(
            signature=signature,
            transaction=transaction,
            kind=plan.kind,
            operations=plan.operations,
            blockhash_slot=recent.slot,
            last_valid_block_height=recent.last_valid_block_height,
            fee_lamports=fee_lamports(len(signers), plan.compute_unit_limit, price),
            lease_name=lease.name,
            lease_term=lease.term,
        )
        return _Draft(plan, attempt, price, str(signers[0].pubkey()), recent.blockhash)

    async def _insert(self, conn: Connection, drafts: Sequence[_Draft]) -> set[str]:
        attempts = [draft.attempt for draft in drafts]
        rows = await conn.fetch(
            _SQL["insert_attempts"],
            [attempt.blockhash_slot for attempt in attempts],
            [attempt.signature for attempt in attempts],
            [attempt.kind for attempt in attempts],
            [draft.signer for draft in drafts],
            [attempt.transaction for attempt in attempts],
            [draft.blockhash for draft in drafts],
            [attempt.last_valid_block_height for attempt in attempts],
            [attempt.fee_lamports for attempt in attempts],
            [draft.plan.compute_unit_limit for draft in drafts],
            [draft.price_micro_lamports for draft in drafts],
            [draft.plan.context for draft in drafts],
            [attempt.lease_name for attempt in attempts],
            [attempt.lease_term for attempt in attempts],
        )
        return {row["signature"] for row in rows}

    async def _insert_items(self, conn: Connection, attempts: Sequence[SignedAttempt]) -> None:
        items = [
            (operation, attempt.blockhash_slot, attempt.signature, ordinal)
            for attempt in attempts
            for ordinal, operation in enumerate(attempt.operations)
        ]
        operations, slots, signatures, ordinals = ([item[i] for item in items] for i in range(4))
        try:
            await conn.execute(_SQL["insert_items"], operations, slots, signatures, ordinals)
        except asyncpg.UniqueViolationError as error:
            raise OperationInFlightError(
                f"a live attempt already holds an operation: {error.detail}",
                remedy="wait until it is closed",
            ) from error


def _not_watched(keys: Sequence[str]) -> SignerNotWatchedError:
    return SignerNotWatchedError(
        f"our signing keys {', '.join(keys)} are not watched: they were retired, or never registered",
        remedy="restart this daemon to have them watched, or take them out of [keys]",
    )
