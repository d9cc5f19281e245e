"""Lines of a readings file: the form, and what is wrong with a line. No database, no clock."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from gridtokenx_indexer.domain.errors import UsageError

REQUIRED = ("meter_serial", "energy_generated_kwh", "energy_consumed_kwh")
TIME_COLUMNS = ("window_start", "timestamp")
OPTIONAL = ("kind",)
_AMOUNT = re.compile(r"(?P<sign>[+-]?)\d+(\.(?P<decimals>\d+))?")
_MOST_DECIMALS = 6
_LONGEST_SERIAL = 255


class Obstacle(StrEnum):
    """Why a line is not a reading that will be minted; parked ones are stored and wait."""

    MALFORMED = "malformed"
    NEGATIVE_AMOUNT = "negative_amount"
    AMOUNT_ABOVE_LIMIT = "amount_above_limit"
    UNKNOWN_METER = "unknown_meter"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    DUPLICATE = "duplicate"
    METER_UNVERIFIED = "meter_unverified"
    NO_WALLET = "no_wallet"


PARKS = frozenset({Obstacle.METER_UNVERIFIED, Obstacle.NO_WALLET})


@dataclass(frozen=True, slots=True)
class FileReading:
    line: int
    meter_serial: str
    timestamp: datetime
    generated_kwh: Decimal
    consumed_kwh: Decimal


@dataclass(frozen=True, slots=True)
class LineProblem:
    line: int
    obstacle: Obstacle
    detail: str


class LineError(ValueError):
    """One line is no reading."""

    def __init__(self, obstacle: Obstacle, detail: str) -> None:
        super().__init__(detail)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Form:
    """Where the header puts each column."""

    width: int
    serial: int
    time: int
    generated: int
    consumed: int


def read_form(header: Sequence[str]) -> Form:
    """Raises `UsageError` for a header that is neither of the two documented ones."""
    names = [name.strip() for name in header]
    times = [name for name in TIME_COLUMNS if name in names]
    known = {*REQUIRED, *TIME_COLUMNS, *OPTIONAL}
    wrong = [name for name in names if name not in known]
    missing = [name for name in REQUIRED if name not in names]
    if wrong or missing or len(times) != 1 or len(set(names)) != len(names):
        raise UsageError(
            f"the header {','.join(names)!r} is not that of a readings file",
            remedy=f"give {REQUIRED[0]}, one of {' or '.join(TIME_COLUMNS)}, {', '.join(REQUIRED[1:])}",
        )
    return Form(
        width=len(names),
        serial=names.index(REQUIRED[0]),
        time=names.index(times[0]),
        generated=names.index(REQUIRED[1]),
        consumed=names.index(REQUIRED[2]),
    )


def read_lines(lines: Iterable[str], max_kwh: Decimal) -> Iterator[FileReading | LineProblem]:
    """Every line after the header as a reading or a problem; raises `UsageError` for a wrong header."""
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader)
    except (StopIteration, csv.Error):
        raise UsageError(
            "the readings file is empty or no CSV", remedy="start it with the header line"
        ) from None
    form = read_form(header)
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield LineProblem(reader.line_num, Obstacle.MALFORMED, str(error))
            continue
        if not fields:
            continue
        try:
            yield parse_reading(form, reader.line_num, fields, max_kwh)
        except LineError as error:
            yield LineProblem(reader.line_num, error.obstacle, str(error))


def parse_reading(form: Form, line: int, fields: Sequence[str], max_kwh: Decimal) -> FileReading:
    """Raises `LineError`."""
    if len(fields) != form.width:
        raise LineError(Obstacle.MALFORMED, f"{len(fields)} fields instead of {form.width}")
    serial = fields[form.serial].strip()
    if not serial or len(serial) > _LONGEST_SERIAL or not serial.isprintable():
        raise LineError(Obstacle.MALFORMED, f"{serial!r} is no meter serial")
    return FileReading(
        line=line,
        meter_serial=serial,
        timestamp=_moment(fields[form.time].strip()),
        generated_kwh=_amount(fields[form.generated].strip(), max_kwh),
        consumed_kwh=_amount(fields[form.consumed].strip(), max_kwh),
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise LineError(Obstacle.MALFORMED, f"{text!r} names no time zone")
        seconds = moment.timestamp()
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, LineError):
            raise
        raise LineError(Obstacle.MALFORMED, f"{text!r} is no time") from None
    if seconds < 0:
        raise LineError(Obstacle.MALFORMED, f"{text!r} lies before 1970")
    return moment


def _amount(text: str, max_kwh: Decimal) -> Decimal:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise LineError(Obstacle.MALFORMED, f"{text!r} is no amount of energy")
    if len(found["decimals"] or "") > _MOST_DECIMALS:
        raise LineError(Obstacle.MALFORMED, f"{text} kWh has more than {_MOST_DECIMALS} decimals")
    amount = Decimal(text)
    if amount < 0:
        raise LineError(Obstacle.NEGATIVE_AMOUNT, f"{text} kWh is negative")
    if amount > max_kwh:
        raise LineError(Obstacle.AMOUNT_ABOVE_LIMIT, f"{text} kWh is above {max_kwh} kWh")
    return amount
