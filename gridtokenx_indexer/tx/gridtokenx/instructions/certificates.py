"""The life of a certificate."""

from __future__ import annotations

import struct

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.gridtokenx.instructions.wire import (
    SYSTEM_PROGRAM_ID,
    build,
    config_address,
    pays,
    reads,
    signs,
    writes,
)

_ISSUE = struct.Struct("<32sQqq")


def issue_certificate(
    *,
    program_id: Pubkey,
    payer: Pubkey,
    issuer: Pubkey,
    certificate_id: str,
    owner: Pubkey,
    energy_base_units: int,
    period_start_unix: int,
    period_end_unix: int,
) -> Instruction:
    """Issue a certificate over a past period, both ends multiples of 900 s. The id has 1 to 100 bytes."""
    text = certificate_id.encode()
    accounts = [
        pays(payer),
        signs(issuer),
        reads(config_address(program_id)),
        writes(pda.certificate(program_id, certificate_id)[0]),
        reads(SYSTEM_PROGRAM_ID),
    ]
    arguments = len(text).to_bytes(4, "little") + text
    arguments += _ISSUE.pack(bytes(owner), energy_base_units, period_start_unix, period_end_unix)
    return build(program_id, "issue_certificate", arguments, accounts)


def revoke_certificate(*, program_id: Pubkey, issuer: Pubkey, certificate_id: str) -> Instruction:
    return build(program_id, "revoke_certificate", b"", _accounts(program_id, issuer, certificate_id))


def transfer_certificate(
    *, program_id: Pubkey, owner: Pubkey, certificate_id: str, new_owner: Pubkey
) -> Instruction:
    accounts = _accounts(program_id, owner, certificate_id)
    return build(program_id, "transfer_certificate", bytes(new_owner), accounts)


def retire_certificate(
    *, program_id: Pubkey, owner: Pubkey, certificate_id: str, beneficiary: Pubkey
) -> Instruction:
    accounts = _accounts(program_id, owner, certificate_id)
    return build(program_id, "retire_certificate", bytes(beneficiary), accounts)


def _accounts(program_id: Pubkey, signer: Pubkey, certificate_id: str) -> list[AccountMeta]:
    certificate = pda.certificate(program_id, certificate_id)[0]
    return [signs(signer), reads(config_address(program_id)), writes(certificate)]
