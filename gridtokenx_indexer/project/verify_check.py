"""One proved or disproved statement about the index or the books."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.ids import Address, Slot

LISTED_DIFFERENCES = 200


class VerifyCheck(msgspec.Struct, frozen=True, kw_only=True):
    """`detail` holds the figures compared; `differences` names each thing that differs."""

    check: str
    ok: bool
    detail: str
    differences: tuple[str, ...] = ()


class VerifyConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What the books are about."""

    program: Address
    energy_mint: Address
    opening_supply_base_units: int = 0
    """Supply of the energy token before the anchor."""
    wait_ms: int = 20_000
    """Longest wait for the index to reach the slot the node answered for, and for work in flight to end."""


class SlotRange(msgspec.Struct, frozen=True):
    first: Slot
    last: Slot


def result(check: str, detail: str, differences: list[str]) -> VerifyCheck:
    """A check that holds when there is no difference; long lists are cut, and say so."""
    listed = tuple(differences[:LISTED_DIFFERENCES])
    if len(differences) > LISTED_DIFFERENCES:
        listed = (*listed, f"and {len(differences) - LISTED_DIFFERENCES} more")
    return VerifyCheck(check=check, ok=not differences, detail=detail, differences=listed)
