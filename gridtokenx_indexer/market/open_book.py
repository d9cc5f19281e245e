"""Reading the book from the database: the open orders of a snapshot, or the stored evidence of a clearing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.amounts import decimal_of_micro, micro_of
from gridtokenx_indexer.market.chain_terms import ChainTerms, parse_wallet
from gridtokenx_indexer.market.clearing.book import Book, BookOrder, Side, make_book
from gridtokenx_indexer.market.clearing.charges import Charges, effective_bid, lowest_price
from gridtokenx_indexer.market.clearing.rules import ClearingRules
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.pacing import LONG_STATEMENT_S
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection

_SQL = load("market")


@dataclass(frozen=True, slots=True)
class OpenBook:
    """The book of every zone that has an order, and the wallet of every user in them."""

    zones: Mapping[ZoneId, Book]
    wallets: Mapping[UUID, Pubkey]


@dataclass(frozen=True, slots=True)
class EpochTerms:
    """Under what an epoch is cleared."""

    rules: ClearingRules
    charges: Charges
    lowest_limit_micro: int
    """Orders below it wait outside. The price may have a higher floor, so that the program takes the fee."""


async def read_terms(
    conn: Connection, epoch: EpochNumber, config: MarketConfig, terms: ChainTerms
) -> EpochTerms:
    """What holds for `epoch`, so that the program takes whatever is published.

    Raises `RetryableError` when rules, charges and the program's limits leave no price, `StopError` when
    rules or charges are missing.
    """
    rules = await _read_rules(conn, config, terms)
    charges = await _read_charges(conn, epoch)
    fee_floor = lowest_price(charges, terms.max_fee_bps, rules.lot_micro_kwh)
    if fee_floor is None or fee_floor > rules.cap_micro:
        per_kwh, cap = decimal_of_micro(charges.per_kwh_micro), decimal_of_micro(rules.cap_micro)
        raise RetryableError(
            f"epoch {epoch} is charged {charges.share_bps} bps and {per_kwh} per kWh; the program takes"
            f" {terms.max_fee_bps} bps of a payment, which is less at every price up to {cap}",
            remedy="correct indexer.fee_schedules or set_limits; clearing waits until then",
        )
    floor = max(rules.floor_micro, fee_floor)
    return EpochTerms(msgspec.structs.replace(rules, floor_micro=floor), charges, rules.floor_micro)


async def _read_rules(conn: Connection, config: MarketConfig, terms: ChainTerms) -> ClearingRules:
    row = await conn.fetchrow(_SQL["rules"])
    if row is None:
        raise StopError(
            "indexer.market_rules has no row", remedy="INSERT INTO indexer.market_rules DEFAULT VALUES"
        )
    floor = max(micro_of(row["price_floor"]), terms.min_price)
    cap = min(micro_of(row["price_cap"]), terms.max_price)
    if floor > cap:
        raise RetryableError(
            f"prices from {row['price_floor']} to {row['price_cap']} are outside the program's limits",
            remedy="bring indexer.market_rules and set_limits together; clearing waits until then",
        )
    return ClearingRules(
        k_numerator=config.k_numerator,
        k_denominator=config.k_denominator,
        rationing=config.rationing,
        lot_micro_kwh=micro_of(row["lot_kwh"]),
        tick_micro=micro_of(row["price_tick"]),
        floor_micro=floor,
        cap_micro=cap,
    )


async def _read_charges(conn: Connection, epoch: EpochNumber) -> Charges:
    row = await conn.fetchrow(_SQL["fee_schedule"], epoch)
    if row is None:
        raise StopError(
            f"no fee schedule is in force for epoch {epoch}",
            remedy="insert a row with effective_from up to it into indexer.fee_schedules",
        )
    return Charges(
        market_fee_bps=row["market_fee_bps"],
        grid_fee_micro=micro_of(row["grid_fee_per_kwh"]),
        wheeling_micro=micro_of(row["wheeling_per_kwh"]),
        loss_bps=row["loss_bps"],
    )


async def read_open_book(conn: Connection, closes_at: datetime, terms: EpochTerms) -> OpenBook:
    """The book at gate closure as the transaction's snapshot sees it.

    Orders outside today's rules, or whose owner has no usable wallet, stay open and outside.
    """
    rules = terms.rules
    orders: dict[ZoneId, list[BookOrder]] = {}
    wallets: dict[UUID, Pubkey | None] = {}
    rows = await conn.fetch(
        _SQL["open_book"],
        closes_at,
        terms.lowest_limit_micro,
        rules.cap_micro,
        rules.lot_micro_kwh,
        timeout=LONG_STATEMENT_S,
    )
    for zone, order_id, user_id, order_type, seq, remaining, limit, wallet in rows:
        if user_id not in wallets:
            wallets[user_id] = parse_wallet(wallet)
        if wallets[user_id] is None:
            continue
        side = Side(order_type)
        effective = effective_limit(side, limit, rules, terms.charges)
        orders.setdefault(zone, []).append(
            BookOrder(order_id, user_id, side, seq, remaining, limit, effective)
        )
    return OpenBook(
        zones={zone: make_book(orders[zone]) for zone in sorted(orders)},
        wallets={user: wallet for user, wallet in wallets.items() if wallet is not None},
    )


def effective_limit(side: Side, limit_micro: int, rules: ClearingRules, charges: Charges) -> int:
    """A bid net of charges; an ask is never worth less than the floor of the price."""
    return effective_bid(limit_micro, charges) if side is Side.BUY else max(limit_micro, rules.floor_micro)


async def read_stored_book(conn: Connection, epoch: EpochNumber, zone: ZoneId) -> Book:
    """The book as the clearing stored it."""
    return make_book(
        BookOrder(order_id, user_id, Side(side), seq, remaining, limit, effective)
        for order_id, user_id, side, seq, remaining, limit, effective in await conn.fetch(
            _SQL["stored_book"], epoch, zone
        )
    )
