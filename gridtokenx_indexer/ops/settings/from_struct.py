"""Settings taken from a package's own configuration, so that defaults are stated once."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from gridtokenx_indexer.ops.settings.setting import Kind, Setting

_KINDS: Mapping[type, Kind] = {
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    str: Kind.TEXT,
    Decimal: Kind.DECIMAL,
    tuple: Kind.LIST,
}


def settings_of(
    section: str,
    config: type[msgspec.Struct],
    helps: Mapping[str, str],
    *,
    minimum: int = 0,
    prefix: str = "",
) -> tuple[Setting, ...]:
    """One setting per field named in `helps`, in that order, `prefix` before its name."""
    fields = {field.name: field for field in msgspec.structs.fields(config)}
    settings = []
    for name, text in helps.items():
        kind, choices = _kind(fields[name].type)
        default: Any = fields[name].default
        settings.append(
            Setting(
                section=section,
                name=prefix + name,
                kind=kind,
                default=str(default) if isinstance(default, StrEnum) else default,
                help=text,
                choices=choices,
                minimum=minimum if kind is Kind.INTEGER else None,
            )
        )
    return tuple(settings)


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    # A union with a NewType is a typing.Union, one of plain classes is not.
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        annotation = next(part for part in typing.get_args(annotation) if part is not types.NoneType)
    annotation = getattr(annotation, "__supertype__", annotation)
    annotation = typing.get_origin(annotation) or annotation
    if issubclass(annotation, StrEnum):
        return Kind.TEXT, tuple(str(member) for member in annotation)
    return _KINDS[annotation], ()
