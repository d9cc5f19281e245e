"""The published result of one zone in one epoch, its audit figures and its hash."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import msgspec

from gridtokenx_indexer.market.clearing.charges import Charges
from gridtokenx_indexer.market.clearing.netting import NettedPair
from gridtokenx_indexer.market.clearing.rules import ClearingRules

_HEAD = struct.Struct("<QI32s")
_RULES = struct.Struct("<QQ7sQQQQIQQI")
_FIGURES = struct.Struct("<QQQII")
_TRADE = struct.Struct("<QQQ")
_NETTED = struct.Struct("<Q")


class MarginalSide(StrEnum):
    NONE = "none"
    BUY = "buy"
    SELL = "sell"


class Trade(NamedTuple):
    """One match that settles; its position in the result is its trade index.

    Energy in 1e-6 kWh, `value`, `fee` and `payment` in units of the payment token.
    """

    buy_order_id: UUID
    sell_order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    energy_micro_kwh: int
    value: int
    fee: int
    payment: int


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """Figures that let a reader judge the price; prices in 1e-6 per kWh, None where nothing traded.

    `welfare_pico` is the sum of (effective bid - ask) * energy over all fills, in 1e-12 currency.
    """

    low: int | None = None
    high: int | None = None
    last_accepted_ask: int | None = None
    last_accepted_bid: int | None = None
    first_rejected_ask: int | None = None
    first_rejected_bid: int | None = None
    marginal_side: MarginalSide = MarginalSide.NONE
    marginal_executed_micro_kwh: int = 0
    marginal_total_micro_kwh: int = 0
    orders_in: int = 0
    orders_filled: int = 0
    orders_partial: int = 0
    orders_netted: int = 0
    welfare_pico: int = 0


class ClearingResult(msgspec.Struct, frozen=True, kw_only=True):
    """`match_price_micro` is the price of every match, netted ones too; None when nothing crosses.

    `gross` = traded + netted volume, in 1e-6 kWh.
    """

    epoch: int
    zone: int
    rules: ClearingRules
    charges: Charges
    book_hash: bytes
    match_price_micro: int | None
    gross_micro_kwh: int
    netted_micro_kwh: int
    trades: Sequence[Trade]
    netted: Sequence[NettedPair]
    audit: Audit

    @property
    def price_micro(self) -> int | None:
        """The clearing price; None when nothing is left to trade."""
        return self.match_price_micro if self.trades else None

    @property
    def volume_micro_kwh(self) -> int:
        return self.gross_micro_kwh - self.netted_micro_kwh


def result_hash(result: ClearingResult) -> bytes:
    """sha256 over the rules, the charges, the book's hash, the price and every match in order."""
    rules, charges = result.rules, result.charges
    digest = sha256(b"gridtokenx:result:1")
    digest.update(_HEAD.pack(result.epoch, result.zone, result.book_hash))
    digest.update(
        _RULES.pack(
            rules.k_numerator,
            rules.k_denominator,
            rules.rationing.value.encode(),
            rules.lot_micro_kwh,
            rules.tick_micro,
            rules.floor_micro,
            rules.cap_micro,
            charges.market_fee_bps,
            charges.grid_fee_micro,
            charges.wheeling_micro,
            charges.loss_bps,
        )
    )
    digest.update(
        _FIGURES.pack(
            result.match_price_micro or 0,
            result.gross_micro_kwh,
            result.netted_micro_kwh,
            len(result.trades),
            len(result.netted),
        )
    )
    digest.update(
        b"".join(
            trade.buy_order_id.bytes
            + trade.sell_order_id.bytes
            + _TRADE.pack(trade.energy_micro_kwh, trade.payment, trade.fee)
            for trade in result.trades
        )
    )
    digest.update(
        b"".join(
            netted.buy_order_id.bytes + netted.sell_order_id.bytes + _NETTED.pack(netted.energy_micro_kwh)
            for netted in result.netted
        )
    )
    return digest.digest()
