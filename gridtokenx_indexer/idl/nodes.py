"""An IDL as typed nodes, the same for both generations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from gridtokenx_indexer.domain.errors import UsageError


class IdlError(UsageError):
    """The IDL cannot be read, or holds a construct that this reader does not know; names it."""


class Generation(StrEnum):
    LEGACY = "legacy"
    SPEC_0_1_0 = "0.1.0"


class Serialization(StrEnum):
    BORSH = "borsh"
    BYTEMUCK = "bytemuck"


@dataclass(frozen=True, slots=True)
class Primitive:
    """bool, an integer, a float, string, bytes or pubkey, by its 0.1.0 name."""

    name: str


@dataclass(frozen=True, slots=True)
class Vec:
    item: TypeNode


@dataclass(frozen=True, slots=True)
class Option:
    item: TypeNode


@dataclass(frozen=True, slots=True)
class Array:
    item: TypeNode
    length: int


@dataclass(frozen=True, slots=True)
class Defined:
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A construct that is refused when, and only when, something needs it."""

    construct: str


TypeNode: TypeAlias = Primitive | Vec | Option | Array | Defined | Unknown


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: TypeNode


Fields: TypeAlias = tuple[Field, ...] | tuple[TypeNode, ...]
"""Named fields, or the items of a tuple struct."""


@dataclass(frozen=True, slots=True)
class StructType:
    fields: Fields
    serialization: Serialization = Serialization.BORSH
    packed: bool = False
    """repr(C, packed); says nothing for borsh."""


@dataclass(frozen=True, slots=True)
class Variant:
    name: str
    fields: Fields | None
    """None for a unit variant."""


@dataclass(frozen=True, slots=True)
class EnumType:
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class AliasType:
    target: TypeNode


TypeBody: TypeAlias = StructType | EnumType | AliasType | Unknown


@dataclass(frozen=True, slots=True)
class Item:
    """An event, account or instruction: what its bytes start with and what follows."""

    name: str
    discriminator: bytes
    body: StructType | Defined


@dataclass(frozen=True, slots=True)
class Idl:
    name: str
    address: str | None
    generation: Generation
    events: tuple[Item, ...]
    accounts: tuple[Item, ...]
    instructions: tuple[Item, ...]
    types: dict[str, TypeBody]
