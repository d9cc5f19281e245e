"""IDL text to nodes. A construct that is not known becomes an `Unknown` node that carries its name."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from gridtokenx_indexer.idl.names import derived_discriminator, snake_case
from gridtokenx_indexer.idl.nodes import (
    AliasType,
    Array,
    Defined,
    EnumType,
    Field,
    Fields,
    Generation,
    Idl,
    IdlError,
    Item,
    Option,
    Primitive,
    Serialization,
    StructType,
    TypeBody,
    TypeNode,
    Unknown,
    Variant,
    Vec,
)

Json: TypeAlias = dict[str, Any]

PRIMITIVES = frozenset(
    {"bool", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128", "u256", "i256"}
    | {"f32", "f64", "string", "bytes", "pubkey"}
)
_LEGACY_NAMES = {"publicKey": "pubkey"}


def parse_idl(text: str | bytes) -> Idl:
    """Either generation, told apart by `metadata.spec`; raises `IdlError` for text that is no IDL."""
    try:
        document = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise IdlError(
            f"the IDL is not a JSON object: {error}", remedy="give the file `anchor build` wrote"
        ) from error
    metadata = document.get("metadata") or {}
    spec = metadata.get("spec") if isinstance(metadata, dict) else None
    try:
        if spec is None:
            return _Legacy(document).idl()
        if spec == Generation.SPEC_0_1_0:
            return _Current(document).idl()
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise IdlError(
            f"the IDL lacks or misshapes a member: {error!r}", remedy="rebuild the IDL with anchor"
        ) from error
    raise IdlError(f"IDL spec {spec!r} is not known", remedy="this release reads legacy IDLs and spec 0.1.0")


class _Parser:
    """What the two generations share: how types are written."""

    generation: Generation

    def __init__(self, document: Json) -> None:
        self.document = document

    def field_name(self, name: str) -> str:
        return name

    def type_node(self, written: object) -> TypeNode:
        if isinstance(written, str):
            name = _LEGACY_NAMES.get(written, written)
            return Primitive(name) if name in PRIMITIVES else Unknown(written)
        if not isinstance(written, dict) or len(written) != 1:
            return Unknown(str(written))
        ((construct, of),) = written.items()
        match construct:
            case "vec":
                return Vec(self.type_node(of))
            case "option":
                return Option(self.type_node(of))
            case "array" if isinstance(of[1], int):
                return Array(self.type_node(of[0]), of[1])
            case "defined":
                return self.defined(of)
            case _:
                return Unknown(str(construct))

    def defined(self, of: object) -> TypeNode:
        if isinstance(of, str):
            return Defined(of)
        if isinstance(of, dict):
            return Unknown(f"generic {of['name']}") if of.get("generics") else Defined(of["name"])
        return Unknown(f"defined {of!r}")

    def fields(self, written: list[Any]) -> Fields:
        if all(isinstance(field, dict) and "name" in field for field in written):
            return tuple(
                Field(self.field_name(field["name"]), self.type_node(field["type"])) for field in written
            )
        return tuple(self.type_node(field) for field in written)

    def body(self, definition: Json) -> TypeBody:
        written = definition["type"]
        if definition.get("generics"):
            return Unknown(f"generic {definition['name']}")
        match written["kind"]:
            case "struct":
                return self.struct(definition, written.get("fields") or [])
            case "enum":
                return EnumType(tuple(self.variant(variant) for variant in written["variants"]))
            case "type":
                return AliasType(self.type_node(written["alias"]))
            case "alias":
                return AliasType(self.type_node(written["value"]))
            case kind:
                return Unknown(f"kind {kind}")

    def struct(self, definition: Json, fields: list[Any]) -> TypeBody:
        serialization = definition.get("serialization", "borsh")
        if serialization == "borsh":
            return StructType(self.fields(fields))
        if serialization not in ("bytemuck", "bytemuckunsafe"):
            return Unknown(f"serialization {serialization}")
        representation = definition.get("repr") or {}
        if representation.get("kind") not in ("c", "transparent"):
            return Unknown(f"{serialization} with repr {representation.get('kind')}")
        if "align" in representation:
            return Unknown(f"{serialization} with repr(align)")
        packed = bool(representation.get("packed"))
        return StructType(self.fields(fields), Serialization.BYTEMUCK, packed)

    def variant(self, written: Json) -> Variant:
        fields = written.get("fields")
        return Variant(written["name"], self.fields(fields) if fields else None)

    def types(self) -> dict[str, TypeBody]:
        return {definition["name"]: self.body(definition) for definition in self.document.get("types") or []}


class _Current(_Parser):
    generation = Generation.SPEC_0_1_0

    def idl(self) -> Idl:
        document = self.document
        return Idl(
            name=document["metadata"]["name"],
            address=document.get("address"),
            generation=self.generation,
            events=self.items("events"),
            accounts=self.items("accounts"),
            instructions=tuple(
                Item(
                    written["name"],
                    bytes(written["discriminator"]),
                    StructType(self.fields(written.get("args") or [])),
                )
                for written in document.get("instructions") or []
            ),
            types=self.types(),
        )

    def items(self, kind: str) -> tuple[Item, ...]:
        return tuple(
            Item(written["name"], bytes(written["discriminator"]), Defined(written["name"]))
            for written in self.document.get(kind) or []
        )


class _Legacy(_Parser):
    generation = Generation.LEGACY

    def field_name(self, name: str) -> str:
        return snake_case(name)

    def idl(self) -> Idl:
        document = self.document
        types = self.types()
        accounts = document.get("accounts") or []
        types.update({definition["name"]: self.body(definition) for definition in accounts})
        return Idl(
            name=document["name"],
            address=(document.get("metadata") or {}).get("address"),
            generation=self.generation,
            events=tuple(
                Item(
                    written["name"],
                    derived_discriminator("event", written["name"]),
                    StructType(self.fields(written["fields"])),
                )
                for written in document.get("events") or []
            ),
            accounts=tuple(
                Item(
                    definition["name"],
                    derived_discriminator("account", definition["name"]),
                    Defined(definition["name"]),
                )
                for definition in accounts
            ),
            instructions=tuple(self.instruction(written) for written in document.get("instructions") or []),
            types=types,
        )

    def instruction(self, written: Json) -> Item:
        name = snake_case(written["name"])
        return Item(
            name, derived_discriminator("global", name), StructType(self.fields(written.get("args") or []))
        )
