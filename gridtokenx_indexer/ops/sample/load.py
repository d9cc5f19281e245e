"""Writes a sample into an empty database, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg

from gridtokenx_indexer.domain.errors import StopError, UsageError
from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, epoch_of, epoch_start, window_start
from gridtokenx_indexer.ops.sample.assets import assets, draw_assets
from gridtokenx_indexer.ops.sample.balances import balances
from gridtokenx_indexer.ops.sample.bitcoin import bitcoin
from gridtokenx_indexer.ops.sample.certificates import certificates
from gridtokenx_indexer.ops.sample.chain import Chain
from gridtokenx_indexer.ops.sample.chain_rows import blocks, facts
from gridtokenx_indexer.ops.sample.chunk import Chunk
from gridtokenx_indexer.ops.sample.contracts import contracts
from gridtokenx_indexer.ops.sample.council import council
from gridtokenx_indexer.ops.sample.curtailment import curtailed_now, curtailment, draw_plans, ends
from gridtokenx_indexer.ops.sample.grid import grid
from gridtokenx_indexer.ops.sample.hosting import hosting
from gridtokenx_indexer.ops.sample.ledger import Ledger
from gridtokenx_indexer.ops.sample.market import market
from gridtokenx_indexer.ops.sample.meters import meters
from gridtokenx_indexer.ops.sample.monitoring import monitoring
from gridtokenx_indexer.ops.sample.people import people
from gridtokenx_indexer.ops.sample.readings import readings
from gridtokenx_indexer.ops.sample.records import HISTORY_DAYS, records
from gridtokenx_indexer.ops.sample.sales import sales
from gridtokenx_indexer.ops.sample.scale import SCALES
from gridtokenx_indexer.ops.sample.tokens import tokens
from gridtokenx_indexer.ops.sample.world import World
from gridtokenx_indexer.ops.sample.writer import LONG_S, Progress, Writer
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load

Part = Callable[[World], Iterator[Chunk]]

_SQL = load("sample")
_TELEMETRY_DAYS = 2
_ANALYZED = {"public.meter_readings": "analyze_readings", "hosting.miner_telemetry": "analyze_telemetry"}
"""Tables that the rest of the sample looks things up in."""
_BEFORE_THE_CHAIN = timedelta(hours=1)


class _UndoneError(Exception):
    """Ends a dry run."""


async def seed_database(
    pool: Pool,
    *,
    scale: str,
    seed: int,
    now: datetime | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> dict[str, int]:
    """Fills every domain; the same arguments give the same rows. Returns how many rows each table got.

    `now` is where the sample's time ends (default: the present minute). With `dry_run` everything is done and
    taken back. Raises `UsageError` for an unknown scale or a time to come, `StopError` for a database that
    holds anything or that refuses the rows.
    """
    if scale not in SCALES:
        raise UsageError(f"there is no scale {scale}", remedy=f"give one of {', '.join(SCALES)}")
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(second=0, microsecond=0)
    if moment > datetime.now(UTC):
        raise UsageError(f"{moment:%Y-%m-%dT%H:%MZ} is to come", remedy="let the sample end in the past")
    world = new_world(scale, seed, moment)
    async with pool.acquire() as connection:
        try:
            async with connection.transaction():
                writer = await _begin(connection, seed, progress)
                await _ensure_partitions(connection, world)
                await _write(world, writer)
                if dry_run:
                    raise _UndoneError
        except _UndoneError:
            pass
        except (asyncpg.ObjectNotInPrerequisiteStateError, asyncpg.InsufficientPrivilegeError) as error:
            raise StopError(
                str(error.message), remedy=error.hint or "seed as the owner of the tables"
            ) from error
        if not dry_run:
            writer.step("statistics", 0, 1)
            await connection.execute(_SQL["analyze"], timeout=LONG_S)
            writer.step("statistics", 1, 1)
    return dict(writer.counts)


def new_world(scale: str, seed: int, moment: datetime) -> World:
    """Nobody is in it yet."""
    size = SCALES[scale]
    hours = max(size.readings // size.meters, size.epochs) * WINDOW_LENGTH
    start = epoch_start(epoch_of(moment)) - hours - _BEFORE_THE_CHAIN
    chain = Chain(seed, start, moment)
    return World(scale=size, seed=seed, now=moment, chain=chain, ledger=Ledger(chain.terms))


async def _begin(connection: Connection, seed: int, progress: Progress | None) -> Writer:
    """Raises `StopError` beside another sample, and when the database holds anything."""
    if not await connection.fetchval(_SQL["lock"]):
        raise StopError("another db seed is filling this database", remedy="wait for its end")
    await connection.execute(_SQL["refuse_filled"])
    with_uuids = frozenset(row[0] for row in await connection.fetch(_SQL["tables_with_uuids"]))
    offset_ms = await connection.fetchval(_SQL["clock_offset_ms"])
    return Writer(connection, seed, with_uuids, offset_ms, progress)


async def _ensure_partitions(connection: Connection, world: World) -> None:
    """In the transaction of the rows, so that an interruption leaves nothing at all."""
    for table, kind, counts in await connection.fetch(_SQL["policies"]):
        for value in _partition_values(world, kind, counts):
            await connection.execute(_SQL["ensure_partition"], table, value)


def _partition_values(world: World, kind: str, counts: str) -> list[str]:
    """Values that lie in every partition that the sample needs."""
    days = [world.ago(days=back) for back in range(HISTORY_DAYS + 1)]
    if kind == "slot" and counts == "slot":
        return [str(world.chain.first), str(world.chain.head)]
    if kind == "slot":
        return sorted({f"{day:%Y%m}000000" for day in (*days[:3], world.ago(days=-1))})
    if kind == "window":
        return [
            str(window_start(Window(at))) for at in range(world.oldest_window, world.newest_window + 1, 48)
        ] + [str(world.now)]
    return sorted({f"{day:%Y-%m-01}" if kind == "month" else f"{day:%Y-%m-%d}" for day in days})


async def _write(world: World, writer: Writer) -> None:
    await _copy(world, writer, people)
    await writer.act_as(world.people[0].id)
    for part in (records, meters, readings, blocks, grid, certificates, monitoring):
        await _copy(world, writer, part)
    await market(world, writer)
    plans = draw_plans(world)
    off = curtailed_now(world, plans)
    await writer.act_as(world.staff[1].id)
    await _copy(world, writer, lambda world: hosting(world, off))
    await _copy(world, writer, lambda world: curtailment(world, plans))
    await writer.run("end_plans", *ends(plans))
    await writer.act_as(world.staff[2].id)
    for part in (sales, bitcoin):
        await _copy(world, writer, part)
    fields = draw_assets(world)
    await _copy(world, writer, lambda world: assets(world, fields))
    await _copy(world, writer, lambda world: tokens(world, fields))
    await writer.act_as(world.staff[3].id)
    await council(world, writer)
    for part in (facts, balances, contracts):
        await _copy(world, writer, part)
    await _finish(world, writer)


async def _copy(world: World, writer: Writer, part: Part) -> None:
    for chunk in part(world):
        await writer.copy(chunk)
        if chunk.table in _ANALYZED:
            await writer.run(_ANALYZED[chunk.table])


async def _finish(world: World, writer: Writer) -> None:
    """What follows from the rows, and the clock as it was."""
    await writer.run("summarize_telemetry")
    half_hours = 1 + world.scale.telemetry // world.scale.miners * world.scale.telemetry_s // 1_800
    for back in range(half_hours, -1, -1):
        await writer.counted("hosting.telemetry_30min", "roll_up_telemetry", world.ago(minutes=30 * back))
        writer.step("half hours of telemetry", 1, half_hours + 1)
    for back in range(_TELEMETRY_DAYS):
        await writer.counted("hosting.site_days", "roll_up_site_day", world.ago(days=back).date())
    await writer.run("close_mint_books", world.chain.final)
    await writer.run("advance_identities")
    await writer.run("set_clock", writer.clock_offset_ms)
