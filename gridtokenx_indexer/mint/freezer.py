"""First lease: counts a window's readings and freezes its amount, in one database transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import MeterKey, Window
from gridtokenx_indexer.mint.clock import read_clock
from gridtokenx_indexer.mint.config import MintConfig, MintTarget
from gridtokenx_indexer.mint.planner import require_lease
from gridtokenx_indexer.mint.status import ErrorClass
from gridtokenx_indexer.mint.surplus import FrozenAmount, LateWindow, freeze
from gridtokenx_indexer.mint.token_account import associated_account
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection, HeldLease, Pool

_SQL = load("mint")


@dataclass(frozen=True, slots=True)
class _Open:
    """An operation without an amount yet, whose meter and wallet are in order."""

    window: Window
    meter: MeterKey
    meter_id: UUID
    wallet: str
    destination: str


@dataclass(frozen=True, slots=True)
class _Frozen:
    """An operation with the readings that it counts and what they made of it; base units."""

    op: _Open
    own_base_units: int
    late: Sequence[LateWindow]
    amount: FrozenAmount


class MintFreezer:
    """Leases due operations; those leased before keep their amount."""

    def __init__(self, pool: Pool, config: MintConfig, target: MintTarget) -> None:
        self._pool = pool
        self._config = config
        self._target = target

    async def lease_due(self, lease: HeldLease) -> int:
        """Leases one batch and returns how many operations left the queue."""
        clock = await read_clock(self._pool, self._config.grace_s)
        if clock.chain_window is None:
            return 0
        async with self._pool.acquire() as conn, conn.transaction():
            await require_lease(conn, lease)
            rows = await conn.fetch(
                _SQL["due_operations"], clock.closed_before, clock.chain_window, self._config.batch_operations
            )
            frozen = [row for row in rows if row["amount_base_units"] is not None]
            fresh, parked = self._sort_out([row for row in rows if row["amount_base_units"] is None])
            await conn.execute(
                _SQL["lease_frozen"],
                [row["mint_window"] for row in frozen],
                [row["meter_key"] for row in frozen],
                lease.term,
            )
            await conn.execute(
                _SQL["park_operations"],
                [row["mint_window"] for row, _ in parked],
                [row["meter_key"] for row, _ in parked],
                [ErrorClass.TRANSIENT] * len(parked),
                [reason for _, reason in parked],
            )
            if fresh:
                await self._freeze(conn, fresh, lease)
        return len(rows)

    def _sort_out(
        self, rows: Sequence[asyncpg.Record]
    ) -> tuple[list[_Open], list[tuple[asyncpg.Record, str]]]:
        fresh: list[_Open] = []
        parked: list[tuple[asyncpg.Record, str]] = []
        for row in rows:
            wallet = row["wallet_address"]
            if row["verification_status"] != "verified":
                parked.append((row, f"the meter is {row['verification_status'] or 'gone'}"))
            elif wallet is None:
                parked.append((row, "the meter's owner has no wallet"))
            else:
                try:
                    destination = self._destination(wallet)
                except ValueError:
                    parked.append((row, f"the wallet {wallet} is no address"))
                else:
                    fresh.append(
                        _Open(
                            Window(row["mint_window"]),
                            MeterKey(row["meter_key"]),
                            row["meter_id"],
                            wallet,
                            destination,
                        )
                    )
        return fresh, parked

    def _destination(self, wallet: str) -> str:
        owner = Pubkey.from_string(wallet)
        return str(associated_account(owner, self._target.energy_mint, self._target.energy_token_program))

    async def _freeze(self, conn: Connection, fresh: Sequence[_Open], lease: HeldLease) -> None:
        net = await self._count_own(conn, fresh)
        late = await self._count_late(conn, fresh)
        meters = list({op.meter for op in fresh})
        owed = {
            MeterKey(row["meter_key"]): int(row["base_units"])
            for row in await conn.fetch(_SQL["take_owed"], meters)
        }
        from_window: dict[MeterKey, Window] = {}
        frozen: list[_Frozen] = []
        # In window order, so that what one window cannot pay reaches the meter's next one.
        for op in sorted(fresh, key=lambda op: op.window):
            own, others = net.get((op.window, op.meter_id), 0), late.get((op.window, op.meter_id), ())
            amount = freeze(own, others, owed.get(op.meter, 0))
            owed[op.meter], from_window[op.meter] = amount.owed_base_units, op.window
            frozen.append(_Frozen(op, own, others, amount))
        await self._write(conn, frozen, lease)
        indebted = [meter for meter, debt in owed.items() if debt < 0]
        await conn.execute(
            _SQL["put_owed"],
            indebted,
            [owed[meter] for meter in indebted],
            [from_window[meter] for meter in indebted],
        )

    async def _count_own(self, conn: Connection, fresh: Sequence[_Open]) -> dict[tuple[Window, UUID], int]:
        windows = [op.window for op in fresh]
        rows = await conn.fetch(
            _SQL["count_own_readings"],
            windows,
            [op.meter_id for op in fresh],
            min(windows),
            max(windows),
        )
        return {(Window(row["mint_window"]), row["meter_id"]): int(row["net_base_units"]) for row in rows}

    async def _count_late(
        self, conn: Connection, fresh: Sequence[_Open]
    ) -> dict[tuple[Window, UUID], list[LateWindow]]:
        by_id = {op.meter_id: op.meter for op in fresh}
        counted = await conn.fetch(
            _SQL["count_late_readings"],
            [op.window for op in fresh],
            [op.meter_id for op in fresh],
            [op.meter for op in fresh],
        )
        if not counted:
            return {}
        so_far = {
            (row["meter_key"], row["mint_window"]): row
            for row in await conn.fetch(
                _SQL["late_windows"],
                [by_id[row["meter_id"]] for row in counted],
                [row["carried_from"] for row in counted],
            )
        }
        late: dict[tuple[Window, UUID], list[LateWindow]] = defaultdict(list)
        for row in counted:
            found = so_far[(by_id[row["meter_id"]], row["carried_from"])]
            late[(Window(row["mint_window"]), row["meter_id"])].append(
                LateWindow(
                    window=Window(row["carried_from"]),
                    net_base_units=int(found["net_base_units"] + row["late_base_units"]),
                    accounted_base_units=int(found["accounted_base_units"]),
                )
            )
        return late

    async def _write(self, conn: Connection, frozen: Sequence[_Frozen], lease: HeldLease) -> None:
        late = [
            (window, item.op.meter, other.net_base_units, accounted)
            for item in frozen
            for other, (window, accounted) in zip(item.late, item.amount.late_accounted, strict=True)
        ]
        await conn.execute(_SQL["account_late_windows"], *([row[i] for row in late] for i in range(4)))
        await conn.execute(
            _SQL["freeze_operations"],
            [item.op.window for item in frozen],
            [item.op.meter for item in frozen],
            [item.op.meter_id for item in frozen],
            [item.amount.amount_base_units for item in frozen],
            [item.amount.carried_base_units for item in frozen],
            [item.own_base_units for item in frozen],
            [item.amount.surplus_base_units for item in frozen],
            [item.op.wallet for item in frozen],
            [item.op.destination for item in frozen],
            lease.term,
        )
        empty = [item.op for item in frozen if item.amount.amount_base_units == 0]
        await conn.execute(
            _SQL["settle_empty_readings"], [op.window for op in empty], [op.meter for op in empty]
        )
