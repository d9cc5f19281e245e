"""Names for the identifiers that travel between layers."""

from __future__ import annotations

from hashlib import sha256
from typing import NewType

Slot = NewType("Slot", int)
BlockHeight = NewType("BlockHeight", int)
Signature = NewType("Signature", str)
"""Base58 transaction signature, at most 88 characters."""
Address = NewType("Address", str)
"""Base58 account address, at most 44 characters."""
Blockhash = NewType("Blockhash", str)
MeterKey = NewType("MeterKey", bytes)
"""The 16 bytes that name a meter on chain."""
Window = NewType("Window", int)
"""Unix seconds divided by 900."""
EpochNumber = NewType("EpochNumber", int)
"""YYYYMMDDHHMM of the epoch's start, UTC."""
ZoneId = NewType("ZoneId", int)
OperationKey = NewType("OperationKey", str)
"""Source key of one thing that must happen once, such as `mint:<meter key hex>:<window>`."""


def meter_key(meter_serial: str) -> MeterKey:
    """The on-chain id of a meter: the first 16 bytes of sha256("gridtokenx:meter:" + serial)."""
    return MeterKey(sha256(b"gridtokenx:meter:" + meter_serial.encode()).digest()[:16])


def mint_operation(meter: MeterKey, window: Window) -> OperationKey:
    return OperationKey(f"mint:{meter.hex()}:{window}")


def open_operation(epoch: EpochNumber, zone: ZoneId, part: int) -> OperationKey:
    return OperationKey(f"open:{epoch}:{zone}:{part}")


def trade_operation(epoch: EpochNumber, zone: ZoneId, trade_index: int) -> OperationKey:
    return OperationKey(f"trade:{epoch}:{zone}:{trade_index}")
