"""Values as they may be shown to people: secrets masked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from gridtokenx_indexer.domain.masking import masked
from gridtokenx_indexer.ops.settings.setting import Setting, Value


def shown(setting: Setting, value: Value) -> str:
    """`value` as text, with whatever `setting` keeps secret masked."""
    if value is None:
        return ""
    if not setting.secret:
        return plain(value)
    if isinstance(value, tuple):
        return ",".join(masked(item) for item in value)
    return masked(plain(value))


def plain(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, int | Decimal | Path):
        return str(value)
    return value or ""
