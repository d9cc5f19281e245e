"""Builders, one per instruction of the program, each returning a solders `Instruction`."""

from __future__ import annotations

from gridtokenx_indexer.tx.gridtokenx.instructions.administration import (
    accept_authority,
    initialize,
    propose_authority,
    register_participant,
    set_limits,
    set_paused,
    set_roles,
)
from gridtokenx_indexer.tx.gridtokenx.instructions.certificates import (
    issue_certificate,
    retire_certificate,
    revoke_certificate,
    transfer_certificate,
)
from gridtokenx_indexer.tx.gridtokenx.instructions.minting import close_ledger, mint_energy
from gridtokenx_indexer.tx.gridtokenx.instructions.settlement import (
    close_settlement,
    open_settlement,
    settle_trades,
)

__all__ = [
    "accept_authority",
    "close_ledger",
    "close_settlement",
    "initialize",
    "issue_certificate",
    "mint_energy",
    "open_settlement",
    "propose_authority",
    "register_participant",
    "retire_certificate",
    "revoke_certificate",
    "set_limits",
    "set_paused",
    "set_roles",
    "settle_trades",
    "transfer_certificate",
]
