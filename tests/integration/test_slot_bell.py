"""The bell that the websocket rings."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.node import LocalNode
from gridtokenx_indexer.source.websocket import SlotBell

DEADLINE_S = 20


async def until_rung(bell: SlotBell, node: LocalNode) -> None:
    """Lets slots pass until one is heard."""
    async with asyncio.timeout(DEADLINE_S):
        while not bell.rung.is_set():
            node.produce()
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.rung.wait(), 0.02)
    bell.rung.clear()


async def stopped(listening: asyncio.Task[None]) -> None:
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_it_rings_with_a_new_slot_and_again_after_the_node_was_away() -> None:
    config = LocalNodeConfig(port=0, slot_ms=0)
    async with LocalNode(config) as node:
        port = int(node.http_url.rpartition(":")[2])
        bell = SlotBell((node.ws_url,))
        listening = asyncio.create_task(bell.run())
        await until_rung(bell, node)
    async with LocalNode(LocalNodeConfig(port=port, slot_ms=0)) as again:
        await until_rung(bell, again)
    assert bell.subscriptions == 2
    await stopped(listening)


async def test_an_endpoint_that_fails_gives_way_to_the_next() -> None:
    async with LocalNode(LocalNodeConfig(port=0, slot_ms=0)) as node:
        bell = SlotBell(("ws://127.0.0.1:9", node.ws_url))
        listening = asyncio.create_task(bell.run())
        await until_rung(bell, node)
        await stopped(listening)


async def test_without_endpoints_it_is_silent() -> None:
    await asyncio.wait_for(SlotBell(()).run(), DEADLINE_S)
