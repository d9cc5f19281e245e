"""Opaque keyset cursors: the last key of a page, bound to the filters that made it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Annotated
from uuid import UUID

import msgspec

from gridtokenx_indexer.domain.errors import UsageError


class Keyset(msgspec.Struct, frozen=True, array_like=True):
    """Where the next page starts: after this (slot, id)."""

    slot: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    id: UUID


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    version: int
    filters: str
    key: Keyset


def encode_cursor(key: Keyset, filters: object) -> str:
    raw = msgspec.json.encode(_Cursor(1, _digest(filters), key))
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(text: str, filters: object) -> Keyset:
    """Raises `UsageError` when the text is no cursor, or one of another query."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        cursor = msgspec.json.decode(raw, type=_Cursor)
    except (ValueError, msgspec.DecodeError) as error:
        raise UsageError("cursor is not one that this API gave", remedy="start without a cursor") from error
    if cursor.version != 1 or cursor.filters != _digest(filters):
        raise UsageError(
            "cursor belongs to a query with other filters", remedy="repeat the filters of the first page"
        )
    return cursor.key


def _digest(filters: object) -> str:
    return sha256(msgspec.json.encode(filters)).hexdigest()[:16]
