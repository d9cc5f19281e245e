"""What the authority does: setting up, roles, limits, pausing, handing over, participants."""

from __future__ import annotations

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.gridtokenx.instructions.wire import (
    SYSTEM_PROGRAM_ID,
    build,
    config_address,
    limits_bytes,
    pays,
    reads,
    roles_bytes,
    signs,
    writes,
)
from gridtokenx_indexer.tx.gridtokenx.values import Limits, ParticipantKind, Roles


def initialize(
    *,
    program_id: Pubkey,
    payer: Pubkey,
    upgrade_authority: Pubkey,
    energy_mint: Pubkey,
    payment_mint: Pubkey,
    energy_token_program: Pubkey,
    payment_token_program: Pubkey,
    fee_recipient: Pubkey,
    roles: Roles,
    limits: Limits,
) -> Instruction:
    """Create the config; `upgrade_authority` becomes the authority.

    `fee_recipient` is a token account of the payment mint.
    """
    accounts = [
        pays(payer),
        signs(upgrade_authority),
        writes(config_address(program_id)),
        reads(pda.program_data(program_id)[0]),
        reads(energy_mint),
        reads(payment_mint),
        reads(energy_token_program),
        reads(payment_token_program),
        reads(fee_recipient),
        reads(SYSTEM_PROGRAM_ID),
    ]
    return build(program_id, "initialize", roles_bytes(roles) + limits_bytes(limits), accounts)


def set_roles(*, program_id: Pubkey, authority: Pubkey, fee_recipient: Pubkey, roles: Roles) -> Instruction:
    """Replace all four role keys and the fee recipient."""
    accounts = [signs(authority), writes(config_address(program_id)), reads(fee_recipient)]
    return build(program_id, "set_roles", roles_bytes(roles), accounts)


def set_limits(*, program_id: Pubkey, authority: Pubkey, limits: Limits) -> Instruction:
    accounts = [signs(authority), writes(config_address(program_id))]
    return build(program_id, "set_limits", limits_bytes(limits), accounts)


def set_paused(*, program_id: Pubkey, authority: Pubkey, paused: bool) -> Instruction:
    accounts = [signs(authority), writes(config_address(program_id))]
    return build(program_id, "set_paused", bytes([paused]), accounts)


def propose_authority(*, program_id: Pubkey, authority: Pubkey, pending_authority: Pubkey) -> Instruction:
    """Name the next authority; the zero address withdraws a proposal."""
    accounts = [signs(authority), writes(config_address(program_id))]
    return build(program_id, "propose_authority", bytes(pending_authority), accounts)


def accept_authority(*, program_id: Pubkey, pending_authority: Pubkey) -> Instruction:
    accounts = [signs(pending_authority), writes(config_address(program_id))]
    return build(program_id, "accept_authority", b"", accounts)


def register_participant(
    *,
    program_id: Pubkey,
    payer: Pubkey,
    authority: Pubkey,
    wallet: Pubkey,
    kind: ParticipantKind,
    meter_id: bytes,
) -> Instruction:
    """Record a wallet. `meter_id` is 16 bytes, `NO_METER` for a participant without one."""
    accounts = [
        pays(payer),
        signs(authority),
        reads(config_address(program_id)),
        reads(wallet),
        writes(pda.participant(program_id, wallet)[0]),
        reads(SYSTEM_PROGRAM_ID),
    ]
    return build(program_id, "register_participant", bytes([kind]) + meter_id, accounts)
