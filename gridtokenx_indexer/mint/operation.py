"""A mint operation on its way to the chain."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import MeterKey, OperationKey, Window, mint_operation

MINT_KIND = "mint"


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
    kind, _, rest = key.partition(":")
    meter, _, window = rest.partition(":")
    if kind != "mint" or not window.isdecimal():
        raise ParkError(f"{key} is not a mint operation")
    return Window(int(window)), MeterKey(bytes.fromhex(meter))
