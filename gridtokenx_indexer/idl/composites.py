"""Readers built from readers: vectors, options, arrays, structs, enums."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from gridtokenx_indexer.idl.readers import BytesError, Convert, Read, Reader


def vec_reader(item: Reader) -> Reader:
    """`item.min_size` must be above zero, so that a hostile length cannot outlast its bytes."""
    read_item, min_size = item.read, item.min_size

    def read(data: bytes, at: int) -> tuple[object, int]:
        if at + 4 > len(data):
            raise BytesError(f"a length expected at {at}, {max(0, len(data) - at)} bytes left")
        length = int.from_bytes(data[at : at + 4], "little")
        at += 4
        if length * min_size > len(data) - at:
            raise BytesError(f"{length} items before {at} do not fit into the bytes left")
        items = []
        for _ in range(length):
            value, at = read_item(data, at)
            items.append(value)
        return items, at

    return Reader(read, 4, False)


def option_reader(item: Reader) -> Reader:
    read_item = item.read

    def read(data: bytes, at: int) -> tuple[object, int]:
        tag = data[at] if at < len(data) else -1
        if tag == 0:
            return None, at + 1
        if tag == 1:
            return read_item(data, at + 1)
        raise BytesError(f"no option tag at {at}")

    return Reader(read, 1, False)


def array_reader(item: Reader, length: int) -> Reader:
    read_item = item.read

    def read(data: bytes, at: int) -> tuple[object, int]:
        items = []
        for _ in range(length):
            value, at = read_item(data, at)
            items.append(value)
        return items, at

    return Reader(read, item.min_size * length, item.fixed, item.align)


def tuple_reader(items: Sequence[Reader]) -> Reader:
    """The items of a tuple struct or tuple variant, as a list."""

    def read(data: bytes, at: int) -> tuple[object, int]:
        values = []
        for item in items:
            value, at = item.read(data, at)
            values.append(value)
        return values, at

    return Reader(
        read,
        sum(item.min_size for item in items),
        all(item.fixed for item in items),
        max((item.align for item in items), default=1),
    )


def struct_reader(fields: Sequence[tuple[str, Reader]]) -> Reader:
    """Named fields as a dict; neighbouring fixed-size fields are unpacked in one call."""
    steps = _steps(fields)
    if len(steps) == 1:
        read = steps[0]
    else:

        def read(data: bytes, at: int) -> tuple[object, int]:
            whole: dict[str, object] = {}
            for step in steps:
                part, at = step(data, at)
                assert isinstance(part, dict)
                whole.update(part)
            return whole, at

    return Reader(
        read,
        sum(reader.min_size for _, reader in fields),
        all(reader.fixed for _, reader in fields),
        max((reader.align for _, reader in fields), default=1),
    )


def _steps(fields: Sequence[tuple[str, Reader]]) -> list[Read]:
    steps: list[Read] = []
    run: list[tuple[str, Reader]] = []
    for name, reader in fields:
        if reader.code is not None:
            run.append((name, reader))
            continue
        if run:
            steps.append(_run_step(run))
            run = []
        steps.append(_single_step(name, reader.read))
    if run or not steps:
        steps.append(_run_step(run))
    return steps


def _single_step(name: str, read_field: Read) -> Read:
    def read(data: bytes, at: int) -> tuple[object, int]:
        value, at = read_field(data, at)
        return {name: value}, at

    return read


def _run_step(run: Sequence[tuple[str, Reader]]) -> Read:
    compiled = struct.Struct("<" + "".join(reader.code or "" for _, reader in run))
    unpack, size = compiled.unpack_from, compiled.size
    names = tuple(name for name, _ in run)
    conversions: tuple[tuple[str, Convert], ...] = tuple(
        (name, reader.convert) for name, reader in run if reader.convert is not None
    )

    def read(data: bytes, at: int) -> tuple[object, int]:
        try:
            values = dict(zip(names, unpack(data, at), strict=True))
        except struct.error:
            raise BytesError(f"{size} bytes expected at {at}, {max(0, len(data) - at)} left") from None
        for name, convert in conversions:
            values[name] = convert(values[name])
        return values, at + size

    return read


def enum_reader(variants: Sequence[tuple[str, Reader | None]]) -> Reader:
    """A borsh enum: one tag byte, then the variant's fields."""

    def read(data: bytes, at: int) -> tuple[object, int]:
        tag = data[at] if at < len(data) else -1
        if not 0 <= tag < len(variants):
            raise BytesError(f"no variant {tag} at {at}")
        name, fields = variants[tag]
        if fields is None:
            return name, at + 1
        value, at = fields.read(data, at + 1)
        return {name: value}, at

    fixed = all(fields is None for _, fields in variants)
    return Reader(read, 1, fixed)
