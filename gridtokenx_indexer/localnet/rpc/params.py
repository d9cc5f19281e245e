"""Reading JSON-RPC parameters, with the messages of the real node where they are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.base58 import Base58Error, b58decode
from gridtokenx_indexer.localnet.errors import RpcError, invalid_params, invalid_request

U64_MAX = 2**64 - 1
Choice = TypeVar("Choice", bound=StrEnum)


class Params:
    """The parameter list of one call. `required` and `allowed` are argument counts."""

    def __init__(self, values: object, required: int = 0, allowed: int = 0) -> None:
        if values is None:
            values = []
        if isinstance(values, Mapping):
            raise invalid_params("`params` should be an array")
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise invalid_request()
        count = len(values)
        if allowed == 0 and count:
            raise invalid_params("Invalid parameters: No parameters were expected", debug_form(values))
        if count < required:
            raise invalid_params(f"`params` should have at least {required} argument(s)")
        if count > allowed:
            raise invalid_params(
                f"Invalid parameters: Expected from {required} to {allowed} parameters.", f'"Got: {count}"'
            )
        self._values = values

    def raw(self, index: int) -> object:
        return self._values[index] if index < len(self._values) else None

    def has(self, index: int) -> bool:
        return index < len(self._values)

    def u64(self, index: int, kind: str = "u64") -> int:
        return unsigned(self.raw(index), kind)

    def optional_u64(self, index: int) -> int | None:
        value = self.raw(index)
        return None if value is None else unsigned(value, "u64")

    def text(self, index: int) -> str:
        value = self.raw(index)
        if not isinstance(value, str):
            raise wrong_type(value, "a string")
        return value

    def pubkey(self, index: int) -> Pubkey:
        return pubkey(self.text(index))

    def texts(self, index: int) -> list[str]:
        value = self.raw(index)
        if not isinstance(value, list):
            raise wrong_type(value, "a sequence")
        for each in value:
            if not isinstance(each, str):
                raise wrong_type(each, "a string")
        return value

    def config(self, index: int, expected: str = "struct RpcContextConfig") -> Config:
        value = self.raw(index)
        if value is None:
            return Config({})
        if not isinstance(value, Mapping):
            raise wrong_type(value, expected)
        return Config(value)


class Config:
    """The members of a configuration object; unknown ones are ignored."""

    def __init__(self, members: Mapping[str, object]) -> None:
        self.members = members

    def get(self, name: str) -> object:
        return self.members.get(name)

    def optional_u64(self, name: str, kind: str = "u64") -> int | None:
        value = self.members.get(name)
        return None if value is None else unsigned(value, kind)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.members.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise wrong_type(value, "a boolean")
        return value

    def optional_text(self, name: str) -> str | None:
        value = self.members.get(name)
        if value is not None and not isinstance(value, str):
            raise wrong_type(value, "a string")
        return value

    def choice(self, name: str, choices: type[Choice], default: Choice) -> Choice:
        value = self.members.get(name)
        return default if value is None else choice(value, choices)


def choice(value: object, choices: type[Choice]) -> Choice:
    if not isinstance(value, str):
        raise wrong_type(value, "string or map")
    try:
        return choices(value)
    except ValueError:
        names = ", ".join(f"`{each}`" for each in choices)
        raise invalid_params(f"Invalid params: unknown variant `{value}`, expected one of {names}.") from None


def unsigned(value: object, kind: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(value, kind)
    if value < 0:
        raise invalid_params(f"Invalid params: invalid value: integer `{value}`, expected {kind}.")
    if value > U64_MAX:
        raise invalid_params(
            f"Invalid params: invalid type: floating point `{float(value)}`, expected {kind}."
        )
    return value


def pubkey(text: str) -> Pubkey:
    return Pubkey(fixed_base58(text, 32, "Invalid param: "))


def fixed_base58(text: str, size: int, prefix: str) -> bytes:
    """Base58 of exactly `size` bytes."""
    try:
        data = b58decode(text)
    except Base58Error:
        raise invalid_params(f"{prefix}Invalid") from None
    if len(data) != size:
        raise invalid_params(f"{prefix}WrongSize")
    return data


def wrong_type(value: object, expected: str) -> RpcError:
    return invalid_params(f"Invalid params: invalid type: {_found(value)}, expected {expected}.")


def _found(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return f"boolean `{str(value).lower()}`"
        case int():
            return f"integer `{value}`"
        case float():
            return f"floating point `{value}`"
        case str():
            return f'string "{value}"'
        case list():
            return "sequence"
        case _:
            return "map"


def debug_form(value: object) -> str:
    """A JSON value in the debug notation that the real node puts into `data`."""
    match value:
        case None:
            return "Null"
        case bool():
            return f"Bool({str(value).lower()})"
        case int() | float():
            return f"Number({value})"
        case str():
            return f'String("{value}")'
        case Mapping():
            members = ", ".join(f'"{name}": {debug_form(each)}' for name, each in value.items())
            return f"Object {{{members}}}"
        case Sequence():
            return f"Array([{', '.join(debug_form(each) for each in value)}])"
        case _:
            return str(value)
