"""What one setting is, and how its text becomes a value."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias, assert_never

import msgspec

from gridtokenx_indexer.domain.errors import UsageError

Value: TypeAlias = str | int | bool | Decimal | Path | tuple[str, ...] | None


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    PATH = "path"
    LIST = "list"
    """Comma list in the environment and in flags, array of strings in the file."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the list. `default` None means unset: the part that would use it decides."""

    section: str
    name: str
    kind: Kind
    help: str
    default: Value = None
    env: str | None = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    prefixes: tuple[str, ...] = ()
    """A text starts with one of them."""
    secret: bool = False

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return self.env or f"GRIDTOKENX_{self.section}_{self.name}".upper()


_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def read_value(setting: Setting, raw: object, origin: str) -> Value:
    """A value from a file, a variable or a flag; raises `UsageError` naming the setting and its origin."""
    told = "its value" if setting.secret else repr(raw)
    try:
        value = _convert(setting.kind, raw)
    except (ValueError, InvalidOperation) as error:
        raise UsageError(
            f"{setting.key} = {told} from {origin} is not {_article(setting.kind)}",
            remedy=f"set {setting.variable} or [{setting.section}] {setting.name}: {setting.help}",
        ) from error
    if setting.choices and value not in setting.choices:
        raise UsageError(
            f"{setting.key} = {told} from {origin} is not allowed",
            remedy=f"choose one of {', '.join(setting.choices)}",
        )
    if setting.prefixes and isinstance(value, str) and not value.startswith(setting.prefixes):
        raise UsageError(
            f"{setting.key} from {origin} does not start with {' or '.join(setting.prefixes)}",
            remedy=f"set {setting.variable} or [{setting.section}] {setting.name}: {setting.help}",
        )
    if setting.minimum is not None and isinstance(value, int) and value < setting.minimum:
        raise UsageError(
            f"{setting.key} = {value} from {origin} is too small", remedy=f"give at least {setting.minimum}"
        )
    return value


def _convert(kind: Kind, raw: object) -> Value:
    match kind:
        case Kind.TEXT:
            return _text(raw)
        case Kind.INTEGER:
            if isinstance(raw, bool) or not isinstance(raw, int | str):
                raise ValueError(raw)
            return int(raw)
        case Kind.BOOLEAN:
            return _boolean(raw)
        case Kind.DECIMAL:
            if isinstance(raw, bool) or not isinstance(raw, int | str):
                raise ValueError(raw)
            value = Decimal(raw)
            if not value.is_finite():
                raise ValueError(raw)
            return value
        case Kind.PATH:
            return Path(_text(raw)).expanduser()
        case Kind.LIST:
            items = raw.split(",") if isinstance(raw, str) else raw
            if not isinstance(items, list | tuple):
                raise ValueError(raw)
            return tuple(text for item in items if (text := _text(item).strip()))
        case _:
            assert_never(kind)


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(raw)
    return raw


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    lowered = _text(raw).strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError(raw)


def _article(kind: Kind) -> str:
    return "a list of texts" if kind is Kind.LIST else f"{'an' if kind is Kind.INTEGER else 'a'} {kind.value}"
