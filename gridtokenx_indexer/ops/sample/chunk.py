"""Rows of one table, and how COPY's text format writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

Row: TypeAlias = tuple[Any, ...]

_BLOCK_ROWS = 5_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows ready to be copied; `rows` may be a generator, and a row may be a finished line."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[Row | str]
    count: int


def chunk(table: str, columns: str, rows: list[Row]) -> Chunk:
    return Chunk(table, tuple(columns.split()), rows, len(rows))


def blocks(rows: Iterable[Row | str]) -> Iterator[tuple[int, bytes]]:
    """Numbers of rows with their lines, a few thousand at a time."""
    lines: list[str] = []
    for row in rows:
        lines.append(row if isinstance(row, str) else _line(row))
        if len(lines) == _BLOCK_ROWS:
            yield len(lines), "".join(lines).encode()
            lines = []
    if lines:
        yield len(lines), "".join(lines).encode()


def _line(row: Row) -> str:
    return "\t".join(map(_field, row)) + "\n"


def _field(value: Any) -> str:
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


def micro(amount: int) -> str:
    """An amount in millionths as a decimal number."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 10**6}.{abs(amount) % 10**6:06}"
