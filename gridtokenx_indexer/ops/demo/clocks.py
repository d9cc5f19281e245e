"""The two clocks that the demo moves."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import httpx

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.ops.demo.people import set_market_clock
from gridtokenx_indexer.ops.demo.persistence import patiently
from gridtokenx_indexer.store.pool import Pool


class Clock(Protocol):
    async def move_to(self, moment: datetime) -> None:
        """`moment` is now; time goes on from there."""
        ...


class MarketClock:
    """Only the database's market clock: on a real cluster nobody moves chain time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def move_to(self, moment: datetime) -> None:
        await set_market_clock(self._pool, moment)


class LocalClocks:
    """Chain time of a local node first, then the market clock: no window lies in the chain's future."""

    def __init__(self, pool: Pool, node_url: str) -> None:
        self._market = MarketClock(pool)
        self._node_url = node_url

    async def move_to(self, moment: datetime) -> None:
        await patiently(lambda: self._set_chain_time(moment))
        await self._market.move_to(moment)

    async def _set_chain_time(self, moment: datetime) -> None:
        call = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "localnet_setClock",
            "params": [{"unix": int(moment.timestamp())}],
        }
        async with httpx.AsyncClient(timeout=10) as client:
            answer = (await client.post(self._node_url, json=call)).json()
        if "error" in answer:
            raise StopError(
                f"the node does not move its clock: {answer['error']}",
                remedy="use the local node of this version",
            )
