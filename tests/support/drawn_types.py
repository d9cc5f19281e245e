"""What a document draws against what the database has: the same, wider for a stated reason, or wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class Fit(StrEnum):
    EXACT = "exact"
    WIDER = "wider"
    """Holds every value of the drawn type; needs a reason in the column's comment."""
    WRONG = "wrong"


_SAME = {
    "uuid": "uuid",
    "boolean": "boolean",
    "bigint": "bigint",
    "date": "date",
    "integer": "integer",
    "numeric": "numeric",
    "text": "text",
    "json": "jsonb",
    "jsonb": "jsonb",
    "datetime": "timestamp with time zone",
    "timestamptz": "timestamp with time zone",
    "timestamp with time zone": "timestamp with time zone",
}
_WIDER = {
    ("serial", "bigint"),
    ("integer", "bigint"),
    ("timestamp", "timestamp with time zone"),
    ("enum", "character varying"),
    ("string", "inet"),
}
_HOLDS = {
    "address": 44,
    "contract_address": 44,
    "email": 254,
    "signature": 88,
    "transaction_hash": 88,
    "wallet_address": 44,
}
"""Characters of the longest value, by column: what Solana and mail addresses need."""
_SIZED = re.compile(r"(varchar|char|decimal)\((\d+)(?:,(\d+))?\)")
_ACTUAL = re.compile(r"([a-z ]+?)(?:\((\d+)(?:,(\d+))?\))?")
_SIZED_NAMES = {"varchar": "character varying", "char": "character", "decimal": "numeric"}


def least_width(column: str, words: Sequence[str] | None) -> int:
    """Characters that a column must hold for which a document draws no width."""
    return max(map(len, words)) if words else _HOLDS.get(column, 20)


def fit(drawn: str, actual: str, *, names_a_user: bool = False, width: int = 0) -> Fit:
    """Compares a drawn type (lower case) with what format_type prints.

    Abstract words of the documents (string, decimal, json, datetime) stand for the one type they can mean; a
    text that is drawn without a width must hold `width` characters.
    """
    found = _ACTUAL.fullmatch(actual)
    assert found is not None, actual
    name, size, scale = found.group(1), int(found.group(2) or 0), int(found.group(3) or 0)
    sized = _SIZED.fullmatch(drawn)
    if sized is not None:
        if name != _SIZED_NAMES[sized.group(1)]:
            return Fit.WRONG
        wanted, wanted_scale = int(sized.group(2)), int(sized.group(3) or 0)
        if (size, scale) == (wanted, wanted_scale):
            return Fit.EXACT
        return Fit.WIDER if size >= wanted and scale == wanted_scale else Fit.WRONG
    if drawn == "text" and names_a_user and actual == "uuid":
        return Fit.WIDER
    if drawn == "text" and name == "character varying" and size >= 254:
        return Fit.WIDER
    if drawn == "decimal":
        return Fit.EXACT if name == "numeric" and scale in (0, 18) else Fit.WRONG
    if drawn in ("string", "varchar", "enum") and name == "character varying" and 0 < size < width:
        return Fit.WRONG
    if drawn == "string":
        if actual == "text" or name == "character varying":
            return Fit.EXACT
        return Fit.WIDER if (drawn, name) in _WIDER else Fit.WRONG
    if drawn == "varchar":
        return Fit.EXACT if name == "character varying" else Fit.WRONG
    if _SAME.get(drawn) == actual:
        return Fit.EXACT
    return Fit.WIDER if (drawn, name) in _WIDER else Fit.WRONG
