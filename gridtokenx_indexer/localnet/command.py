"""The body of `gridtokenx-indexer localnet`."""

from __future__ import annotations

import asyncio
import logging
import signal

from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.node import LocalNode

logger = logging.getLogger("gridtokenx.localnet")


def run_localnet(config: LocalNodeConfig) -> None:
    """Serve a node until SIGINT or SIGTERM; raises `StopError` when it cannot start."""
    asyncio.run(serve_localnet(config))


async def serve_localnet(config: LocalNodeConfig, stop: asyncio.Event | None = None) -> None:
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with LocalNode(config) as node:
        logger.info(
            "localnet_started",
            extra={
                "http_url": node.http_url,
                "ws_url": node.ws_url,
                "genesis_hash": node.genesis_hash,
                "slot_ms": config.slot_ms,
                "finality_slots": config.finality_slots,
            },
        )
        await node.run_until(stop)
    logger.info("localnet_stopped")
