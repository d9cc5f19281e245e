"""Values as they may be shown to people: secrets masked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from gridtokenx_indexer.ops.settings.setting import Setting, Value

MASK = "***"


def shown(setting: Setting, value: Value) -> str:
    """`value` as text, with whatever `setting` keeps secret masked."""
    if value is None:
        return ""
    if not setting.secret:
        return plain(value)
    if isinstance(value, tuple):
        return ",".join(mask(item) for item in value)
    return mask(plain(value))


def plain(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, int | Decimal | Path):
        return str(value)
    return value or ""


def mask(text: str) -> str:
    """A URL keeps scheme, user, host, port and database name; anything else is masked whole."""
    parts = urlsplit(text)
    if not parts.scheme or not parts.netloc:
        return MASK if text else ""
    user, at, host = parts.netloc.rpartition("@")
    if at:
        user = user.partition(":")[0] + (f":{MASK}" if ":" in user else "")
    path = parts.path
    if parts.scheme.startswith(("http", "ws")) and path.strip("/"):
        path = f"/{MASK}"
    return urlunsplit((parts.scheme, f"{user}{at}{host}", path, MASK if parts.query else "", ""))
