"""Compiles the types of an IDL to readers; refuses what it does not know by name."""

from __future__ import annotations

from typing import assert_never

from gridtokenx_indexer.idl.composites import (
    array_reader,
    enum_reader,
    option_reader,
    struct_reader,
    tuple_reader,
    vec_reader,
)
from gridtokenx_indexer.idl.nodes import (
    AliasType,
    Array,
    Defined,
    EnumType,
    Field,
    Fields,
    IdlError,
    Option,
    Primitive,
    Serialization,
    StructType,
    TypeBody,
    TypeNode,
    Unknown,
    Vec,
)
from gridtokenx_indexer.idl.readers import PRIMITIVE_READERS, Reader, byte_array_reader


class LayoutCompiler:
    """One IDL's types; each is compiled once, when first needed."""

    def __init__(self, types: dict[str, TypeBody]) -> None:
        self._types = types
        self._compiled: dict[str, Reader] = {}
        self._open: list[str] = []

    def type_reader(self, node: TypeNode) -> Reader:
        """Raises `IdlError` that names the construct."""
        match node:
            case Primitive(name):
                return PRIMITIVE_READERS[name]
            case Vec(item):
                return self._vec(self.type_reader(item))
            case Option(item):
                return option_reader(self.type_reader(item))
            case Array(Primitive("u8"), length):
                return byte_array_reader(length)
            case Array(item, length):
                return array_reader(self.type_reader(item), length)
            case Defined(name):
                return self._defined(name)
            case Unknown(construct):
                raise self._refusal(construct)
            case _:
                assert_never(node)

    def body_reader(self, body: TypeBody) -> Reader:
        match body:
            case StructType(fields, Serialization.BORSH, _):
                return self._fields(fields)
            case StructType(fields, Serialization.BYTEMUCK, packed):
                return self._bytemuck(fields, packed)
            case EnumType(variants):
                return enum_reader(
                    [
                        (variant.name, None if variant.fields is None else self._fields(variant.fields))
                        for variant in variants
                    ]
                )
            case AliasType(target):
                return self.type_reader(target)
            case Unknown(construct):
                raise self._refusal(construct)
            case StructType():
                raise AssertionError("both serializations are handled above")
            case _:
                assert_never(body)

    def _vec(self, item: Reader) -> Reader:
        if item.min_size == 0:
            raise self._refusal("vec of items without bytes")
        return vec_reader(item)

    def _defined(self, name: str) -> Reader:
        if name in self._compiled:
            return self._compiled[name]
        if name in self._open:
            raise self._refusal(f"recursive type {name}")
        if name not in self._types:
            raise self._refusal(f"undefined type {name}")
        self._open.append(name)
        try:
            reader = self.body_reader(self._types[name])
        finally:
            self._open.pop()
        self._compiled[name] = reader
        return reader

    def _fields(self, fields: Fields) -> Reader:
        named = [(field.name, self.type_reader(field.type)) for field in fields if isinstance(field, Field)]
        if len(named) == len(fields):
            return struct_reader(named)
        return tuple_reader([self.type_reader(item) for item in fields if not isinstance(item, Field)])

    def _bytemuck(self, fields: Fields, packed: bool) -> Reader:
        """Read field after field, which is right only while repr(C) puts no padding between or after them."""
        at = 0
        widest = 1
        for field in fields:
            reader = self.type_reader(field.type if isinstance(field, Field) else field)
            if not reader.fixed:
                raise self._refusal("a bytemuck field of varying size")
            align = 1 if packed else reader.align
            if at % align:
                raise self._refusal("bytemuck with padding")
            at += reader.min_size
            widest = max(widest, align)
        if at % widest:
            raise self._refusal("bytemuck with padding at its end")
        return self._fields(fields)

    def _refusal(self, construct: str) -> IdlError:
        where = f" in {' > '.join(self._open)}" if self._open else ""
        return IdlError(
            f"IDL construct not supported{where}: {construct}",
            remedy="items of this type are kept undecoded until a release reads it",
        )
