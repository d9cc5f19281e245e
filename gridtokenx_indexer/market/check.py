"""Checking a cleared epoch as anyone could: compute it again from the stored book, compare every trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import asyncpg
import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.domain.merkle import leaf_hash, root
from gridtokenx_indexer.domain.windows import epoch_start
from gridtokenx_indexer.market.amounts import micro_of
from gridtokenx_indexer.market.clearing.book import book_hash
from gridtokenx_indexer.market.clearing.charges import Charges
from gridtokenx_indexer.market.clearing.clear import clear
from gridtokenx_indexer.market.clearing.result import ClearingResult, Trade, result_hash
from gridtokenx_indexer.market.clearing.rules import ClearingRules, Rationing
from gridtokenx_indexer.market.leaves import BASE_UNITS_PER_MICRO_KWH
from gridtokenx_indexer.market.open_book import effective_limit, read_stored_book
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.gridtokenx import accounts
from gridtokenx_indexer.tx.ports import Connection, Pool

_SQL = load("market")


class EpochCheck(msgspec.Struct, frozen=True, kw_only=True):
    """`detail` holds the figures that were compared; on failure also where they differ."""

    check: str
    ok: bool
    detail: str


class OnChain(Protocol):
    """Where the open settlements of the chain can be read."""

    async def settlement(self, epoch: EpochNumber, zone: ZoneId, part: int) -> accounts.Settlement | None: ...


async def check_epoch(pool: Pool, epoch: EpochNumber, chain: OnChain | None) -> list[EpochCheck]:
    """Every check of every zone of a cleared epoch; without `chain`, the index alone speaks for the chain.

    Raises `UsageError` when the epoch does not exist or is not cleared yet.
    """
    epoch_start(epoch)
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await conn.fetchrow(_SQL["epoch"], epoch)
        if row is None:
            raise UsageError(f"epoch {epoch} does not exist", remedy="see gridtokenx-indexer epoch list")
        if row["cleared_at"] is None:
            raise UsageError(
                f"epoch {epoch} is {row['status']}: it has no result", remedy="wait until it is cleared"
            )
        zones = await conn.fetch(_SQL["epoch_zones"], epoch)
        parts = await conn.fetch(_SQL["epoch_parts"], epoch)
        checks: list[EpochCheck] = []
        for zone in zones:
            checks += await _check_zone(conn, epoch, zone)
        for part in parts:
            checks += await _check_part(conn, part, chain)
    return checks


async def _check_zone(conn: Connection, epoch: EpochNumber, row: asyncpg.Record) -> list[EpochCheck]:
    zone = ZoneId(row["zone_id"])
    rules, charges = _rules(row), _charges(row)
    book = await read_stored_book(conn, epoch, zone)
    result = clear(epoch, zone, book, rules, charges)
    leaves = await conn.fetch(_SQL["stored_leaves"], epoch, zone)
    wrong_limits = sum(
        order.effective_micro != effective_limit(order.side, order.limit_micro, rules, charges)
        for side in book
        for order in side
    )
    return [
        _compare(f"zone {zone} book hash", book_hash(epoch, zone, book).hex(), row["book_hash"].hex()),
        _compare(f"zone {zone} limits net of charges", wrong_limits, 0),
        _compare(f"zone {zone} result hash", result_hash(result).hex(), row["result_hash"].hex()),
        _compare(f"zone {zone} price and volume", _figures(result), _stored_figures(row)),
        _check_leaves(epoch, zone, result, leaves),
    ]


def _check_leaves(
    epoch: EpochNumber, zone: ZoneId, result: ClearingResult, leaves: Sequence[asyncpg.Record]
) -> EpochCheck:
    """The stored leaves say what the clearing says, and hash to what is stored."""
    differing = [
        index
        for index, (trade, leaf) in enumerate(zip(result.trades, leaves, strict=False))
        if _published(index, trade) != _stored(leaf) or _rehash(epoch, zone, leaf) != leaf["leaf"]
    ]
    counted = f"{len(leaves)} of {len(result.trades)} trades"
    return EpochCheck(
        check=f"zone {zone} leaves",
        ok=not differing and len(leaves) == len(result.trades),
        detail=counted if not differing else f"{counted}; differing: {differing[:10]}",
    )


async def _check_part(conn: Connection, part: asyncpg.Record, chain: OnChain | None) -> list[EpochCheck]:
    epoch, zone, number = EpochNumber(part["epoch_number"]), ZoneId(part["zone_id"]), part["part"]
    name = f"zone {zone} part {number}"
    hashes = [row["leaf"] for row in await conn.fetch(_SQL["part_leaf_hashes"], epoch, zone, number)]
    computed = root(hashes).hex() if hashes else "no leaves"
    checks = [_compare(f"{name} root", computed, part["root"].hex())]
    published = (part["root"].hex(), part["trade_count"], part["first_index"], part["price_units"])
    event = await conn.fetchrow(_SQL["opening_event"], str(epoch), str(zone), str(number))
    if event is not None:
        data = event["data"]
        opened = data["root"], int(data["trades"]), int(data["first_index"]), int(data["price"])
        checks.append(_compare(f"{name} root published on chain", opened, published))
    elif part["status"] in ("open", "settled", "closed"):
        checks.append(
            EpochCheck(check=f"{name} root published on chain", ok=False, detail="its opening is not indexed")
        )
    account = await chain.settlement(epoch, zone, number) if chain is not None else None
    if account is not None:
        held = account.root.hex(), account.trades, account.first_index, account.price_base_units
        checks.append(_compare(f"{name} root in its account", held, published))
    return checks


def _compare(check: str, found: object, stored: object) -> EpochCheck:
    same = found == stored
    return EpochCheck(
        check=check, ok=same, detail=f"{stored}" if same else f"computed {found}, stored {stored}"
    )


def _rules(row: asyncpg.Record) -> ClearingRules:
    return ClearingRules(
        k_numerator=row["k_numerator"],
        k_denominator=row["k_denominator"],
        rationing=Rationing(row["rationing"]),
        lot_micro_kwh=micro_of(row["lot_kwh"]),
        tick_micro=micro_of(row["price_tick"]),
        floor_micro=micro_of(row["price_floor"]),
        cap_micro=micro_of(row["price_cap"]),
    )


def _charges(row: asyncpg.Record) -> Charges:
    return Charges(
        market_fee_bps=row["market_fee_bps"],
        grid_fee_micro=micro_of(row["grid_fee_per_kwh"]),
        wheeling_micro=micro_of(row["wheeling_per_kwh"]),
        loss_bps=row["loss_bps"],
    )


def _figures(result: ClearingResult) -> tuple[int | None, int, int, int]:
    return result.price_micro, result.volume_micro_kwh, result.netted_micro_kwh, len(result.trades)


def _stored_figures(row: asyncpg.Record) -> tuple[int | None, int, int, int]:
    price = row["clearing_price"]
    return (
        None if price is None else micro_of(price),
        micro_of(row["volume"]),
        micro_of(row["netted_volume"]),
        row["trade_count"],
    )


def _published(index: int, trade: Trade) -> tuple[object, ...]:
    energy = trade.energy_micro_kwh * BASE_UNITS_PER_MICRO_KWH
    return index, trade.buy_order_id, trade.sell_order_id, energy, trade.payment, trade.fee


def _stored(leaf: asyncpg.Record) -> tuple[object, ...]:
    return (
        leaf["trade_index"],
        leaf["buy_order_id"],
        leaf["sell_order_id"],
        leaf["energy_base_units"],
        leaf["payment_base_units"],
        leaf["fee_base_units"],
    )


def _rehash(epoch: EpochNumber, zone: ZoneId, leaf: asyncpg.Record) -> bytes:
    parties = ("seller_energy", "buyer_energy", "buyer_payment", "seller_payment")
    addresses = {name: bytes(Pubkey.from_string(leaf[name])) for name in parties}
    return leaf_hash(
        epoch=epoch,
        zone=zone,
        index=leaf["trade_index"],
        energy_base_units=int(leaf["energy_base_units"]),
        payment_base_units=int(leaf["payment_base_units"]),
        fee_base_units=int(leaf["fee_base_units"]),
        **addresses,
    )
