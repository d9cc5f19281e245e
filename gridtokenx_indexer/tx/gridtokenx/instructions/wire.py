"""Bytes and account metas that every builder needs."""

from __future__ import annotations

import struct
from functools import cache
from hashlib import sha256

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.gridtokenx.values import Limits, Roles

SYSTEM_PROGRAM_ID = Pubkey.default()
_LIMITS = struct.Struct("<QIQQH")


@cache
def discriminator(name: str) -> bytes:
    """The 8 bytes that open the data of instruction `name`."""
    return sha256(f"global:{name}".encode()).digest()[:8]


@cache
def config_address(program_id: Pubkey) -> Pubkey:
    return pda.config(program_id)[0]


@cache
def mint_authority_address(program_id: Pubkey) -> Pubkey:
    return pda.mint_authority(program_id)[0]


@cache
def delegate_address(program_id: Pubkey) -> Pubkey:
    return pda.delegate(program_id)[0]


@cache
def event_authority_address(program_id: Pubkey) -> Pubkey:
    return pda.event_authority(program_id)[0]


def reads(address: Pubkey) -> AccountMeta:
    return AccountMeta(address, is_signer=False, is_writable=False)


def writes(address: Pubkey) -> AccountMeta:
    return AccountMeta(address, is_signer=False, is_writable=True)


def signs(address: Pubkey) -> AccountMeta:
    return AccountMeta(address, is_signer=True, is_writable=False)


def pays(address: Pubkey) -> AccountMeta:
    return AccountMeta(address, is_signer=True, is_writable=True)


def build(program_id: Pubkey, name: str, arguments: bytes, accounts: list[AccountMeta]) -> Instruction:
    """The instruction with the two accounts of the event call appended."""
    events = [reads(event_authority_address(program_id)), reads(program_id)]
    return Instruction(program_id, discriminator(name) + arguments, accounts + events)


def roles_bytes(roles: Roles) -> bytes:
    return b"".join(bytes(key) for key in (roles.minter, roles.clearer, roles.settler, roles.issuer))


def limits_bytes(limits: Limits) -> bytes:
    return _LIMITS.pack(
        limits.max_mint_base_units,
        limits.max_window_age,
        limits.min_price,
        limits.max_price,
        limits.max_fee_bps,
    )
