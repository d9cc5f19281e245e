"""The few SPL instructions that owners and the authority sign in the demo."""

from __future__ import annotations

import struct

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM_PROGRAM
from solders.system_program import CreateAccountParams, create_account

TOKEN_PROGRAM = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
ASSOCIATED_TOKEN_PROGRAM = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")
MINT_BYTES = 82

_APPROVE, _MINT_TO, _INITIALIZE_MINT2 = 4, 7, 20
_CREATE_IDEMPOTENT = bytes([1])


def token_account(owner: Pubkey, mint: Pubkey) -> Pubkey:
    """The associated token account of `owner`."""
    seeds = [bytes(owner), bytes(TOKEN_PROGRAM), bytes(mint)]
    return Pubkey.find_program_address(seeds, ASSOCIATED_TOKEN_PROGRAM)[0]


def create_mint(
    *, payer: Pubkey, mint: Pubkey, authority: Pubkey, decimals: int, rent_lamports: int
) -> list[Instruction]:
    """A mint without a freeze authority; `payer` and `mint` sign."""
    data = struct.pack("<BB", _INITIALIZE_MINT2, decimals) + bytes(authority) + bytes([0])
    return [
        create_account(
            CreateAccountParams(
                from_pubkey=payer,
                to_pubkey=mint,
                lamports=rent_lamports,
                space=MINT_BYTES,
                owner=TOKEN_PROGRAM,
            )
        ),
        Instruction(TOKEN_PROGRAM, data, [AccountMeta(mint, False, True)]),
    ]


def create_token_account(*, payer: Pubkey, owner: Pubkey, mint: Pubkey) -> Instruction:
    """Creates the associated token account unless it is there."""
    accounts = [
        AccountMeta(payer, True, True),
        AccountMeta(token_account(owner, mint), False, True),
        AccountMeta(owner, False, False),
        AccountMeta(mint, False, False),
        AccountMeta(SYSTEM_PROGRAM, False, False),
        AccountMeta(TOKEN_PROGRAM, False, False),
    ]
    return Instruction(ASSOCIATED_TOKEN_PROGRAM, _CREATE_IDEMPOTENT, accounts)


def mint_to(*, mint: Pubkey, destination: Pubkey, authority: Pubkey, units: int) -> Instruction:
    accounts = [
        AccountMeta(mint, False, True),
        AccountMeta(destination, False, True),
        AccountMeta(authority, True, False),
    ]
    return Instruction(TOKEN_PROGRAM, struct.pack("<BQ", _MINT_TO, units), accounts)


def approve(*, account: Pubkey, delegate: Pubkey, owner: Pubkey, units: int) -> Instruction:
    """Lets `delegate` move up to `units` out of `account`."""
    accounts = [
        AccountMeta(account, False, True),
        AccountMeta(delegate, False, False),
        AccountMeta(owner, True, False),
    ]
    return Instruction(TOKEN_PROGRAM, struct.pack("<BQ", _APPROVE, units), accounts)
