"""Writing a result: set-based, every row with the id that its identity gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market import ids
from gridtokenx_indexer.market.amounts import decimal_of_micro, optional_decimal
from gridtokenx_indexer.market.clearing.book import Book
from gridtokenx_indexer.market.clearing.result import ClearingResult
from gridtokenx_indexer.market.leaves import ResultPart, TradeLeaf
from gridtokenx_indexer.market.pacing import LONG_STATEMENT_S
from gridtokenx_indexer.market.zone_row import zone_row_of
from gridtokenx_indexer.tx.ports import Connection

Row = tuple[Any, ...]


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_BOOK = _columns(
    "epoch_number zone_id order_id user_id seq side remaining_micro_kwh limit_micro effective_limit_micro"
)
_SETTLEMENT = _columns(
    "id epoch_id buyer_id seller_id energy_amount price_per_kwh total_amount fee_amount net_amount "
    "zone_id trade_index"
)
_MATCH = _columns(
    "id epoch_id buy_order_id sell_order_id matched_amount match_price match_time status settlement_id "
    "zone_id trade_index"
)
_LEAF = _columns(
    "epoch_number zone_id trade_index part match_id settlement_id buy_order_id sell_order_id buyer_id "
    "seller_id seller_energy buyer_energy buyer_payment seller_payment energy_base_units "
    "payment_base_units fee_base_units leaf"
)
_PART = _columns("epoch_number zone_id part first_index trade_count price_units root")


@dataclass(frozen=True, slots=True)
class ZoneOutcome:
    """Everything that one zone's clearing writes."""

    book: Book
    result: ClearingResult
    leaves: Sequence[TradeLeaf]
    parts: Sequence[ResultPart]


async def write_outcome(
    conn: Connection, epoch: EpochNumber, epoch_id: UUID, closed_at: datetime, outcome: ZoneOutcome
) -> None:
    """Inserts book, zone, parts, settlements, matches and leaves; the matches' trigger fills the orders."""
    zone = ZoneId(outcome.result.zone)
    await _copy(conn, "indexer", "epoch_books", _BOOK, _book_rows(epoch, zone, outcome.book))
    zone_row = zone_row_of(outcome.result, part_count=len(outcome.parts))
    await _copy(conn, "public", "market_epoch_zones", tuple(zone_row), [tuple(zone_row.values())])
    await _copy(conn, "public", "market_epoch_parts", _PART, _part_rows(epoch, zone, outcome))
    await _copy(conn, "public", "settlements", _SETTLEMENT, _settlement_rows(epoch, epoch_id, outcome.result))
    await _copy(
        conn, "public", "order_matches", _MATCH, _match_rows(epoch, epoch_id, closed_at, outcome.result)
    )
    await _copy(conn, "indexer", "trade_leaves", _LEAF, _leaf_rows(epoch, zone, outcome))


async def _copy(
    conn: Connection, schema: str, table: str, columns: Sequence[str], rows: Iterable[Row]
) -> None:
    await conn.copy_records_to_table(
        table, schema_name=schema, columns=columns, records=rows, timeout=LONG_STATEMENT_S
    )


def _book_rows(epoch: EpochNumber, zone: ZoneId, book: Book) -> Iterable[Row]:
    for side in book:
        for order in side:
            yield (
                epoch,
                zone,
                order.order_id,
                order.user_id,
                order.seq,
                order.side.value,
                order.remaining_micro_kwh,
                order.limit_micro,
                order.effective_micro,
            )


def _settlement_rows(epoch: EpochNumber, epoch_id: UUID, result: ClearingResult) -> Iterable[Row]:
    zone, price = ZoneId(result.zone), optional_decimal(result.price_micro)
    for index, trade in enumerate(result.trades):
        yield (
            ids.settlement_id(epoch, zone, index),
            epoch_id,
            trade.buyer_id,
            trade.seller_id,
            decimal_of_micro(trade.energy_micro_kwh),
            price,
            decimal_of_micro(trade.payment),
            decimal_of_micro(trade.fee),
            decimal_of_micro(trade.value),
            zone,
            index,
        )


def _match_rows(
    epoch: EpochNumber, epoch_id: UUID, closed_at: datetime, result: ClearingResult
) -> Iterable[Row]:
    zone, price = ZoneId(result.zone), optional_decimal(result.match_price_micro)
    for index, trade in enumerate(result.trades):
        yield (
            ids.match_id(epoch, zone, index),
            epoch_id,
            trade.buy_order_id,
            trade.sell_order_id,
            decimal_of_micro(trade.energy_micro_kwh),
            price,
            closed_at,
            "pending",
            ids.settlement_id(epoch, zone, index),
            zone,
            index,
        )
    for ordinal, netted in enumerate(result.netted):
        yield (
            ids.netted_id(epoch, zone, ordinal),
            epoch_id,
            netted.buy_order_id,
            netted.sell_order_id,
            decimal_of_micro(netted.energy_micro_kwh),
            price,
            closed_at,
            "netted",
            None,
            zone,
            None,
        )


def _leaf_rows(epoch: EpochNumber, zone: ZoneId, outcome: ZoneOutcome) -> Iterable[Row]:
    for leaf, trade in zip(outcome.leaves, outcome.result.trades, strict=True):
        yield (
            epoch,
            zone,
            leaf.trade_index,
            leaf.part,
            ids.match_id(epoch, zone, leaf.trade_index),
            ids.settlement_id(epoch, zone, leaf.trade_index),
            trade.buy_order_id,
            trade.sell_order_id,
            trade.buyer_id,
            trade.seller_id,
            str(leaf.seller_energy),
            str(leaf.buyer_energy),
            str(leaf.buyer_payment),
            str(leaf.seller_payment),
            leaf.energy_base_units,
            leaf.payment_base_units,
            leaf.fee_base_units,
            leaf.leaf,
        )


def _part_rows(epoch: EpochNumber, zone: ZoneId, outcome: ZoneOutcome) -> Iterable[Row]:
    for part in outcome.parts:
        yield (
            epoch,
            zone,
            part.part,
            part.first_index,
            part.trade_count,
            outcome.result.price_micro,
            part.root,
        )
