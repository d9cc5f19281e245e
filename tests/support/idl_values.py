"""Random values of IDL types, a naive borsh encoder, and anchorpy's values in our conventions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from solders.pubkey import Pubkey

INTEGERS = {f"{sign}{bits}": (sign == "i", bits) for sign in "ui" for bits in (8, 16, 32, 64, 128)}


def values(kind: Any, types: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values as `blockchain_events.data` shows them."""
    if isinstance(kind, str):
        return _primitive(kind)
    ((form, of),) = kind.items()
    match form:
        case "vec":
            return st.lists(values(of, types), max_size=4)
        case "option":
            return st.none() | values(of, types)
        case "array" if of[0] == "u8":
            return st.binary(min_size=of[1], max_size=of[1]).map(bytes.hex)
        case "array":
            return st.lists(values(of[0], types), min_size=of[1], max_size=of[1])
        case _:
            return _defined(types[of], types)


def _primitive(kind: str) -> st.SearchStrategy[Any]:
    match kind:
        case "bool":
            return st.booleans()
        case "string":
            return st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
        case "bytes":
            return st.binary(max_size=12).map(bytes.hex)
        case "publicKey" | "pubkey":
            return st.binary(min_size=32, max_size=32).map(lambda key: str(Pubkey(key)))
    signed, bits = INTEGERS[kind]
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return st.integers(low, high).map(str if bits > 32 else int)


def _defined(body: dict[str, Any], types: dict[str, Any]) -> st.SearchStrategy[Any]:
    if body["kind"] == "struct":
        return fields_values(body["fields"], types)
    choices: list[st.SearchStrategy[Any]] = [_variant(variant, types) for variant in body["variants"]]
    return st.one_of(choices)


def _variant(variant: dict[str, Any], types: dict[str, Any]) -> st.SearchStrategy[Any]:
    name = variant["name"]
    if "fields" not in variant:
        return st.just(name)
    return st.fixed_dictionaries({name: fields_values(variant["fields"], types)})


def fields_values(fields: list[Any], types: dict[str, Any]) -> st.SearchStrategy[Any]:
    if fields and not (isinstance(fields[0], dict) and "name" in fields[0]):
        return st.tuples(*(values(field, types) for field in fields)).map(list)
    return st.fixed_dictionaries({field["name"]: values(field["type"], types) for field in fields})


def encode(kind: Any, value: Any, types: dict[str, Any]) -> bytes:
    """Borsh, written from its specification."""
    if isinstance(kind, str):
        return _encode_primitive(kind, value)
    ((form, of),) = kind.items()
    match form:
        case "vec":
            items = b"".join(encode(of, item, types) for item in value)
            return bytes(len(value).to_bytes(4, "little") + items)
        case "option":
            return b"\0" if value is None else b"\1" + encode(of, value, types)
        case "array" if of[0] == "u8":
            return bytes(bytes.fromhex(value))
        case "array":
            return b"".join(encode(of[0], item, types) for item in value)
        case _:
            return _encode_defined(types[of], value, types)


def _encode_primitive(kind: str, value: Any) -> bytes:
    match kind:
        case "bool":
            return bytes([value])
        case "string":
            text = str(value).encode()
            return len(text).to_bytes(4, "little") + text
        case "bytes":
            return (len(value) // 2).to_bytes(4, "little") + bytes.fromhex(value)
        case "publicKey" | "pubkey":
            return bytes(Pubkey.from_string(value))
    signed, bits = INTEGERS[kind]
    return int(value).to_bytes(bits // 8, "little", signed=signed)


def _encode_defined(body: dict[str, Any], value: Any, types: dict[str, Any]) -> bytes:
    if body["kind"] == "struct":
        return encode_fields(body["fields"], value, types)
    name = value if isinstance(value, str) else next(iter(value))
    index = [variant["name"] for variant in body["variants"]].index(name)
    fields = body["variants"][index].get("fields")
    return bytes([index]) + (encode_fields(fields, value[name], types) if fields else b"")


def encode_fields(fields: list[Any], value: Any, types: dict[str, Any]) -> bytes:
    if isinstance(value, list):
        return b"".join(encode(kind, item, types) for kind, item in zip(fields, value, strict=True))
    return b"".join(encode(field["type"], value[field["name"]], types) for field in fields)


def from_anchorpy(kind: Any, value: Any, types: dict[str, Any]) -> Any:
    """What anchorpy decoded, in our conventions."""
    if isinstance(kind, str):
        if kind in ("u64", "i64", "u128", "i128", "publicKey"):
            return str(value)
        return bytes(value).hex() if kind == "bytes" else value
    ((form, of),) = kind.items()
    match form:
        case "vec":
            return [from_anchorpy(of, item, types) for item in value]
        case "option":
            return None if value is None else from_anchorpy(of, value, types)
        case "array" if of[0] == "u8":
            return bytes(value).hex()
        case "array":
            return [from_anchorpy(of[0], item, types) for item in value]
        case _:
            return _defined_from_anchorpy(types[of], value, types)


def _defined_from_anchorpy(body: dict[str, Any], value: Any, types: dict[str, Any]) -> Any:
    if body["kind"] == "struct":
        return fields_from_anchorpy(body["fields"], value, types)
    variant = body["variants"][value.index]
    if "fields" not in variant:
        return variant["name"]
    return {variant["name"]: fields_from_anchorpy(variant["fields"], value, types)}


def fields_from_anchorpy(fields: list[Any], value: Any, types: dict[str, Any]) -> Any:
    if not (isinstance(fields[0], dict) and "name" in fields[0]):
        return [
            from_anchorpy(kind, value.tuple_data[position], types) for position, kind in enumerate(fields)
        ]
    return {
        field["name"]: from_anchorpy(field["type"], getattr(value, field["name"]), types) for field in fields
    }
