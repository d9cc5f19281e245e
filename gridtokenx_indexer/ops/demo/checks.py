"""Checks that share no code with the service: the file of readings against the books and the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.domain.units import kwh_to_base_units
from gridtokenx_indexer.ops.checking import Check
from gridtokenx_indexer.ops.demo.day import Day, net_kwh


def expected_mints(day: Day) -> dict[tuple[str, int], int]:
    """Base units by (meter key in hex, window), computed from the file alone."""
    return {
        (meter_key(serial).hex(), window): kwh_to_base_units(net)
        for window, readings in day.by_window().items()
        for serial, net in net_kwh(readings).items()
        if net > 0
    }


def check_mints(day: Day, operations: Sequence[Mapping[str, Any]]) -> Check:
    expected = expected_mints(day)
    minted = {
        (row["meter_key"], row["mint_window"]): int(row["amount_base_units"])
        for row in operations
        if row["status"] == "done"
    }
    different = len({key for key in expected.keys() | minted.keys() if expected.get(key) != minted.get(key)})
    return Check(
        check="every surplus of the file is minted, and nothing else",
        ok=not different,
        detail=f"{len(expected)} surpluses, {sum(expected.values())} base units, {different} differences",
    )


def check_counts(day: Day, counts: Mapping[str, Any]) -> list[Check]:
    """Nothing lost, nothing twice, nothing open."""
    return [
        _equal("every reading of the file is stored", counts["readings"], len(day.readings)),
        _equal("no window is minted twice", counts["mint_duplicates"], 0),
        _equal("no operation is left aside", counts["operations_not_done"], 0),
        _equal("no trade failed", counts["trades_failed"], 0),
        _equal("no trade is open", counts["trades_open"], 0),
        _equal("nothing indexed is parked", counts["parked_items"], 0),
    ]


def check_supply(supply_base_units: int, minted_base_units: Decimal | int) -> Check:
    return _equal("token supply on chain is what was minted", supply_base_units, int(minted_base_units))


def check_refused(day: Day) -> Check:
    return _equal("every line of the file is a reading", len(day.refused), 0, unit="lines refused")


def _equal(name: str, found: int, wanted: int, *, unit: str = "found") -> Check:
    return Check(check=name, ok=found == wanted, detail=f"{found} {unit}, {wanted} expected")
