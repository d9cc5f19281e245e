"""Accounts in the encodings of getAccountInfo and of account notifications."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from enum import StrEnum

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.base58 import b58encode
from gridtokenx_indexer.localnet.chain.accounts import RENT_EPOCH, AccountState
from gridtokenx_indexer.localnet.encode.parsed_accounts import parse_account
from gridtokenx_indexer.localnet.encode.zstd import stored_frame
from gridtokenx_indexer.localnet.errors import INVALID_REQUEST, RpcError

MAX_BASE58_BYTES = 128


class AccountEncoding(StrEnum):
    BINARY = "binary"
    BASE58 = "base58"
    BASE64 = "base64"
    JSON_PARSED = "jsonParsed"
    BASE64_ZSTD = "base64+zstd"


class DataSlice(msgspec.Struct, frozen=True):
    offset: int
    length: int


def account_member(
    state: AccountState,
    encoding: AccountEncoding,
    data_slice: DataSlice | None,
    account: Callable[[Pubkey], AccountState | None],
    *,
    notification: bool = False,
) -> dict[str, object]:
    """`account` resolves mints for jsonParsed. Base58 of large data raises -32600, or is replaced by a
    note in a notification."""
    return {
        "data": account_data(state, encoding, data_slice, account, notification=notification),
        "executable": state.executable,
        "lamports": state.lamports,
        "owner": str(state.owner),
        "rentEpoch": RENT_EPOCH,
        "space": len(state.data),
    }


def account_data(
    state: AccountState,
    encoding: AccountEncoding,
    data_slice: DataSlice | None,
    account: Callable[[Pubkey], AccountState | None],
    *,
    notification: bool,
) -> object:
    if encoding is AccountEncoding.JSON_PARSED:
        parsed = parse_account(state, account)
        if parsed is not None:
            return parsed
    data = state.data
    if data_slice is not None:
        data = data[data_slice.offset : data_slice.offset + data_slice.length]
    if encoding in (AccountEncoding.BASE58, AccountEncoding.BINARY):
        return _base58_data(data, encoding, notification=notification)
    if encoding is AccountEncoding.BASE64_ZSTD:
        return [b64encode(stored_frame(data)).decode(), "base64+zstd"]
    return [b64encode(data).decode(), "base64"]


def _base58_data(data: bytes, encoding: AccountEncoding, *, notification: bool) -> object:
    if len(data) > MAX_BASE58_BYTES:
        if not notification:
            raise RpcError(
                INVALID_REQUEST,
                f"Encoded binary (base 58) data should be less than {MAX_BASE58_BYTES} bytes, "
                "please use Base64 encoding.",
            )
        text = "error: data too large for bs58 encoding"
    else:
        text = b58encode(data)
    return text if encoding is AccountEncoding.BINARY else [text, "base58"]
