"""One epoch of the sample cleared, as the daemon would."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import epoch_end
from gridtokenx_indexer.market.amounts import decimal_of_micro, optional_decimal, weighted_price
from gridtokenx_indexer.market.clearing.clear import clear
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.ids import epoch_id
from gridtokenx_indexer.market.leaves import leaves_of, parts_of
from gridtokenx_indexer.market.open_book import read_open_book, read_terms
from gridtokenx_indexer.market.result_rows import ZoneOutcome, write_outcome
from gridtokenx_indexer.ops.sample.world import World
from gridtokenx_indexer.ops.sample.writer import Writer
from gridtokenx_indexer.store.queries import load

_SQL = load("market")


async def clear_epoch(world: World, writer: Writer, epoch: EpochNumber) -> list[ZoneOutcome]:
    """The results of all zones, written with everything that follows from them for the orders."""
    connection, terms = writer.connection, world.chain.terms
    identity, end = epoch_id(epoch), epoch_end(epoch)
    await connection.execute(_SQL["start_clearing"], epoch)
    await connection.execute(_SQL["mark_writer"])
    held = await read_terms(connection, epoch, MarketConfig(), terms)
    await connection.execute(_SQL["expire_orders"], identity, end)
    book = await read_open_book(connection, end, held)
    outcomes: list[ZoneOutcome] = []
    for zone, orders in book.zones.items():
        result = clear(epoch, zone, orders, held.rules, held.charges)
        leaves = leaves_of(result, book.wallets, terms)
        outcome = ZoneOutcome(orders, result, leaves, parts_of([leaf.leaf for leaf in leaves]))
        await write_outcome(connection, epoch, identity, end, outcome)
        outcomes.append(outcome)
        _count(writer, outcome)
    await connection.execute(_SQL["carry_or_expire"], epoch, identity)
    await _finish(writer, epoch, outcomes)
    await writer.run("unmark_writer")
    return outcomes


def _count(writer: Writer, outcome: ZoneOutcome) -> None:
    trades = len(outcome.result.trades)
    counted = {
        "indexer.epoch_books": outcome.book.order_count,
        "public.market_epoch_zones": 1,
        "public.market_epoch_parts": len(outcome.parts),
        "public.settlements": trades,
        "public.order_matches": trades + len(outcome.result.netted),
        "indexer.trade_leaves": trades,
    }
    for table, count in counted.items():
        writer.counts[table] += count


async def _finish(writer: Writer, epoch: EpochNumber, outcomes: Sequence[ZoneOutcome]) -> None:
    results = [outcome.result for outcome in outcomes]
    matched: set[UUID] = set()
    for result in results:
        for trade in result.trades:
            matched |= {trade.buy_order_id, trade.sell_order_id}
        for netted in result.netted:
            matched |= {netted.buy_order_id, netted.sell_order_id}
    trades = sum(len(result.trades) for result in results)
    priced = [(result.price_micro or 0, result.volume_micro_kwh) for result in results]
    await writer.connection.execute(
        _SQL["finish_clearing"],
        epoch,
        "cleared" if trades else "settled",
        optional_decimal(weighted_price(priced)),
        decimal_of_micro(sum(result.volume_micro_kwh for result in results)),
        sum(outcome.book.order_count for outcome in outcomes),
        len(matched),
        trades,
    )
