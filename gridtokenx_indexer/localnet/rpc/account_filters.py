"""The filters of getProgramAccounts and programSubscribe."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping

from gridtokenx_indexer.localnet.base58 import Base58Error, b58decode
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.errors import RpcError, invalid_params
from gridtokenx_indexer.localnet.rpc.params import unsigned, wrong_type
from gridtokenx_indexer.localnet.svm.tokens import token_account

MAX_FILTERS = 4
MAX_MEMCMP_BYTES = 128
Filter = Callable[[AccountState], bool]


def account_filters(value: object) -> Filter:
    """One predicate from the list of filters; raises the node's parameter errors."""
    if value is None:
        return lambda state: True
    if not isinstance(value, list):
        raise wrong_type(value, "a sequence")
    filters = [_filter(each) for each in value]
    if len(filters) > MAX_FILTERS:
        raise invalid_params(f"Too many filters provided; max {MAX_FILTERS}")
    return lambda state: all(each(state) for each in filters)


def _filter(value: object) -> Filter:
    if value == "tokenAccountState":
        return lambda state: token_account(state) is not None
    if isinstance(value, str):
        raise _unknown(value)
    if not isinstance(value, Mapping) or len(value) != 1:
        raise wrong_type(value, "string or map")
    ((name, body),) = value.items()
    if name == "dataSize":
        size = unsigned(body, "u64")
        return lambda state: len(state.data) == size
    if name == "memcmp":
        return _memcmp(body)
    raise _unknown(name)


def _memcmp(body: object) -> Filter:
    if not isinstance(body, Mapping):
        raise wrong_type(body, "struct Memcmp")
    for member in ("offset", "bytes"):
        if member not in body:
            raise invalid_params(f"Invalid params: missing field `{member}`.")
    offset = unsigned(body["offset"], "usize")
    wanted = _memcmp_bytes(body["bytes"], body.get("encoding"))
    if len(wanted) > MAX_MEMCMP_BYTES:
        raise invalid_params("Invalid param: DataTooLarge")
    return lambda state: state.data[offset : offset + len(wanted)] == wanted


def _memcmp_bytes(value: object, encoding: object) -> bytes:
    if isinstance(value, list):
        return bytes(unsigned(each, "u8") for each in value)
    if not isinstance(value, str):
        raise wrong_type(value, "a string")
    if encoding == "base64":
        return b64decode(value)
    try:
        return b58decode(value)
    except Base58Error as error:
        raise invalid_params(
            "Invalid param: Base58DecodeError(InvalidCharacter "
            f"{{ character: '{error.character}', index: {error.index} }})"
        ) from None


def _unknown(name: object) -> RpcError:
    return invalid_params(
        f"Invalid params: unknown variant `{name}`, "
        "expected one of `dataSize`, `memcmp`, `tokenAccountState`."
    )
