"""A program as the upgradeable loader stores it: a Program account that points to its ProgramData."""

from __future__ import annotations

import struct

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import LOADER_V3
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.svm.rent import rent_minimum

PROGRAM_TAG = 2
PROGRAM_DATA_TAG = 3
PROGRAM_DATA_META_BYTES = 45


def program_data_address(program_id: Pubkey) -> Pubkey:
    return Pubkey.find_program_address([bytes(program_id)], LOADER_V3)[0]


def program_accounts(
    program_id: Pubkey, elf: bytes, upgrade_authority: Pubkey | None
) -> tuple[tuple[Pubkey, AccountState], tuple[Pubkey, AccountState]]:
    """The ProgramData account and the Program account, in the order in which they must be written."""
    data_address = program_data_address(program_id)
    authority = b"\1" + bytes(upgrade_authority) if upgrade_authority is not None else bytes(33)
    data = struct.pack("<IQ", PROGRAM_DATA_TAG, 0) + authority + elf
    program = struct.pack("<I", PROGRAM_TAG) + bytes(data_address)
    return (
        (data_address, AccountState(rent_minimum(len(data)), data, LOADER_V3)),
        (program_id, AccountState(rent_minimum(len(program)), program, LOADER_V3, executable=True)),
    )
