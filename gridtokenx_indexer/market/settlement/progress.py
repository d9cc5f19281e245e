"""Writing how far trades, parts, zones and epochs have come, in the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence

from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.market import ids
from gridtokenx_indexer.market.settlement.keys import PartKey, TradeKey
from gridtokenx_indexer.market.settlement.trade_rules import Again, Failed, Review, Settled, TradeOutcome
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.backoff import BackoffConfig, pause_ms
from gridtokenx_indexer.tx.ports import Connection

log = logging.getLogger(__name__)

_SQL = load("settlement")

_Keys = tuple[list[int], list[int], list[int]]


def columns(keys: Iterable[tuple[int, int, int]]) -> _Keys:
    """Keys as the three arrays that the statements unnest."""
    rows = list(keys)
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


async def write_trades(
    conn: Connection, outcomes: Mapping[TradeKey, TradeOutcome], backoff: BackoffConfig
) -> None:
    """Brings leaves, settlements, matches and `trading.trades` to the outcomes."""
    settled = {key: made for key, made in outcomes.items() if isinstance(made, Settled)}
    again = {key: made for key, made in outcomes.items() if isinstance(made, Again)}
    failed = {key: made for key, made in outcomes.items() if isinstance(made, Failed)}
    review = {key: made for key, made in outcomes.items() if isinstance(made, Review)}
    await _settle(conn, settled)
    await _retry(conn, again, backoff)
    ended: dict[TradeKey, Failed | Review] = {**failed, **review}
    if ended:
        states = ["failed" if key in failed else "review" for key in ended]
        reasons = [made.reason for made in ended.values()]
        await conn.execute(_SQL["end_leaves"], *columns(ended), states, reasons)
        await conn.execute(_SQL["note_retries"], *columns(review))
        await write_failures(conn, list(failed))
        for key, made in ended.items():
            log.error("trade_ended_unsettled", extra={"operation": key.operation, "reason": made.reason})


async def _settle(conn: Connection, settled: Mapping[TradeKey, Settled]) -> None:
    if not settled:
        return
    keys = columns(settled)
    signatures: list[Signature] = [made.signature for made in settled.values()]
    slots: list[Slot] = [made.slot for made in settled.values()]
    await conn.execute(_SQL["settle_leaves"], *keys, signatures, slots)
    await conn.execute(_SQL["complete_settlements"], *keys)
    await conn.execute(_SQL["settle_matches"], *keys)
    trade_ids = [ids.trade_id(key.epoch, key.zone, key.trade_index) for key in settled]
    await conn.execute(_SQL["insert_trades"], *keys, trade_ids)


async def _retry(conn: Connection, again: Mapping[TradeKey, Again], backoff: BackoffConfig) -> None:
    if not again:
        return
    keys, made = columns(again), list(again.values())
    await conn.execute(
        _SQL["retry_leaves"],
        *keys,
        [one.tries for one in made],
        [one.batch_limit for one in made],
        [one.reason for one in made],
        [pause_ms(backoff, one.tries) if one.pause else 0 for one in made],
    )
    await conn.execute(_SQL["note_retries"], *keys)


async def write_failures(conn: Connection, keys: Sequence[TradeKey]) -> None:
    """Settlements and matches of leaves that have become failed."""
    if keys:
        await conn.execute(_SQL["fail_settlements"], *columns(keys))
        await conn.execute(_SQL["fail_matches"], *columns(keys))


async def finish(conn: Connection, parts: Iterable[PartKey]) -> None:
    """Ends parts of which every trade has ended, then their zones, then their epochs."""
    touched = sorted(set(parts))
    if not touched:
        return
    epochs = sorted({part.epoch for part in touched})
    await conn.execute(_SQL["finish_parts"], *columns(touched))
    await conn.execute(_SQL["lock_epochs"], epochs)
    await conn.execute(_SQL["finish_zones"], epochs)
    for row in await conn.fetch(_SQL["finish_epochs"], epochs):
        log.info("epoch_ended", extra={"epoch": row["epoch_number"], "status": row["status"]})
