"""Byte readers: from a buffer and an offset to a JSON-ready value and the next offset.

Values follow the conventions of `blockchain_events.data`: integers above 32 bits are decimal strings, keys
base58, bytes lowercase hex, a unit variant its name, a variant with fields `{name: fields}`, an absent option
None. A reader raises `BytesError` for bytes that its type cannot have written.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import ParkError

Read: TypeAlias = Callable[[bytes, int], tuple[object, int]]
Convert: TypeAlias = Callable[[object], object]


class BytesError(ParkError):
    """The bytes do not fit their layout."""


@dataclass(frozen=True, slots=True)
class Reader:
    """`read` with what is known of its size. `code` and `convert` are set when the size is fixed and the type
    is one struct item, so that neighbouring fields can be unpacked in one call."""

    read: Read
    min_size: int
    fixed: bool
    align: int = 1
    code: str | None = None
    convert: Convert | None = None


def _base58(value: object) -> object:
    assert isinstance(value, bytes)
    return str(Pubkey(value))


def _hex(value: object) -> object:
    assert isinstance(value, bytes)
    return value.hex()


def _boolean(value: object) -> object:
    if value not in (0, 1):
        raise BytesError(f"{value} is no bool")
    return value == 1


def _wide(signed: bool) -> Convert:
    def convert(value: object) -> object:
        assert isinstance(value, bytes)
        return str(int.from_bytes(value, "little", signed=signed))

    return convert


def item_reader(code: str, convert: Convert | None, align: int = 1) -> Reader:
    """A reader for one `struct` format item."""
    compiled = struct.Struct("<" + code)
    unpack, size = compiled.unpack_from, compiled.size

    def read(data: bytes, at: int) -> tuple[object, int]:
        try:
            (value,) = unpack(data, at)
        except struct.error:
            raise BytesError(f"{size} bytes expected at {at}, {max(0, len(data) - at)} left") from None
        return (convert(value) if convert else value), at + size

    return Reader(read, size, True, align, code, convert)


def take(data: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of a length-prefixed value."""
    if at + 4 > len(data):
        raise BytesError(f"a length expected at {at}, {max(0, len(data) - at)} bytes left")
    end = at + 4 + int.from_bytes(data[at : at + 4], "little")
    if end > len(data):
        raise BytesError(f"a length at {at} reaches {end - len(data)} bytes past the end")
    return data[at + 4 : end], end


def _read_bytes(data: bytes, at: int) -> tuple[object, int]:
    taken, end = take(data, at)
    return taken.hex(), end


def _read_string(data: bytes, at: int) -> tuple[object, int]:
    taken, end = take(data, at)
    try:
        text = taken.decode()
    except UnicodeDecodeError as error:
        raise BytesError(f"the string at {at} is not UTF-8") from error
    if "\0" in text:
        # Postgres cannot store it in jsonb; refusing keeps the bytes in the parked item.
        raise BytesError(f"the string at {at} holds a zero byte")
    return text, end


PRIMITIVE_READERS: dict[str, Reader] = {
    "bool": item_reader("B", _boolean),
    "u8": item_reader("B", None),
    "i8": item_reader("b", None),
    "u16": item_reader("H", None, 2),
    "i16": item_reader("h", None, 2),
    "u32": item_reader("I", None, 4),
    "i32": item_reader("i", None, 4),
    "u64": item_reader("Q", str, 8),
    "i64": item_reader("q", str, 8),
    "u128": item_reader("16s", _wide(False), 16),
    "i128": item_reader("16s", _wide(True), 16),
    "u256": item_reader("32s", _wide(False), 16),
    "i256": item_reader("32s", _wide(True), 16),
    # As text: a JSON number has no NaN, and rounds on its way through other readers.
    "f32": item_reader("f", str, 4),
    "f64": item_reader("d", str, 8),
    "pubkey": item_reader("32s", _base58),
    "bytes": Reader(_read_bytes, 4, False),
    "string": Reader(_read_string, 4, False),
}


def byte_array_reader(length: int) -> Reader:
    """`[u8; length]`, as hex."""
    return item_reader(f"{length}s", _hex)
