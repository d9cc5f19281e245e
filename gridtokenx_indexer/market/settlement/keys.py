"""The operations of settlement: kinds of attempts and the keys of what they do."""

from __future__ import annotations

from typing import NamedTuple

from gridtokenx_indexer.domain import ids
from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import EpochNumber, OperationKey, ZoneId

OPEN_KIND = "open_settlement"
SETTLE_KIND = "settle_trades"
CLOSE_KIND = "close_settlement"

SETTLER_LEASE = "settler"
LOOKUP_PURPOSE = "trade_accounts"
"""Lookup tables with the accounts that trades of any epoch share."""


class PartKey(NamedTuple):
    epoch: EpochNumber
    zone: ZoneId
    part: int

    @property
    def open_operation(self) -> OperationKey:
        return ids.open_operation(self.epoch, self.zone, self.part)

    @property
    def close_operation(self) -> OperationKey:
        return OperationKey(f"close:{self.epoch}:{self.zone}:{self.part}")


class TradeKey(NamedTuple):
    epoch: EpochNumber
    zone: ZoneId
    trade_index: int

    @property
    def operation(self) -> OperationKey:
        return ids.trade_operation(self.epoch, self.zone, self.trade_index)


def part_key(operation: OperationKey) -> PartKey:
    """The part that an open or close operation is about."""
    epoch, zone, part = _numbers(operation, ("open", "close"))
    return PartKey(EpochNumber(epoch), ZoneId(zone), part)


def trade_key(operation: OperationKey) -> TradeKey:
    epoch, zone, index = _numbers(operation, ("trade",))
    return TradeKey(EpochNumber(epoch), ZoneId(zone), index)


def _numbers(operation: OperationKey, verbs: tuple[str, ...]) -> tuple[int, int, int]:
    verb, *numbers = operation.split(":")
    if verb not in verbs or len(numbers) != 3 or not all(number.isdecimal() for number in numbers):
        raise ParkError(f"{operation} is not an operation of settlement")
    return int(numbers[0]), int(numbers[1]), int(numbers[2])
