"""Which trades the finalized index has seen executed, in whatever transaction."""

from __future__ import annotations

from collections.abc import Iterable

from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.market.settlement.chain_results import Evidence, Executed, trade_results
from gridtokenx_indexer.market.settlement.keys import TradeKey
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection

_SQL = load("settlement")


async def earlier_executions(conn: Connection, keys: Iterable[TradeKey]) -> dict[TradeKey, Evidence]:
    """The finalized execution of each of `keys` that has one."""
    wanted = set(keys)
    found: dict[TradeKey, Evidence] = {}
    for epoch, zone in sorted({(key.epoch, key.zone) for key in wanted}):
        for row in await conn.fetch(_SQL["settled_events"], str(epoch), str(zone)):
            for key, result in trade_results([row["data"]]).items():
                if key in wanted and isinstance(result, Executed):
                    found.setdefault(key, Evidence(result, Slot(row["slot"]), Signature(row["signature"])))
    return found
