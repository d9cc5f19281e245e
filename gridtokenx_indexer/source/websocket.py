"""A bell that rings with each new slot. What it says is never used: polling alone reaches the same state."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from itertools import cycle
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.endpoints import endpoint_label

log = logging.getLogger(__name__)

_SUBSCRIBE = '{"jsonrpc":"2.0","id":1,"method":"slotSubscribe"}'
_PAUSE_MIN_S = 0.5
_PAUSE_MAX_S = 30.0


def websocket_urls(config: RpcConfig) -> tuple[str, ...]:
    """As configured, else by Solana's habit: the port after the HTTP port, or the same host without one."""
    return config.ws_urls or tuple(_websocket_url(url) for url in config.urls)


def _websocket_url(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition(":")[0] + f":{parts.port + 1}" if parts.port else parts.netloc
    return urlunsplit(parts._replace(scheme="wss" if parts.scheme == "https" else "ws", netloc=host))


class SlotBell:
    """`rung` is set at every slot notification and cleared by whoever waits for it."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = urls
        self.rung = asyncio.Event()
        self.subscriptions = 0
        """How many were made since the start."""

    async def run(self) -> None:
        """Until cancelled. Listens to one endpoint at a time, and to the next when it fails."""
        pause_s = _PAUSE_MIN_S
        for url in cycle(self._urls):
            heard = await self._listen(url)
            pause_s = _PAUSE_MIN_S if heard else min(pause_s * 2, _PAUSE_MAX_S)
            await asyncio.sleep(pause_s)

    async def _listen(self, url: str) -> bool:
        """Whether a notification came before the connection ended."""
        heard = False
        try:
            async with connect(url, open_timeout=10, ping_interval=20, ping_timeout=20) as socket:
                await socket.send(_SUBSCRIBE)
                async for message in socket:
                    if "slotNotification" in str(message):
                        heard = True
                        self.rung.set()
                    else:
                        self.subscriptions += 1
        except (OSError, TimeoutError, WebSocketException) as error:
            log.info("slot_bell_lost", extra={"endpoint": endpoint_label(url), "error": repr(error)})
        return heard
