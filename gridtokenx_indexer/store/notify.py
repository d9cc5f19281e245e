"""LISTEN as an alarm clock: services wake early, and would reach the same state without it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import asyncpg

from gridtokenx_indexer.store.pool import session_settings
from gridtokenx_indexer.store.waiting import wait_for_any

log = logging.getLogger(__name__)

_CHECK_INTERVAL_S = 10.0
_RECONNECT_PAUSE_S = 1.0


class Wake:
    """One subscriber's bell; a ring between two waits is kept for the next one."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, timeout_s: float, stop: asyncio.Event) -> None:
        """Returns at a notification, after the time, or when `stop` is set."""
        await wait_for_any(self._rung, stop, timeout_s=timeout_s)
        self._rung.clear()


class Notifications:
    """A service with the one connection that listens; subscribe before or after it runs."""

    def __init__(self, url: str, *, application_name: str = "gridtokenx-notify") -> None:
        self._url = url
        self._application_name = application_name
        self._wakes: dict[str, list[Wake]] = {}
        self._new_channel = asyncio.Event()
        self._listening = asyncio.Event()

    @property
    def name(self) -> str:
        return "notifications"

    @property
    def listening(self) -> asyncio.Event:
        """Set while every subscribed channel is listened to."""
        return self._listening

    def subscribe(self, *channels: str) -> Wake:
        """A bell that rings at any notification on these channels."""
        wake = Wake()
        for channel in channels:
            self._wakes.setdefault(channel, []).append(wake)
        self._listening.clear()
        self._new_channel.set()
        return wake

    async def run(self, stop: asyncio.Event) -> None:
        """Listens until `stop`; a lost connection is made again and rings every bell."""
        while not stop.is_set():
            try:
                await self._listen(stop)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("notifications_lost", extra={"error": repr(error)})
                await wait_for_any(stop, timeout_s=_RECONNECT_PAUSE_S)
            finally:
                self._listening.clear()

    async def _listen(self, stop: asyncio.Event) -> None:
        connection = await asyncpg.connect(
            self._url, server_settings=session_settings(self._application_name), timeout=10
        )
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        listened: set[str] = set()
        try:
            while not stop.is_set() and not lost.is_set():
                self._new_channel.clear()
                for channel in sorted(self._wakes.keys() - listened):
                    await connection.add_listener(channel, self._ring)
                    listened.add(channel)
                # What was sent before the LISTEN went unheard.
                self._ring_all()
                self._listening.set()
                while not (stop.is_set() or lost.is_set() or self._new_channel.is_set()):
                    await wait_for_any(stop, lost, self._new_channel, timeout_s=_CHECK_INTERVAL_S)
                    # A connection that died without a word shows only when it is used.
                    await connection.execute("SELECT 1", timeout=_CHECK_INTERVAL_S)
        finally:
            connection.terminate()

    def _ring(self, _connection: Any, _pid: int, channel: str, _payload: object) -> None:
        for wake in self._wakes.get(channel, ()):
            wake.ring()

    def _ring_all(self) -> None:
        for wakes in self._wakes.values():
            for wake in wakes:
                wake.ring()
