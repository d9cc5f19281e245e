"""The two clocks at one moment, in windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection, Pool

_SQL = load("mint")


@dataclass(frozen=True, slots=True, kw_only=True)
class MintClock:
    """Windows below `closed_before` are over, grace included. The program takes windows up to
    `chain_window`.
    """

    market_now: datetime
    closed_before: Window
    chain_window: Window | None


async def read_clock(conn: Connection | Pool, grace_s: int) -> MintClock:
    row = await conn.fetchrow(_SQL["clock"], grace_s)
    assert row is not None
    chain = row["chain_window"]
    return MintClock(
        market_now=row["market_now"],
        closed_before=Window(row["closed_before"]),
        chain_window=Window(chain) if chain is not None else None,
    )
