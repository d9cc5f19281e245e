"""The report of a played day, put together while the stack is still up."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.ops.checking import Check
from gridtokenx_indexer.ops.demo.chain_setup import Cast
from gridtokenx_indexer.ops.demo.checks import check_counts, check_mints, check_refused, check_supply
from gridtokenx_indexer.ops.demo.day import Day
from gridtokenx_indexer.ops.demo.people import SQL
from gridtokenx_indexer.ops.demo.report import Report, books_digest, kwh, rate, seconds
from gridtokenx_indexer.ops.demo.stack import Stack
from gridtokenx_indexer.ops.verification import verify_everything
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.store.pool import Pool


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """Moments on the monotonic clock, in seconds."""

    started: float
    ready: float
    played: float


class DayBooks(msgspec.Struct, frozen=True, kw_only=True):
    """What a played day left behind, and whether it holds together."""

    counts: dict[str, Decimal | int]
    supply_base_units: int
    digest: str
    checks: tuple[Check, ...]


async def read_books(pool: Pool, rpc: RpcClient, cast: Cast, day: Day) -> DayBooks:
    counts = await pool.fetchrow(SQL["counts"])
    assert counts is not None
    books = [tuple(row) for row in await pool.fetch(SQL["books"])]
    operations = await pool.fetch(SQL["minted_per_window"])
    mint = Address(str(cast.energy_mint.pubkey()))
    supply = (await rpc.get_token_supply(mint, Commitment.FINALIZED)).base_units
    checks = (
        check_refused(day),
        *check_counts(day, dict(counts.items())),
        check_mints(day, [dict(row.items()) for row in operations]),
        check_supply(supply, counts["energy_minted_base_units"]),
        *await verify_everything(pool, rpc, cast.program_id),
    )
    return DayBooks(
        counts=dict(counts.items()), supply_base_units=supply, digest=books_digest(books), checks=checks
    )


async def assess(stack: Stack, cast: Cast, day: Day, timing: Timing) -> Report:
    books = await read_books(stack.pool, stack.rpc, cast, day)
    counts = books.counts
    played_s = timing.played - timing.ready
    return Report(
        slot_ms=stack.options.slot_ms,
        finality_slots=stack.options.finality_slots,
        meters=len(day.meters),
        windows=len(day.by_window()),
        slots_indexed=int(counts["slots_indexed"]),
        slots_skipped_proved=int(counts["slots_skipped_proved"]),
        events=int(counts["events"]),
        transactions=int(counts["transactions"]),
        transactions_failed=int(counts["transactions_failed"]),
        parked_items=int(counts["parked_items"]),
        readings=int(counts["readings"]),
        readings_refused=day.refused,
        windows_minted=int(counts["windows_minted"]),
        energy_minted_kwh=kwh(counts["energy_minted_base_units"]),
        token_supply_base_units=str(books.supply_base_units),
        mint_duplicates=int(counts["mint_duplicates"]),
        epochs_cleared=int(counts["epochs_cleared"]),
        epochs_with_trades=int(counts["epochs_with_trades"]),
        energy_traded_kwh=Decimal(counts["energy_traded_kwh"]),
        payment_moved=Decimal(counts["payment_moved"]),
        fees_collected=Decimal(counts["fees_collected"]),
        trades_settled=int(counts["trades_settled"]),
        trades_failed=int(counts["trades_failed"]),
        books_digest=books.digest,
        verify=books.checks,
        daemon_restarts=stack.daemon.restarts if stack.daemon else 0,
        setup_seconds=seconds(timing.ready - timing.started),
        play_seconds=seconds(played_s),
        mints_per_second=rate(int(counts["windows_minted"]), played_s),
        slots_per_second=rate(int(counts["slots_indexed"]), played_s),
        wall_seconds=seconds(timing.played - timing.started),
    )
