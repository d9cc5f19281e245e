"""A mint operation on its way to the chain."""

from __future__ import annotations

import re
from dataclasses import dataclass

import asyncpg
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import ParkError, UsageError
from gridtokenx_indexer.domain.ids import MeterKey, OperationKey, Window, mint_operation

MINT_KIND = "mint"
_KEY = re.compile(r"mint:(?P<meter>[0-9a-f]{32}):(?P<window>[0-9]{1,10})")


@dataclass(frozen=True, slots=True, kw_only=True)
class MintOperation:
    """One frozen (meter, window): `amount_base_units` to `destination`, a token account of `wallet`."""

    window: Window
    meter: MeterKey
    wallet: Pubkey
    destination: Pubkey
    amount_base_units: int
    attempts: int = 0
    batch_limit: int | None = None

    @property
    def key(self) -> OperationKey:
        return mint_operation(self.meter, self.window)


def operation_from_row(row: asyncpg.Record) -> MintOperation:
    return MintOperation(
        window=Window(row["mint_window"]),
        meter=MeterKey(row["meter_key"]),
        wallet=Pubkey.from_string(row["wallet_address"]),
        destination=Pubkey.from_string(row["destination"]),
        amount_base_units=int(row["amount_base_units"]),
        attempts=row["attempts"],
        batch_limit=row["batch_limit"],
    )


def parse_key(key: OperationKey) -> tuple[Window, MeterKey]:
    """The inverse of `mint_operation`; raises `ParkError` for a key of another kind."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ParkError(f"{key!r} is not a mint operation")
    return Window(int(found["window"])), MeterKey(bytes.fromhex(found["meter"]))


def operation_named(text: str) -> OperationKey:
    """A key that a person typed; raises `UsageError` unless it is `mint:<meter key in hex>:<window>`."""
    if _KEY.fullmatch(text) is None:
        raise UsageError(f"{text!r} names no operation", remedy="give mint:METER_KEY:WINDOW, see queue list")
    return OperationKey(text)
