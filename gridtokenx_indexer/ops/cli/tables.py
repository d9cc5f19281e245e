"""Rows as aligned text columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str] | None = None) -> str:
    """Header and rows, columns padded to their widest value; a sentence when there are none."""
    if not rows:
        return "nothing to list"
    names = list(columns or rows[0])
    cells = [[_text(row[name]) for name in names] for row in rows]
    widths = [max(len(name), *(len(line[i]) for line in cells)) for i, name in enumerate(names)]
    lines = [names, *cells]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
