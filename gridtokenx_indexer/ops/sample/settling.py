"""The trades of the epochs settled on the sample's chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, NamedTuple

from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.domain.windows import epoch_end
from gridtokenx_indexer.market import ids
from gridtokenx_indexer.market.clearing.result import Trade
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.leaves import TradeLeaf
from gridtokenx_indexer.market.result_rows import ZoneOutcome
from gridtokenx_indexer.market.settlement.keys import (
    CLOSE_KIND,
    OPEN_KIND,
    SETTLE_KIND,
    SETTLER_LEASE,
    PartKey,
    TradeKey,
)
from gridtokenx_indexer.ops.sample.chain import Event, Landed, Sender
from gridtokenx_indexer.ops.sample.world import World
from gridtokenx_indexer.ops.sample.writer import Writer
from gridtokenx_indexer.store.queries import load

_SQL = load("settlement")
_CLEARER_LEASE = "clearer"
OPENER = Sender("open_settlement", "clearer", OPEN_KIND, _CLEARER_LEASE)
SETTLER = Sender("settle_trades", "settler", SETTLE_KIND, SETTLER_LEASE)
CLOSER = Sender("close_settlement", "clearer", CLOSE_KIND, _CLEARER_LEASE)
_BATCH = 4
_DEADLINE = timedelta(seconds=MarketConfig().settlement_window_s)
_REVOKED = "InsufficientAllowance"


class Progress(Enum):
    """How far the settlement of an epoch has come."""

    OPENED = auto()
    HALF = auto()
    CLOSED = auto()


class _Settled(NamedTuple):
    key: TradeKey
    landed: Landed


class Settling:
    """Lands the trades epoch by epoch; what the daemon would write of that is written for all at once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wallets = {person.id: person.wallet for person in world.people}
        self._payer = str(world.chain.key(OPENER.role))
        self._deadlines: dict[PartKey, datetime] = {}
        self._opened: dict[PartKey, Landed] = {}
        self._closed: dict[PartKey, Landed] = {}
        self._settled: list[_Settled] = []
        self._failed: list[TradeKey] = []
        self._waiting: list[TradeKey] = []

    def settle(self, epoch: EpochNumber, outcomes: Sequence[ZoneOutcome], progress: Progress) -> None:
        for outcome in outcomes:
            for part in outcome.parts:
                self._settle_part(PartKey(epoch, ZoneId(outcome.result.zone), part.part), outcome, progress)

    def _settle_part(self, key: PartKey, outcome: ZoneOutcome, progress: Progress) -> None:
        """A sample has one part in a zone: its trades are all trades of the zone."""
        chain, end = self._world.chain, epoch_end(key.epoch)
        deadline = self._deadlines[key] = end + _DEADLINE
        if progress is Progress.OPENED:
            chain.send(OPENER, [key.open_operation])
            return
        opening = _opening(key, outcome, deadline)
        moment = end + timedelta(seconds=30)
        self._opened[key] = chain.land(moment, OPENER, [key.open_operation], [opening])
        trades = list(zip(outcome.result.trades, outcome.leaves, strict=True))
        keys = [TradeKey(key.epoch, key.zone, index) for index in range(len(trades))]
        if progress is Progress.HALF:
            half = len(trades) // 2
            self._settled += self._land(key, trades[:half], set())
            for first in range(half, len(trades), _BATCH):
                chain.send(SETTLER, [one.operation for one in keys[first : first + _BATCH]])
            self._waiting += keys[half:]
            return
        failing = set(_failing(self._world, key, deadline, len(trades)))
        settled = list(self._land(key, trades, failing))
        self._settled += settled
        self._failed += [keys[index] for index in sorted(failing)]
        done = {"epoch": str(key.epoch), "zone": key.zone, "part": key.part, "settled": len(settled)}
        moment = deadline + timedelta(minutes=1) if failing else end + timedelta(minutes=9)
        closing = Event("SettlementClosed", done)
        self._closed[key] = chain.land(moment, CLOSER, [key.close_operation], [closing])

    def _land(
        self, key: PartKey, trades: Sequence[tuple[Trade, TradeLeaf]], failing: set[int]
    ) -> Iterator[_Settled]:
        moment = epoch_end(key.epoch) + timedelta(seconds=60)
        for first in range(0, len(trades), _BATCH):
            batch = trades[first : first + _BATCH]
            moment += timedelta(seconds=4)
            results = [_result(leaf, first + at not in failing) for at, (_, leaf) in enumerate(batch)]
            where = {"epoch": str(key.epoch), "zone": key.zone, "part": key.part, "first_index": first}
            keys = [TradeKey(key.epoch, key.zone, first + at) for at in range(len(batch))]
            event = Event("TradesSettled", {**where, "results": results})
            landed = self._world.chain.land(moment, SETTLER, [one.operation for one in keys], [event])
            for one, (trade, leaf) in zip(keys, batch, strict=True):
                if one.trade_index not in failing:
                    self._move(trade, leaf, landed)
                    yield _Settled(one, landed)

    def _move(self, trade: Trade, leaf: TradeLeaf, landed: Landed) -> None:
        ledger = self._world.ledger
        seller, buyer = self._wallets[trade.seller_id], self._wallets[trade.buyer_id]
        assert seller is not None
        assert buyer is not None
        ledger.energy(seller).move(-leaf.energy_base_units, landed)
        ledger.energy(buyer).move(leaf.energy_base_units, landed)
        ledger.payment(buyer).move(-trade.payment, landed)
        ledger.payment(seller).move(trade.value, landed)
        ledger.fees.move(trade.fee, landed)

    async def write(self, writer: Writer) -> None:
        """By the daemon's own statements."""
        connection = writer.connection
        for key, deadline in self._deadlines.items():
            await connection.execute(_SQL["start_opening"], *key, deadline, self._payer)
        for key, opened in self._opened.items():
            await connection.execute(_SQL["part_opened"], *key, opened.signature, opened.slot)
        landed = [one.landed for one in self._settled]
        settled = _columns([one.key for one in self._settled])
        signatures, slots = [one.signature for one in landed], [one.slot for one in landed]
        await connection.execute(_SQL["settle_leaves"], *settled, signatures, slots)
        await connection.execute(_SQL["complete_settlements"], *settled)
        await connection.execute(_SQL["settle_matches"], *settled)
        trade_ids = [ids.trade_id(*one.key) for one in self._settled]
        await connection.execute(_SQL["insert_trades"], *settled, trade_ids)
        writer.counts["trading.trades"] += len(landed)
        for epoch, zone in sorted({(one.epoch, one.zone) for one in self._waiting}):
            indexes = [one.trade_index for one in self._waiting if (one.epoch, one.zone) == (epoch, zone)]
            await connection.execute(_SQL["mark_processing"], epoch, zone, indexes)
        failed = _columns(self._failed)
        count, reason = len(self._failed), f"not settled by the deadline; last: {_REVOKED}"
        await connection.execute(_SQL["end_leaves"], *failed, ["failed"] * count, [reason] * count)
        await connection.execute(_SQL["fail_settlements"], *failed)
        await connection.execute(_SQL["fail_matches"], *failed)
        await self._close(writer)

    async def _close(self, writer: Writer) -> None:
        connection = writer.connection
        await connection.execute(_SQL["finish_parts"], *_columns(list(self._closed)))
        for key, closed in self._closed.items():
            await connection.execute(_SQL["part_closed"], *key, closed.signature, closed.slot)
        ended: dict[EpochNumber, datetime] = {}
        for key, closed in self._closed.items():
            ended[key.epoch] = max(closed.moment, ended.get(key.epoch, closed.moment))
        await connection.execute(_SQL["finish_zones"], list(ended))
        await connection.execute(_SQL["finish_epochs"], list(ended))
        await writer.run("date_settled", list(ended), list(ended.values()))


