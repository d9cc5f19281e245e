"""Token accounts and mints, classic and Token-2022, read from account data."""

from __future__ import annotations

import struct

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import TOKEN, TOKEN_2022, TOKEN_PROGRAMS
from gridtokenx_indexer.localnet.chain.accounts import AccountState

MINT_BYTES = 82
ACCOUNT_BYTES = 165
MULTISIG_BYTES = 355
TYPE_OFFSET = 165
TYPE_MINT = 1
TYPE_ACCOUNT = 2
_ACCOUNT = struct.Struct("<32s32sQI32sBIQQI32s")
_MINT = struct.Struct("<I32sQBBI32s")


class TokenAccount(msgspec.Struct, frozen=True):
    mint: Pubkey
    owner: Pubkey
    amount: int
    delegate: Pubkey | None
    state: int
    native_reserve: int | None
    delegated_amount: int
    close_authority: Pubkey | None
    extensions: tuple[tuple[int, bytes], ...]


class Mint(msgspec.Struct, frozen=True):
    mint_authority: Pubkey | None
    supply: int
    decimals: int
    freeze_authority: Pubkey | None
    extensions: tuple[tuple[int, bytes], ...]


def token_account(state: AccountState | None) -> TokenAccount | None:
    """The token account in `state`, None when it holds none (or an uninitialized one)."""
    if (
        state is None
        or state.owner not in TOKEN_PROGRAMS
        or not _has_type(state, ACCOUNT_BYTES, TYPE_ACCOUNT)
    ):
        return None
    fields = _ACCOUNT.unpack_from(state.data)
    (
        mint,
        owner,
        amount,
        has_delegate,
        delegate,
        account_state,
        native,
        reserve,
        delegated,
        has_close,
        close,
    ) = fields
    if account_state not in (1, 2):
        return None
    return TokenAccount(
        Pubkey(mint),
        Pubkey(owner),
        amount,
        Pubkey(delegate) if has_delegate else None,
        account_state,
        reserve if native else None,
        delegated,
        Pubkey(close) if has_close else None,
        _extensions(state.data),
    )


def mint_account(state: AccountState | None) -> Mint | None:
    if state is None or state.owner not in TOKEN_PROGRAMS or not _has_type(state, MINT_BYTES, TYPE_MINT):
        return None
    has_authority, authority, supply, decimals, initialized, has_freeze, freeze = _MINT.unpack_from(
        state.data
    )
    if initialized != 1:
        return None
    return Mint(
        Pubkey(authority) if has_authority else None,
        supply,
        decimals,
        Pubkey(freeze) if has_freeze else None,
        _extensions(state.data),
    )


def token_owner_and_mint(state: AccountState) -> tuple[Pubkey, Pubkey, int] | None:
    """Mint, owner and amount of a token account without looking at the rest of it."""
    if not _has_type(state, ACCOUNT_BYTES, TYPE_ACCOUNT) or state.data[108] not in (1, 2):
        return None
    return Pubkey(state.data[:32]), Pubkey(state.data[32:64]), int.from_bytes(state.data[64:72], "little")


def _has_type(state: AccountState, plain_bytes: int, account_type: int) -> bool:
    size = len(state.data)
    if size == plain_bytes:
        return True
    return (
        state.owner == TOKEN_2022
        and size > TYPE_OFFSET
        and size != MULTISIG_BYTES
        and state.data[TYPE_OFFSET] == account_type
    )


def _extensions(data: bytes) -> tuple[tuple[int, bytes], ...]:
    found: list[tuple[int, bytes]] = []
    at = TYPE_OFFSET + 1
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == 0 or at + 4 + length > len(data):
            break
        found.append((kind, data[at + 4 : at + 4 + length]))
        at += 4 + length
    return tuple(found)


def program_name(program: Pubkey) -> str:
    return "spl-token" if program == TOKEN else "spl-token-2022"
