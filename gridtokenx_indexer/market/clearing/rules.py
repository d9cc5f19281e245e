"""The rules of a clearing that a market operator chooses."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from gridtokenx_indexer.domain.errors import UsageError


class Rationing(StrEnum):
    """Who gets how much at the price itself, when not everybody there can be served."""

    TIME = "time"
    PRORATA = "prorata"


class ClearingRules(msgspec.Struct, frozen=True, kw_only=True):
    """The price stands at k = `k_numerator` / `k_denominator` of the interval: 0 favours buyers, 1 sellers.

    `lot_micro_kwh` in 1e-6 kWh, `tick_micro`, `floor_micro`, `cap_micro` in 1e-6 currency per kWh.
    """

    k_numerator: int = 1
    k_denominator: int = 2
    rationing: Rationing = Rationing.TIME
    lot_micro_kwh: int = 1_000
    tick_micro: int = 1
    floor_micro: int = 1_000
    cap_micro: int = 1_000_000_000

    def __post_init__(self) -> None:
        if not (self.k_denominator > 0 and 0 <= self.k_numerator <= self.k_denominator):
            raise UsageError(
                f"k = {self.k_numerator}/{self.k_denominator} is not between 0 and 1",
                remedy="set [market] k_numerator and k_denominator so that 0 <= k <= 1",
            )
        if not (self.lot_micro_kwh > 0 and self.tick_micro > 0 and 0 < self.floor_micro <= self.cap_micro):
            raise UsageError(
                f"lot {self.lot_micro_kwh}, tick {self.tick_micro} and band {self.floor_micro} to "
                f"{self.cap_micro} are not rules of a market",
                remedy="check the row of indexer.market_rules",
            )
