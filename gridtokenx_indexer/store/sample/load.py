"""Copies the sample into an empty database."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
from psycopg import sql

from gridtokenx_indexer.domain.errors import StopError, UsageError
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.sample.context import SCALES, Chunk, Sample
from gridtokenx_indexer.store.sample.council import VOTED_BEFORE, council
from gridtokenx_indexer.store.sample.energy import energy
from gridtokenx_indexer.store.sample.grid import grid
from gridtokenx_indexer.store.sample.hosting import hosting
from gridtokenx_indexer.store.sample.market import market
from gridtokenx_indexer.store.sample.people import people
from gridtokenx_indexer.store.sample.sales import assets, sales
from gridtokenx_indexer.store.sync_connection import SyncConnection, connect

Progress = Callable[[str, int, int], None]
"""Called with the table, rows copied since the last call, and the rows that the table gets in all."""

_BLOCK_ROWS = 5_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_PAST_MONTHS = 3


def seed_database(
    url: str,
    *,
    scale: str,
    seed: int,
    now: datetime | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> dict[str, int]:
    """Fills every domain; the same arguments give the same rows. Returns how many rows each table got,
    or with `dry_run` would get.

    `now` is where the sample's time ends (default: the present quarter of an hour). Raises `UsageError` for
    an unknown scale, `StopError` for a database that has users.
    """
    if scale not in SCALES:
        raise UsageError(f"there is no scale {scale}", remedy=f"give one of {', '.join(SCALES)}")
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    moment = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)
    sample = Sample(SCALES[scale], Random(seed), moment)
    counts: dict[str, int] = {}
    queries = load("sample")
    with connect(url, application_name="gridtokenx-seed") as connection:
        if connection.execute(queries["has_users"]).fetchall()[0][0]:
            raise StopError("the database has users already", remedy="give an empty database to db seed")
        if not dry_run:
            _ensure_partitions(connection, moment, sample.slot)
        with connection.transaction():
            with_uuids = {row[0] for row in connection.execute(queries["tables_with_uuids"]).fetchall()}
            for chunk in _chunks(sample):
                if chunk.table in with_uuids and "id" not in chunk.columns:
                    chunk = _with_ids(sample, chunk)
                if dry_run:
                    # Later chunks depend on what the rows of earlier ones drew.
                    deque(chunk.rows, maxlen=0)
                elif chunk.table == "governance.votes":
                    with _clock_at(connection, moment - VOTED_BEFORE):
                        _copy(connection, chunk, progress)
                else:
                    _copy(connection, chunk, progress)
                counts[chunk.table] = counts.get(chunk.table, 0) + chunk.count
            if not dry_run:
                _finish(connection, moment)
        if not dry_run:
            connection.execute("ANALYZE")
    return counts


def _chunks(sample: Sample) -> Iterator[Chunk]:
    for part in (people, energy, grid, market, hosting, sales, assets, council):
        yield from part(sample)


def _with_ids(sample: Sample, chunk: Chunk) -> Chunk:
    """The rows with ids from the seed, since the database's own would differ each time."""
    rows = ((sample.uuid(), *row) for row in chunk.rows)
    return Chunk(chunk.table, ("id", *chunk.columns), rows, chunk.count)


def _ensure_partitions(connection: SyncConnection, moment: datetime, slot: int) -> None:
    queries = load("sample")
    for table, kind, counts in connection.execute(queries["policies"]).fetchall():
        values: list[str]
        if kind == "slot" and counts == "slot":
            values = [str(slot), str(slot + 1_000_000)]
        elif kind == "slot":
            values = [f"{moment:%Y%m}000000", f"{moment - timedelta(days=2):%Y%m}000000"]
        elif kind == "window":
            values = [str(moment - timedelta(days=day)) for day in range(4)]
        else:
            values = [str(moment - timedelta(days=30 * month)) for month in range(_PAST_MONTHS)]
        for value in values:
            connection.execute(queries["ensure_partition"], (table, value))


def _copy(connection: SyncConnection, chunk: Chunk, progress: Progress | None) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*chunk.table.split(".")), sql.SQL(", ").join(map(sql.Identifier, chunk.columns))
    )
    with connection.cursor().copy(statement) as target:
        for block in _blocks(chunk.rows):
            target.write("".join(map(_line, block)))
            if progress is not None:
                progress(chunk.table, len(block), chunk.count)


def _blocks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    block: list[tuple[Any, ...]] = []
    for row in rows:
        block.append(row)
        if len(block) == _BLOCK_ROWS:
            yield block
            block = []
    if block:
        yield block


def _line(row: Sequence[Any]) -> str:
    return "\t".join(map(_field, row)) + "\n"


def _field(value: Any) -> str:
    """One value in COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode().translate(_ESCAPES)
    if isinstance(value, list):
        return f"{{{','.join(value)}}}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@contextmanager
def _clock_at(connection: SyncConnection, moment: datetime) -> Iterator[None]:
    """Moves the market clock for the statements within; it takes the owner's rights, as the sample does."""
    queries = load("sample")
    before = connection.execute(queries["clock_offset"]).fetchall()[0][0]
    connection.execute(queries["move_clock"], (moment,))
    yield
    connection.execute(queries["reset_clock"], (before,))


def _finish(connection: SyncConnection, moment: datetime) -> None:
    """What follows from the rows: settled matches, closed proposals, rollups, sequences past the ids."""
    queries = load("sample")
    connection.execute(queries["settle_matches"])
    with _clock_at(connection, moment):
        connection.execute(queries["close_proposals"])
    connection.execute(queries["end_plans"])
    for half_hour in range(1, 49):
        connection.execute(queries["roll_up_telemetry"], (moment - timedelta(minutes=30 * half_hour),))
    for days in (0, 1):
        connection.execute(queries["roll_up_site_day"], ((moment - timedelta(days=days)).date(),))
    connection.execute(queries["advance_identities"])
