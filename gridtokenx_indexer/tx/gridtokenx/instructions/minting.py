"""Minting a meter's energy once per window."""

from __future__ import annotations

import struct

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.gridtokenx.instructions.wire import (
    SYSTEM_PROGRAM_ID,
    build,
    config_address,
    mint_authority_address,
    pays,
    reads,
    writes,
)

_MINT = struct.Struct("<16sIQ")


def mint_energy(
    *,
    program_id: Pubkey,
    minter: Pubkey,
    energy_mint: Pubkey,
    energy_token_program: Pubkey,
    destination: Pubkey,
    meter_id: bytes,
    window: int,
    amount_base_units: int,
) -> Instruction:
    """Mint to the token account `destination`, once per (meter, window).

    The minter pays the rent of a ledger page that does not exist yet. A transaction takes several of these.
    """
    page = pda.ledger_page(meter_id, window)
    accounts = [
        pays(minter),
        reads(config_address(program_id)),
        reads(mint_authority_address(program_id)),
        writes(energy_mint),
        writes(pda.ledger(program_id, meter_id, page)[0]),
        writes(destination),
        reads(energy_token_program),
        reads(SYSTEM_PROGRAM_ID),
    ]
    arguments = _MINT.pack(meter_id, window, amount_base_units)
    return build(program_id, "mint_energy", arguments, accounts)


def close_ledger(*, program_id: Pubkey, meter_id: bytes, page: int, payer: Pubkey) -> Instruction:
    """Return a page's rent to `payer`, who paid it. Nobody has to sign but the fee payer."""
    accounts = [
        writes(config_address(program_id)),
        writes(pda.ledger(program_id, meter_id, page)[0]),
        writes(payer),
    ]
    return build(program_id, "close_ledger", b"", accounts)
