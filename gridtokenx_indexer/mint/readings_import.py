"""Brings a readings file into `meter_readings`: COPY into a staging table, then one judging statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.mint.readings_file import (
    PARKS,
    FileReading,
    LineProblem,
    Obstacle,
    read_lines,
)
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection, Pool

_CHUNK = 10_000
_STAGE = "staged_readings"

_SQL = load("readings")


@dataclass
class ImportReport:
    """What became of each line; `problems` are in the order of the file."""

    lines: int = 0
    stored: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    dry_run: bool = False

    @property
    def parked(self) -> int:
        """Stored, but waiting for a verified meter or a wallet."""
        return sum(problem.obstacle in PARKS for problem in self.problems)

    @property
    def refused(self) -> int:
        return len(self.problems) - self.parked

    @property
    def by_obstacle(self) -> Counter[Obstacle]:
        return Counter(problem.obstacle for problem in self.problems)

    @property
    def exit_code(self) -> int:
        """0 when every line is a reading that counts, else 1."""
        return 1 if self.problems else 0


async def import_file(pool: Pool, path: Path, config: MintConfig, *, dry_run: bool = False) -> ImportReport:
    """Imports one CSV file; good lines go in, whatever the others are.

    Raises `UsageError` for a file that cannot be read or has another header.
    """
    try:
        # Bytes that are no UTF-8 become surrogates, which no field accepts: only their line is refused.
        with path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as file:
            return await import_lines(pool, file, config, dry_run=dry_run)
    except OSError as error:
        raise UsageError(
            f"readings file {path} cannot be read: {error.strerror}", remedy="check the path"
        ) from None


async def import_lines(
    pool: Pool, lines: Iterable[str], config: MintConfig, *, dry_run: bool = False
) -> ImportReport:
    """As `import_file`, from any source of lines. All stored lines commit together."""
    report = ImportReport(dry_run=dry_run)
    async with pool.acquire() as conn:
        await conn.execute(_SQL["create_stage"])
        try:
            await _stage(conn, read_lines(lines, config.max_reading_kwh), report)
            if not dry_run:
                await conn.execute(_SQL["ensure_partitions"])
            await _judge(conn, config, report)
        finally:
            await conn.execute(_SQL["drop_stage"])
    report.problems.sort(key=lambda problem: problem.line)
    return report


async def _stage(conn: Connection, parsed: Iterator[FileReading | LineProblem], report: ImportReport) -> None:
    while chunk := list(islice(parsed, _CHUNK)):
        report.lines += len(chunk)
        report.problems += [item for item in chunk if isinstance(item, LineProblem)]
        await conn.copy_records_to_table(
            _STAGE,
            records=[
                (item.line, item.meter_serial, item.timestamp, item.generated_kwh, item.consumed_kwh)
                for item in chunk
                if isinstance(item, FileReading)
            ],
        )


async def _judge(conn: Connection, config: MintConfig, report: ImportReport) -> None:
    await conn.execute(_SQL["analyze_stage"])
    async with conn.transaction():
        rows = await conn.fetch(
            _SQL["store_staged"], config.max_reading_age_s, config.max_reading_kwh, not report.dry_run
        )
    for row in rows:
        obstacle = Obstacle(row["obstacle"])
        report.problems.append(LineProblem(row["line"], obstacle, row["detail"]))
    staged = await conn.fetchval(_SQL["count_staged"])
    report.stored = staged - sum(Obstacle(row["obstacle"]) not in PARKS for row in rows)
