"""Reading the book from the database: the open orders of a snapshot, or the stored evidence of a clearing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.amounts import micro_of
from gridtokenx_indexer.market.chain_terms import ChainTerms, parse_wallet
from gridtokenx_indexer.market.clearing.book import Book, BookOrder, Side, make_book
from gridtokenx_indexer.market.clearing.charges import Charges, effective_bid
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


async def read_rules(conn: Connection, config: MarketConfig, terms: ChainTerms) -> ClearingRules:
    """What the database holds orders to, joined with what the operator chose and the program allows.

    Raises `RetryableError` when the price bands of database and program have nothing in common.
    """
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


async def read_charges(conn: Connection, epoch: EpochNumber, terms: ChainTerms) -> Charges:
    """The charges in force when the epoch starts.

    Raises `StopError` when no schedule reaches back so far, `RetryableError` when the program would refuse
    the fee.
    """
    row = await conn.fetchrow(_SQL["fee_schedule"], epoch)
    if row is None:
        raise StopError(
            f"no fee schedule is in force for epoch {epoch}",
            remedy="insert a row with effective_from up to it into indexer.fee_schedules",
        )
    charges = Charges(
        market_fee_bps=row["market_fee_bps"],
        grid_fee_micro=micro_of(row["grid_fee_per_kwh"]),
        wheeling_micro=micro_of(row["wheeling_per_kwh"]),
        loss_bps=row["loss_bps"],
    )
    if charges.share_bps > terms.max_fee_bps:
        raise RetryableError(
            f"epoch {epoch} is charged {charges.share_bps} bps, the program takes {terms.max_fee_bps}",
            remedy="correct indexer.fee_schedules or set_limits; clearing waits until then",
        )
    return charges


async def read_open_book(
    conn: Connection, closes_at: datetime, rules: ClearingRules, charges: Charges
) -> OpenBook:
    """The book at gate closure as the transaction's snapshot sees it.

    Orders outside today's rules, or whose owner has no usable wallet, stay open and outside.
    """
    orders: dict[ZoneId, list[BookOrder]] = {}
    wallets: dict[UUID, Pubkey | None] = {}
    rows = await conn.fetch(
        _SQL["open_book"],
        closes_at,
        rules.floor_micro,
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
        effective = effective_bid(limit, charges) if side is Side.BUY else limit
        orders.setdefault(zone, []).append(
            BookOrder(order_id, user_id, side, seq, remaining, limit, effective)
        )
    return OpenBook(
        zones={zone: make_book(orders[zone]) for zone in sorted(orders)},
        wallets={user: wallet for user, wallet in wallets.items() if wallet is not None},
    )


async def read_stored_book(conn: Connection, epoch: EpochNumber, zone: ZoneId) -> Book:
    """The book as the clearing stored it."""
    return make_book(
        BookOrder(order_id, user_id, Side(side), seq, remaining, limit, effective)
        for order_id, user_id, side, seq, remaining, limit, effective in await conn.fetch(
            _SQL["stored_book"], epoch, zone
        )
    )
