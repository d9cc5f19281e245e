"""Epochs, cleared and settled by the daemon's own rules and statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, epoch_end, epoch_of, epoch_start
from gridtokenx_indexer.market import ids
from gridtokenx_indexer.ops.sample.clearing import clear_epoch
from gridtokenx_indexer.ops.sample.orders import COLUMNS, draw_cancelled, draw_orders
from gridtokenx_indexer.ops.sample.settling import Progress, Settling
from gridtokenx_indexer.ops.sample.world import World
from gridtokenx_indexer.ops.sample.writer import Writer
from gridtokenx_indexer.store.queries import load

_SQL = load("market")
_AHEAD = 2
_ENTRY = timedelta(minutes=6)


async def market(world: World, writer: Writer) -> None:
    """The last epoch is running; the one before is published, the one before that half settled."""
    chance = world.chance("market")
    running = epoch_of(world.now)
    count = world.scale.epochs
    epochs = [epoch_of(epoch_start(running) + WINDOW_LENGTH * at) for at in range(1 - count, 1 + _AHEAD)]
    await _make_epochs(writer, epochs)
    await writer.run("charge_from", epochs[0])
    per_epoch = world.scale.orders // count
    asked: Counter[UUID] = Counter()
    settling = Settling(world)
    for number, epoch in enumerate(epochs[:count]):
        start = epoch_start(epoch)
        world.ledger.advance(start)
        await writer.set_clock(start)
        await writer.connection.execute(_SQL["activate_epochs"])
        orders = draw_orders(world, chance, per_epoch, min(start + _ENTRY, world.now), asked)
        await writer.set_clock(orders[0].created_at)
        await writer.rows("public.trading_orders", COLUMNS, orders)
        await writer.run("cancel_orders", draw_cancelled(chance, orders))
        writer.step("market epochs", 1, count)
        if epoch == running:
            break
        await writer.set_clock(epoch_end(epoch) + timedelta(seconds=2))
        outcomes = await clear_epoch(world, writer, epoch)
        settling.settle(epoch, outcomes, _progress(number, count))
    await settling.write(writer)
    world.ledger.advance(world.now)
    for statement in ("count_carbon", "date_epochs"):
        await writer.run(statement)


def _progress(number: int, count: int) -> Progress:
    """The newest result is published and no more, the one before it is being settled."""
    return {count - 2: Progress.OPENED, count - 3: Progress.HALF}.get(number, Progress.CLOSED)


async def _make_epochs(writer: Writer, epochs: Sequence[EpochNumber]) -> None:
    starts = [epoch_start(epoch) for epoch in epochs]
    await writer.connection.execute(
        _SQL["insert_epochs"],
        [ids.epoch_id(epoch) for epoch in epochs],
        epochs,
        starts,
        [start + WINDOW_LENGTH for start in starts],
    )
    writer.counts["public.market_epochs"] += len(epochs)
