"""Grows the tables: places wanted addresses and writes the transactions that append them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import asyncpg
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import OperationKey
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.lookup.program import (
    CREATE_COMPUTE_UNITS,
    EXTEND_COMPUTE_UNITS,
    MAX_ADDRESSES,
    MAX_ADDRESSES_PER_TRANSACTION,
    create_table,
    extend_table,
    table_address,
)
from gridtokenx_indexer.tx.plan import AttemptPlan, RecentBlockhash, SignedAttempt
from gridtokenx_indexer.tx.ports import Connection, HeldLease, LeaseSource, Pool, Wake
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.signer import KeyRing, Role
from gridtokenx_indexer.tx.writer import AttemptWriter

GROWTH_KIND = "lookup_table"

_SQL = load("lookup_tables")


class LookupTableKeeper:
    """Serves the purposes of one role, whose key owns the tables and pays for them.

    One growing step per table is in flight at a time: an append lands behind the one before it, so positions
    are known before they are finalized. `parallel_tables` tables per purpose grow side by side.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        role: Role,
        purposes: Sequence[str],
        keys: KeyRing,
        writer: AttemptWriter,
        sender: AttemptSender,
        lease: LeaseSource,
        wake: Wake,
        shared: Mapping[str, Sequence[Pubkey]] | None = None,
        parallel_tables: int = 4,
        poll_ms: int = 2_000,
    ) -> None:
        self.name = f"lookup-tables-{role}"
        self._pool = pool
        self._role = role
        self._purposes = tuple(purposes)
        self._authority = keys.pubkey(role)
        self._writer = writer
        self._sender = sender
        self._lease = lease
        self._wake = wake
        self._shared = dict(shared or {})
        self._parallel_tables = parallel_tables
        self._poll_ms = poll_ms

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            grown = 0
            lease = self._lease.term()
            if lease is not None:
                try:
                    grown = await self.grow(lease)
                except RetryableError:
                    grown = 0
            if not grown:
                await self._wake.wait(self._poll_ms / 1000, stop)

    async def grow(self, lease: HeldLease) -> int:
        """Starts every growing step that is due; returns how many it wrote and sent."""
        wanted = await self._pool.fetch(_SQL["wanted"], list(self._purposes))
        if not wanted:
            return 0
        recent = await self._writer.prepare()
        attempts: list[SignedAttempt] = []
        for row in wanted:
            # Few full tables serve transactions better than many started ones.
            growing = min(self._parallel_tables, 1 + row["addresses"] // MAX_ADDRESSES)
            for _ in range(growing):
                attempt = await self._step(row["purpose"], growing, lease, recent)
                if attempt is None:
                    break
                attempts.append(attempt)
        if attempts:
            await self._sender.send(attempts)
        return len(attempts)

    async def _step(
        self, purpose: str, growing: int, lease: HeldLease, recent: RecentBlockhash
    ) -> SignedAttempt | None:
        async with self._pool.acquire() as conn, conn.transaction():
            table = await conn.fetchrow(_SQL["growable_table"], purpose, str(self._authority), MAX_ADDRESSES)
            shared: Sequence[Pubkey] = ()
            if table is not None:
                created, address, used = False, Pubkey.from_string(table["address"]), table["used"]
            else:
                fresh = await self._new_table(conn, purpose, growing, recent)
                if fresh is None:
                    return None
                shared = self._shared.get(purpose, ())
                await conn.execute(
                    _SQL["insert_shared"], purpose, str(fresh), [str(address) for address in shared]
                )
                created, address, used = True, fresh, 0
            first = used + len(shared)
            most = min(MAX_ADDRESSES_PER_TRANSACTION - len(shared), MAX_ADDRESSES - first)
            placed = await conn.fetch(_SQL["place_wanted"], purpose, str(address), first, most)
            if not placed:
                if created:
                    await conn.execute(_SQL["forget_table"], str(address))
                return None
            added = [Pubkey.from_string(row["address"]) for row in sorted(placed, key=_position)]
            plan = self._plan(address, recent.slot if created else None, used, (*shared, *added))
            attempts = await self._writer.write(conn, [plan], lease=lease, recent=recent)
        return attempts[0]

    async def _new_table(
        self, conn: Connection, purpose: str, growing: int, recent: RecentBlockhash
    ) -> Pubkey | None:
        """A table under the slot of the blockhash; None while one of the slot exists or a failure's pause
        lasts.
        """
        address, _ = table_address(self._authority, recent.slot)
        row = await conn.fetchrow(
            _SQL["insert_table"],
            str(address),
            purpose,
            str(self._authority),
            recent.slot,
            growing,
        )
        return address if row is not None else None

    def _plan(
        self, table: Pubkey, create_under: int | None, first: int, addresses: Sequence[Pubkey]
    ) -> AttemptPlan:
        instructions = [extend_table(table, self._authority, addresses)]
        if create_under is not None:
            instructions.insert(0, create_table(self._authority, create_under))
        return AttemptPlan(
            kind=GROWTH_KIND,
            operations=(OperationKey(f"table:{table}:{first}"),),
            instructions=tuple(instructions),
            signer=self._role,
            compute_unit_limit=CREATE_COMPUTE_UNITS + EXTEND_COMPUTE_UNITS,
            context={"table": str(table), "first": first, "count": len(addresses)},
        )


def _position(row: asyncpg.Record) -> int:
    return int(row["position"])
