"""How much a window mints. Pure integers: base units of the energy token, 10^9 per kWh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridtokenx_indexer.domain.ids import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class LateWindow:
    """An earlier, already frozen window that has got more readings.

    `net_base_units` is generated minus consumed over all its readings, the late ones included;
    `accounted_base_units` what was minted or carried for it so far.
    """

    window: Window
    net_base_units: int
    accounted_base_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenAmount:
    """The one decision about a window's amount.

    amount + owed = surplus + carried, where `owed_base_units` ≤ 0 is what the meter's next window must make
    up for.
    """

    amount_base_units: int
    carried_base_units: int
    surplus_base_units: int
    owed_base_units: int
    late_accounted: tuple[tuple[Window, int], ...]
    """For each late window what is accounted for it from now on."""


def freeze(net_base_units: int, late: Sequence[LateWindow], owed_base_units: int) -> FrozenAmount:
    """The amount of a window whose own readings sum to `net_base_units`.

    Consumption above generation is the meter's own affair and is never carried; what late readings change
    about earlier windows is, with its sign. `owed_base_units` ≤ 0 is left over from an earlier window.
    """
    surplus = max(0, net_base_units)
    truth = [(item.window, max(0, item.net_base_units)) for item in late]
    corrections = sum(
        accounted - item.accounted_base_units for item, (_, accounted) in zip(late, truth, strict=True)
    )
    carried = owed_base_units + corrections
    total = surplus + carried
    return FrozenAmount(
        amount_base_units=max(0, total),
        carried_base_units=carried,
        surplus_base_units=surplus,
        owed_base_units=min(0, total),
        late_accounted=tuple(truth),
    )
