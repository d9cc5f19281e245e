"""Encoded transactions and messages from clients: text to bytes to parts, refused in the node's words."""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum

from solders.transaction import VersionedTransaction

from gridtokenx_indexer.localnet.base58 import Base58Error, b58decode
from gridtokenx_indexer.localnet.errors import invalid_params
from gridtokenx_indexer.localnet.rpc.params import choice
from gridtokenx_indexer.localnet.svm.error_text import transaction_error_text
from gridtokenx_indexer.localnet.svm.wire import SanitizeError, WireError, WireMessage, WireTransaction

TRANSACTION = "solana_transaction::versioned::VersionedTransaction"
MESSAGE = "solana_message::versions::VersionedMessage"
MAX_BYTES = 1_232
MAX_BASE64 = 1_644
MAX_BASE58 = 1_683


class WireEncoding(StrEnum):
    BINARY = "binary"
    BASE64 = "base64"
    BASE58 = "base58"
    JSON = "json"
    JSON_PARSED = "jsonParsed"


def wire_encoding(value: object) -> WireEncoding:
    """The encoding of a transaction parameter: base58 unless base64 is said."""
    encoding = WireEncoding.BASE58 if value is None else choice(value, WireEncoding)
    if encoding is WireEncoding.BINARY:
        return WireEncoding.BASE58
    if encoding in (WireEncoding.JSON, WireEncoding.JSON_PARSED):
        raise invalid_params(f"unsupported encoding: {encoding}. Supported encodings: base58, base64")
    return encoding


def decode_bytes(text: str, encoding: WireEncoding, what: str) -> bytes:
    limit = MAX_BASE64 if encoding is WireEncoding.BASE64 else MAX_BASE58
    if len(text) > limit:
        raise invalid_params(
            f"{encoding} encoded {what} too large: {len(text)} bytes (max: encoded/raw {limit}/{MAX_BYTES})"
        )
    data = _base64(text) if encoding is WireEncoding.BASE64 else _base58(text)
    if len(data) > MAX_BYTES:
        raise invalid_params(f"decoded {what} too large: {len(data)} bytes (max: {MAX_BYTES} bytes)")
    return data


def decode_transaction(text: str, encoding: WireEncoding) -> tuple[WireTransaction, VersionedTransaction]:
    """A sanitized transaction; bytes behind it are ignored."""
    data = decode_bytes(text, encoding, TRANSACTION)
    try:
        wire = WireTransaction(data)
    except WireError as error:
        raise invalid_params(f"failed to deserialize {TRANSACTION}: {error}") from None
    if not wire.message.is_supported:
        raise invalid_transaction("UnsupportedVersion")
    try:
        wire.sanitize()
        return wire, VersionedTransaction.from_bytes(wire.data)
    except (SanitizeError, ValueError):
        raise invalid_transaction("SanitizeFailure") from None


def decode_message(text: str) -> WireMessage:
    data = decode_bytes(text, WireEncoding.BASE64, MESSAGE)
    try:
        message = WireMessage(data)
    except WireError as error:
        raise invalid_params(f"failed to deserialize {MESSAGE}: {error}") from None
    if not message.is_supported:
        raise invalid_transaction("UnsupportedVersion")
    try:
        message.sanitize()
    except SanitizeError:
        raise invalid_params("invalid transaction message: index out of bounds") from None
    return message


def invalid_transaction(err: object) -> Exception:
    return invalid_params(f"invalid transaction: {transaction_error_text(err)}")


def _base58(text: str) -> bytes:
    try:
        return b58decode(text)
    except Base58Error as error:
        raise invalid_params(
            "invalid base58 encoding: InvalidCharacter "
            f"{{ character: '{error.character}', index: {error.index} }}"
        ) from None


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
        for index, character in enumerate(text):
            if character not in alphabet:
                raise invalid_params(
                    f"invalid base64 encoding: InvalidByte({index}, {ord(character)})"
                ) from None
        raise invalid_params("invalid base64 encoding: InvalidPadding") from None
