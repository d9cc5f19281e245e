"""The published row of one zone: result, audit figures and the rules it was computed with."""

from __future__ import annotations

from typing import Any

from gridtokenx_indexer.market.amounts import decimal_of_micro, decimal_of_pico, optional_decimal
from gridtokenx_indexer.market.clearing.result import ClearingResult, result_hash


def zone_row_of(result: ClearingResult, *, part_count: int) -> dict[str, Any]:
    """The row of `market_epoch_zones` by column."""
    audit, rules, charges = result.audit, result.rules, result.charges
    value, fees = sum(trade.value for trade in result.trades), sum(trade.fee for trade in result.trades)
    return {
        "epoch_number": result.epoch,
        "zone_id": result.zone,
        "status": "cleared" if result.trades else "settled",
        "clearing_price": optional_decimal(result.price_micro),
        "volume": decimal_of_micro(result.volume_micro_kwh),
        "gross_volume": decimal_of_micro(result.gross_micro_kwh),
        "netted_volume": decimal_of_micro(result.netted_micro_kwh),
        "interval_low": optional_decimal(audit.low),
        "interval_high": optional_decimal(audit.high),
        "last_accepted_ask": optional_decimal(audit.last_accepted_ask),
        "last_accepted_bid": optional_decimal(audit.last_accepted_bid),
        "first_rejected_ask": optional_decimal(audit.first_rejected_ask),
        "first_rejected_bid": optional_decimal(audit.first_rejected_bid),
        "marginal_side": audit.marginal_side.value,
        "marginal_executed": decimal_of_micro(audit.marginal_executed_micro_kwh),
        "marginal_total": decimal_of_micro(audit.marginal_total_micro_kwh),
        "orders_in": audit.orders_in,
        "orders_filled": audit.orders_filled,
        "orders_partial": audit.orders_partial,
        "orders_netted": audit.orders_netted,
        "welfare": decimal_of_pico(audit.welfare_pico),
        "total_value": decimal_of_micro(value),
        "total_fees": decimal_of_micro(fees),
        "total_payment": decimal_of_micro(value + fees),
        "k_numerator": rules.k_numerator,
        "k_denominator": rules.k_denominator,
        "price_tick": decimal_of_micro(rules.tick_micro),
        "lot_kwh": decimal_of_micro(rules.lot_micro_kwh),
        "price_floor": decimal_of_micro(rules.floor_micro),
        "price_cap": decimal_of_micro(rules.cap_micro),
        "rationing": rules.rationing.value,
        "market_fee_bps": charges.market_fee_bps,
        "grid_fee_per_kwh": decimal_of_micro(charges.grid_fee_micro),
        "wheeling_per_kwh": decimal_of_micro(charges.wheeling_micro),
        "loss_bps": charges.loss_bps,
        "book_hash": result.book_hash,
        "result_hash": result_hash(result),
        "trade_count": len(result.trades),
        "part_count": part_count,
    }