def _opening(key: PartKey, outcome: ZoneOutcome, deadline: datetime) -> Event:
    part = outcome.parts[key.part]
    return Event(
        "SettlementOpened",
        {
            "epoch": str(key.epoch),
            "zone": key.zone,
            "part": key.part,
            "trades": part.trade_count,
            "first_index": part.first_index,
            "price": str(outcome.result.price_micro),
            "root": part.root.hex(),
            "deadline": str(int(deadline.timestamp())),
        },
    )


def _failing(world: World, key: PartKey, deadline: datetime, trades: int) -> Iterator[int]:
    """Where the deadline has passed, one seller in fifty had revoked his approval."""
    if deadline < world.ago(minutes=30):
        chance = world.chance(f"failing {key}")
        yield from (index for index in range(trades) if chance.randrange(50) == 0)


def _result(leaf: TradeLeaf, settled: bool) -> dict[str, Any]:
    amounts = (leaf.energy_base_units, leaf.payment_base_units, leaf.fee_base_units)
    outcome: Any = "Settled" if settled else {"Rejected": {"reason": _REVOKED}}
    return {
        **{name: str(n) for name, n in zip(("energy", "payment", "fee"), amounts, strict=True)},
        "outcome": outcome,
    }


def _columns(keys: Sequence[tuple[int, int, int]]) -> list[list[int]]:
    return [list(column) for column in zip(*keys, strict=True)] if keys else [[], [], []]
