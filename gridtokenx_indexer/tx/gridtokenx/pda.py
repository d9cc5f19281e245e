"""Addresses that the program derives, each with its bump."""

from __future__ import annotations

from hashlib import sha256

from solders.pubkey import Pubkey

DEFAULT_PROGRAM_ID = Pubkey.from_string("GTXNYRnR1HZxtrji9UCeyw2KNRgpDdzpW2mT7ypLQtfw")
"""The `address` of the IDL. Any other id works: set `[program] id`."""
UPGRADEABLE_LOADER_ID = Pubkey.from_string("BPFLoaderUpgradeab1e11111111111111111111111")
WINDOWS_PER_LEDGER = 4_096


def config(program_id: Pubkey) -> tuple[Pubkey, int]:
    return Pubkey.find_program_address([b"config"], program_id)


def mint_authority(program_id: Pubkey) -> tuple[Pubkey, int]:
    """The authority of the energy mint."""
    return Pubkey.find_program_address([b"mint_authority"], program_id)


def delegate(program_id: Pubkey) -> tuple[Pubkey, int]:
    """The delegate that owners of token accounts approve so that their trades can settle."""
    return Pubkey.find_program_address([b"delegate"], program_id)


def event_authority(program_id: Pubkey) -> tuple[Pubkey, int]:
    return Pubkey.find_program_address([b"__event_authority"], program_id)


def participant(program_id: Pubkey, wallet: Pubkey) -> tuple[Pubkey, int]:
    return Pubkey.find_program_address([b"participant", bytes(wallet)], program_id)


def ledger_offset(meter_id: bytes) -> int:
    """How far a meter's pages are shifted, so that meters do not all need a new page at once."""
    return (meter_id[0] + 256 * meter_id[1]) % WINDOWS_PER_LEDGER


def ledger_page(meter_id: bytes, window: int) -> int:
    return (window + ledger_offset(meter_id)) // WINDOWS_PER_LEDGER


def ledger_bit(meter_id: bytes, window: int) -> int:
    """The window's bit within its page."""
    return (window + ledger_offset(meter_id)) % WINDOWS_PER_LEDGER


def last_window_of_page(meter_id: bytes, page: int) -> int:
    return (page + 1) * WINDOWS_PER_LEDGER - 1 - ledger_offset(meter_id)


def ledger(program_id: Pubkey, meter_id: bytes, page: int) -> tuple[Pubkey, int]:
    """The minted-windows bitmap of one meter and page (`ledger_page`)."""
    return Pubkey.find_program_address([b"minted", meter_id, page.to_bytes(4, "little")], program_id)


def zone(program_id: Pubkey, zone_id: int) -> tuple[Pubkey, int]:
    return Pubkey.find_program_address([b"zone", zone_id.to_bytes(4, "little")], program_id)


def settlement(program_id: Pubkey, epoch: int, zone_id: int, part: int) -> tuple[Pubkey, int]:
    seeds = [
        b"settle",
        epoch.to_bytes(8, "little"),
        zone_id.to_bytes(4, "little"),
        part.to_bytes(2, "little"),
    ]
    return Pubkey.find_program_address(seeds, program_id)


def certificate(program_id: Pubkey, certificate_id: str) -> tuple[Pubkey, int]:
    digest = sha256(certificate_id.encode()).digest()
    return Pubkey.find_program_address([b"certificate", digest], program_id)


def program_data(program_id: Pubkey) -> tuple[Pubkey, int]:
    """The loader's account that names the program's upgrade authority."""
    return Pubkey.find_program_address([bytes(program_id)], UPGRADEABLE_LOADER_ID)
