"""The readings that the demo plays, from a CSV file."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import window_of
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.resources import PACKAGE

COLUMNS = ("meter_serial", "kind", "window_start", "energy_generated_kwh", "energy_consumed_kwh")
_LARGEST_KWH = MintConfig().max_reading_kwh
_LONGEST_SERIAL = 255
_STEP_KWH = Decimal("0.000001")


class DemoReading(msgspec.Struct, frozen=True, kw_only=True):
    serial: str
    produces: bool
    start: datetime
    """Start of the measured interval."""
    generated_kwh: Decimal
    consumed_kwh: Decimal

    @property
    def window(self) -> Window:
        return window_of(self.start)


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    reason: str


class Day(msgspec.Struct, frozen=True, kw_only=True):
    readings: tuple[DemoReading, ...]
    refused: tuple[Refusal, ...]

    @property
    def meters(self) -> dict[str, bool]:
        """Serial to whether it produces."""
        found: dict[str, bool] = {}
        for reading in self.readings:
            found[reading.serial] = found.get(reading.serial, False) or reading.produces
        return found

    def by_window(self) -> dict[Window, list[DemoReading]]:
        """Readings by window, windows in order of time."""
        grouped: dict[Window, list[DemoReading]] = defaultdict(list)
        for reading in sorted(self.readings, key=lambda r: (r.start, r.serial)):
            grouped[reading.window].append(reading)
        return dict(grouped)


def packaged_day() -> Path:
    """The day that ships with the package: 60 meters, 96 windows."""
    return PACKAGE / "data" / "village_day.csv"


def net_kwh(readings: Iterable[DemoReading]) -> dict[str, Decimal]:
    """Generated minus consumed, by serial."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for reading in readings:
        totals[reading.serial] += reading.generated_kwh - reading.consumed_kwh
    return dict(totals)


def read_day(path: Path) -> Day:
    """Reads every good line and refuses the others by number; raises `UsageError` when nothing is left."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"readings file {path} cannot be read: {error}", remedy="check --readings"
        ) from error
    if not lines or tuple(lines[0]) != COLUMNS:
        raise UsageError(f"{path} does not start with the header line", remedy=f"give {','.join(COLUMNS)}")
    readings: dict[tuple[str, datetime], DemoReading] = {}
    refused: list[Refusal] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            reading = _parse(line)
        except ValueError as error:
            refused.append(Refusal(line=number, reason=str(error)))
            continue
        key = (reading.serial, reading.start)
        if key in readings:
            refused.append(Refusal(line=number, reason="a reading of that meter and time came before"))
        else:
            readings[key] = reading
    if not readings:
        raise UsageError(f"{path} holds no usable reading", remedy="see the reasons in its lines")
    return Day(readings=tuple(readings.values()), refused=tuple(refused))


def _parse(line: Sequence[str]) -> DemoReading:
    if len(line) != len(COLUMNS):
        raise ValueError(f"{len(line)} fields instead of {len(COLUMNS)}")
    serial, kind, start, generated, consumed = (field.strip() for field in line)
    if not serial:
        raise ValueError("the meter serial is empty")
    if len(serial) > _LONGEST_SERIAL:
        raise ValueError(f"the meter serial is longer than {_LONGEST_SERIAL} characters")
    if kind not in ("prosumer", "consumer"):
        raise ValueError(f"kind {kind!r} is neither prosumer nor consumer")
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        raise ValueError(f"{start!r} is not a time") from None
    if moment.tzinfo is None:
        raise ValueError(f"{start!r} names no time zone")
    return DemoReading(
        serial=serial,
        produces=kind == "prosumer",
        start=moment.astimezone(UTC),
        generated_kwh=_energy(generated),
        consumed_kwh=_energy(consumed),
    )


def _energy(text: str) -> Decimal:
    try:
        energy = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount of energy") from None
    if not energy.is_finite() or not 0 <= energy <= _LARGEST_KWH:
        raise ValueError(f"{text} kWh is not between 0 and {_LARGEST_KWH}")
    if energy != energy.quantize(_STEP_KWH):
        raise ValueError(f"{text} kWh has more than 6 decimals")
    return energy
