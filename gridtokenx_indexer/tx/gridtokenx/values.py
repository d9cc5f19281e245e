"""Values that the program's instructions and accounts share."""

from __future__ import annotations

from enum import IntEnum

import msgspec
from solders.pubkey import Pubkey

NO_METER = bytes(16)
"""The meter id of a participant without a meter."""
NOBODY = Pubkey.default()
"""Stands for an absent address: no pending authority, no beneficiary yet."""


class ParticipantKind(IntEnum):
    PRODUCER = 0
    CONSUMER = 1


class CertificateStatus(IntEnum):
    ACTIVE = 0
    RETIRED = 1
    REVOKED = 2


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that may mint, publish, settle and issue."""

    minter: Pubkey
    clearer: Pubkey
    settler: Pubkey
    issuer: Pubkey


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What bounds a role key."""

    max_mint_base_units: int
    """Energy base units per meter and window."""
    max_window_age: int
    """Windows of 900 s."""
    min_price: int
    """Payment base units per kWh."""
    max_price: int
    """Payment base units per kWh."""
    max_fee_bps: int


class TradeTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Amounts of one trade. `payment` is what the buyer pays, the fee included."""

    energy_base_units: int
    payment_base_units: int
    fee_base_units: int


class TradeAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """The four token accounts of one trade."""

    seller_energy: Pubkey
    buyer_energy: Pubkey
    buyer_payment: Pubkey
    seller_payment: Pubkey
