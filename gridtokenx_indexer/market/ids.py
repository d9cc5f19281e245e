"""Ids computed from what a row is about, so that clearing again gives the same bytes.

UUID version 8, ordered by epoch, then kind, zone and index.
"""

from __future__ import annotations

from enum import IntEnum
from uuid import UUID

from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId


class IdKind(IntEnum):
    EPOCH = 1
    MATCH = 2
    NETTED = 3
    SETTLEMENT = 4
    TRADE = 5


def derived_id(kind: IdKind, epoch: EpochNumber, zone: int = 0, index: int = 0) -> UUID:
    """40 bits of epoch, 8 of kind, 32 of zone, 32 of index, around the six bits that mark a version 8."""
    head = epoch << 8 | kind
    tail = zone << 32 | index
    return UUID(int=head << 80 | 0x8 << 76 | (tail >> 52) << 64 | 0b10 << 62 | (tail & (1 << 52) - 1) << 10)


def epoch_id(epoch: EpochNumber) -> UUID:
    return derived_id(IdKind.EPOCH, epoch)


def match_id(epoch: EpochNumber, zone: ZoneId, trade_index: int) -> UUID:
    return derived_id(IdKind.MATCH, epoch, zone, trade_index)


def netted_id(epoch: EpochNumber, zone: ZoneId, ordinal: int) -> UUID:
    return derived_id(IdKind.NETTED, epoch, zone, ordinal)


def settlement_id(epoch: EpochNumber, zone: ZoneId, trade_index: int) -> UUID:
    return derived_id(IdKind.SETTLEMENT, epoch, zone, trade_index)


def trade_id(epoch: EpochNumber, zone: ZoneId, trade_index: int) -> UUID:
    return derived_id(IdKind.TRADE, epoch, zone, trade_index)
