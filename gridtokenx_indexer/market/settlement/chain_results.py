"""What the program's events say, read from their stored JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import EpochNumber, Signature, Slot, ZoneId
from gridtokenx_indexer.market.settlement.keys import PartKey, TradeKey


@dataclass(frozen=True, slots=True)
class Executed:
    """A trade moved, with the amounts that the event names, in base units."""

    energy: int
    payment: int
    fee: int


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """Its bit was set before."""


@dataclass(frozen=True, slots=True)
class Rejected:
    reason: str


TradeResult = Executed | AlreadyDone | Rejected


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finalized execution of a trade, in whatever transaction."""

    executed: Executed
    slot: Slot
    signature: Signature


def part_of_event(data: Mapping[str, Any]) -> PartKey:
    """Epoch, zone and part that any event of settlement names."""
    return PartKey(EpochNumber(int(data["epoch"])), ZoneId(int(data["zone"])), int(data["part"]))


def trade_results(events: Iterable[Mapping[str, Any]]) -> dict[TradeKey, TradeResult]:
    """The outcome of each trade that the `TradesSettled` events (their data) name."""
    results: dict[TradeKey, TradeResult] = {}
    for data in events:
        key = part_of_event(data)
        first = int(data["first_index"])
        for position, result in enumerate(data["results"]):
            results[TradeKey(key.epoch, key.zone, first + position)] = _result(result)
    return results


def _result(result: Mapping[str, Any]) -> TradeResult:
    match result["outcome"]:
        case "Settled":
            return Executed(int(result["energy"]), int(result["payment"]), int(result["fee"]))
        case "Skipped":
            return AlreadyDone()
        case {"Rejected": {"reason": str(reason)}}:
            return Rejected(reason)
        case other:
            raise ParkError(
                f"TradesSettled has the unknown outcome {other!r}", remedy="check the program's IDL"
            )
