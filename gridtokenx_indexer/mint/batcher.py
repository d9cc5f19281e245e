"""Second half of a lease: packs frozen operations into transactions, writes them ahead, sends them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import MeterKey, OperationKey, Window
from gridtokenx_indexer.mint.batches import cut, groups
from gridtokenx_indexer.mint.builder import MOST_PER_TRANSACTION, MintBuilder, MintItem
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.existence import Existence
from gridtokenx_indexer.mint.operation import MintOperation, operation_from_row, parse_key
from gridtokenx_indexer.mint.planner import require_lease
from gridtokenx_indexer.mint.status import ErrorClass
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.lookup.directory import LookupTables
from gridtokenx_indexer.tx.packing import Footprint
from gridtokenx_indexer.tx.plan import AttemptPlan, SignedAttempt
from gridtokenx_indexer.tx.ports import Connection, HeldLease, Pool
from gridtokenx_indexer.tx.sender import AttemptSender
from gridtokenx_indexer.tx.writer import AttemptWriter

log = logging.getLogger(__name__)

METER_TABLES = "mint"

_SQL = load("mint")


class MintBatcher:
    """Holds no state between batches but hints; what it decides is committed before anything is sent."""

    def __init__(
        self,
        pool: Pool,
        config: MintConfig,
        *,
        builder: MintBuilder,
        existence: Existence,
        tables: LookupTables,
        writer: AttemptWriter,
        sender: AttemptSender,
    ) -> None:
        self._pool = pool
        self._config = config
        self._builder = builder
        self._existence = existence
        self._tables = tables
        self._writer = writer
        self._sender = sender

    async def send_leased(self, lease: HeldLease) -> int:
        """Signs and sends one batch of leased operations; returns how many."""
        rows = await self._pool.fetch(_SQL["leased_operations"], self._config.batch_operations)
        if not rows:
            return 0
        plans, misfits = await self._plan([operation_from_row(row) for row in rows])
        recent = await self._writer.prepare()
        async with self._pool.acquire() as conn, conn.transaction():
            await require_lease(conn, lease)
            plans = await self._lock(conn, plans)
            attempts = await self._writer.write(conn, plans, lease=lease, recent=recent)
            await self._mark_sent(conn, attempts, lease)
            await self._park(conn, misfits)
        await self._sender.send(attempts)
        return sum(len(attempt.operations) for attempt in attempts) + len(misfits)

    async def _plan(
        self, operations: Sequence[MintOperation]
    ) -> tuple[list[AttemptPlan], list[MintOperation]]:
        builder = self._builder
        wanted = {operation: builder.accounts(operation) for operation in operations}
        await self._request_tables(list(wanted.values()))
        # What failed before may have failed over an account that is gone since.
        self._existence.forget(
            address for operation in operations if operation.attempts for address in wanted[operation]
        )
        missing = await self._existence.missing(
            address for addresses in wanted.values() for address in addresses
        )
        homes = await self._tables.homes([METER_TABLES], (ledger for ledger, _ in wanted.values()))

        def home(item: MintItem) -> str | None:
            return homes.get(wanted[item.operation][0])

        def tables(batch: Sequence[MintItem]) -> list[AddressLookupTableAccount]:
            named = dict.fromkeys(table for item in batch if (table := home(item)) is not None)
            return [self._tables.table(table) for table in named]

        def footprint(batch: Sequence[MintItem]) -> Footprint:
            return builder.footprint(batch, tables(batch))

        plans: list[AttemptPlan] = []
        misfits: list[MintOperation] = []
        items = [builder.item(operation, missing) for operation in operations]
        for members in groups(items, home):
            batches, left_over = cut(members, MOST_PER_TRANSACTION, footprint)
            plans += [builder.plan(batch, tables(batch)) for batch in batches]
            misfits += [item.operation for item in left_over]
        return plans, misfits

    async def _request_tables(self, wanted: Sequence[tuple[Pubkey, Pubkey]]) -> None:
        async with self._pool.acquire() as conn:
            await self._tables.request(
                conn, METER_TABLES, [address for addresses in wanted for address in addresses]
            )

    async def _lock(self, conn: Connection, plans: Sequence[AttemptPlan]) -> list[AttemptPlan]:
        """Only plans whose operations are all still leased and nobody else's."""
        keys = [parse_key(operation) for plan in plans for operation in plan.operations]
        rows = await conn.fetch(_SQL["lock_leased"], *_columns(keys))
        locked = {(Window(row["mint_window"]), MeterKey(row["meter_key"])) for row in rows}
        return [
            plan for plan in plans if all(parse_key(operation) in locked for operation in plan.operations)
        ]

    async def _mark_sent(self, conn: Connection, attempts: Sequence[SignedAttempt], lease: HeldLease) -> None:
        sent: list[tuple[OperationKey, str]] = [
            (operation, attempt.signature) for attempt in attempts for operation in attempt.operations
        ]
        await conn.execute(
            _SQL["mark_sent"],
            *_columns([parse_key(operation) for operation, _ in sent]),
            [signature for _, signature in sent],
            lease.term,
        )

    async def _park(self, conn: Connection, misfits: Sequence[MintOperation]) -> None:
        for operation in misfits:
            log.error("mint_does_not_fit", extra={"operation": operation.key})
        await conn.execute(
            _SQL["park_operations"],
            *_columns([(operation.window, operation.meter) for operation in misfits]),
            [ErrorClass.UNKNOWN] * len(misfits),
            ["does not fit into a transaction"] * len(misfits),
        )


def _columns(keys: Sequence[tuple[Window, MeterKey]]) -> tuple[list[int], list[bytes]]:
    return [window for window, _ in keys], [bytes(meter) for _, meter in keys]
