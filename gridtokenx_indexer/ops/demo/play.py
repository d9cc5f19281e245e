"""The day, window by window.

For each window that has readings: both clocks move past its end, its readings come in and are minted, and the
orders of the window before are cleared and settled. When all of that is done, the orders of this window enter
the running epoch. The clocks never move while any operation is under way, so the same day gives the same
books.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.ids import Window
from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, epoch_of, epoch_start, window_end
from gridtokenx_indexer.ops.demo.clocks import Clock
from gridtokenx_indexer.ops.demo.day import Day, net_kwh
from gridtokenx_indexer.ops.demo.identities import Participant
from gridtokenx_indexer.ops.demo.orders import orders_of
from gridtokenx_indexer.ops.demo.people import SQL, write_orders, write_readings
from gridtokenx_indexer.ops.demo.persistence import patiently
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 0.25


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How the clocks are moved and how long the driver waits."""

    grace: timedelta
    """What minting waits after a window's end, and a little more."""
    patience_s: float = 300.0
    """Longest wait for the operations of one window."""

    def after(self, window: Window) -> datetime:
        """When the clocks may show that `window` is over."""
        return window_end(window) + self.grace

    def first_moment(self, day: Day) -> datetime:
        """What the clocks must show before the daemon starts: the time of the first move."""
        return self.after(min(reading.window for reading in day.readings))


Progress = Callable[[int, int], None]
"""Called with (windows played, windows in all)."""


class Player:
    def __init__(self, pool: Pool, clock: Clock, wake: Wake, pace: Pace) -> None:
        self._pool = pool
        self._clock = clock
        self._wake = wake
        self._pace = pace

    async def play(self, day: Day, participants: Sequence[Participant], progress: Progress) -> None:
        """Returns when every reading, order and trade has ended. Raises `StopError` when it stalls."""
        windows = day.by_window()
        ordered = list(windows)
        for played, window in enumerate(ordered):
            now = self._pace.after(window)
            await self._clock.move_to(now)
            await write_readings(self._pool, windows[window])
            await self._until_done(window, now)
            orders = orders_of(epoch_of(now), participants, net_kwh(windows[window]))
            await write_orders(self._pool, orders)
            progress(played + 1, len(ordered))
        await self._close_last_epoch(ordered[-1])

    async def _close_last_epoch(self, last: Window) -> None:
        """The epoch that holds the last window's orders ends, and every attempt gets its proof."""
        now = self._pace.after(last) + WINDOW_LENGTH
        await self._clock.move_to(now)
        await self._until_done(last, now)
        await self._until("unfinished_settlements")

    async def _until_done(self, window: Window, now: datetime) -> None:
        await self._until("unfinished_work", window, epoch_start(epoch_of(now)))

    async def _until(self, query: str, *parameters: object) -> None:
        never = asyncio.Event()
        deadline = asyncio.get_running_loop().time() + self._pace.patience_s
        while True:
            row = await patiently(lambda: self._pool.fetchrow(SQL[query], *parameters))
            assert row is not None
            left = {name: count for name, count in row.items() if count}
            if not left:
                return
            if asyncio.get_running_loop().time() > deadline:
                raise StopError(
                    f"the demo stalls: still unfinished after {self._pace.patience_s:.0f} s are {left}",
                    remedy="see the daemon's log, `queue list` and `epoch list`",
                )
            await self._wake.wait(_LOOK_AGAIN_S, never)
