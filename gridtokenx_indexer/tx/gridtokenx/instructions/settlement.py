"""Publishing a cleared part and executing ranges of it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.gridtokenx.instructions.wire import (
    SYSTEM_PROGRAM_ID,
    build,
    config_address,
    delegate_address,
    pays,
    reads,
    signs,
    writes,
)
from gridtokenx_indexer.tx.gridtokenx.values import TradeAccounts, TradeTerms

_OPEN = struct.Struct("<QIHIIQ32sq")
_SETTLE = struct.Struct("<QIHII")
_TERMS = struct.Struct("<QQQ")
_COUNT = struct.Struct("<I")


def open_settlement(
    *,
    program_id: Pubkey,
    clearer: Pubkey,
    epoch: int,
    zone: int,
    part: int,
    trades: int,
    first_index: int,
    price_base_units: int,
    root: bytes,
    deadline_unix: int,
) -> Instruction:
    """Publish one part: `trades` trades from index `first_index` of (epoch, zone) under `root`.

    The price is in payment base units per kWh. The clearer pays the rent and gets it back at closing.
    """
    accounts = [
        pays(clearer),
        reads(config_address(program_id)),
        writes(pda.zone(program_id, zone)[0]),
        writes(pda.settlement(program_id, epoch, zone, part)[0]),
        reads(SYSTEM_PROGRAM_ID),
    ]
    arguments = _OPEN.pack(epoch, zone, part, trades, first_index, price_base_units, root, deadline_unix)
    return build(program_id, "open_settlement", arguments, accounts)


def settle_trades(
    *,
    program_id: Pubkey,
    settler: Pubkey,
    fee_recipient: Pubkey,
    energy_token_program: Pubkey,
    payment_token_program: Pubkey,
    epoch: int,
    zone: int,
    part: int,
    first_index: int,
    trades: Sequence[tuple[TradeAccounts, TradeTerms]],
    proof: Sequence[bytes],
) -> Instruction:
    """Execute the trades from index `first_index` of (epoch, zone) on.

    `proof` comes from `domain.merkle` for the range's position within its part.
    """
    accounts = [
        signs(settler),
        reads(config_address(program_id)),
        writes(pda.settlement(program_id, epoch, zone, part)[0]),
        reads(delegate_address(program_id)),
        writes(fee_recipient),
        reads(energy_token_program),
        reads(payment_token_program),
    ]
    arguments = [_SETTLE.pack(epoch, zone, part, first_index, len(trades))]
    arguments += [
        _TERMS.pack(terms.energy_base_units, terms.payment_base_units, terms.fee_base_units)
        for _, terms in trades
    ]
    arguments += [_COUNT.pack(len(proof)), *proof]
    instruction = build(program_id, "settle_trades", b"".join(arguments), accounts)
    remaining = [
        writes(address)
        for parties, _ in trades
        for address in (
            parties.seller_energy,
            parties.buyer_energy,
            parties.buyer_payment,
            parties.seller_payment,
        )
    ]
    return Instruction(program_id, instruction.data, instruction.accounts + remaining)


def close_settlement(*, program_id: Pubkey, epoch: int, zone: int, part: int, payer: Pubkey) -> Instruction:
    """Return the rent to `payer`, who paid it. Nobody has to sign but the fee payer."""
    accounts = [
        reads(config_address(program_id)),
        writes(pda.settlement(program_id, epoch, zone, part)[0]),
        writes(payer),
    ]
    return build(program_id, "close_settlement", b"", accounts)
