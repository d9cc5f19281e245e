"""The node's time: the wall clock, or the market clock somebody set."""

from __future__ import annotations

import time


class ChainClock:
    """Seconds since 1970 that never run backwards along the chain."""

    def __init__(self) -> None:
        self._offset_s = 0.0

    def set_unix(self, unix: float) -> None:
        """From now on the clock reads `unix` and goes on ticking."""
        self._offset_s = unix - time.time()

    def follow_wall(self) -> None:
        self._offset_s = 0.0

    def unix_time(self, parent_unix: int) -> int:
        """The time of a block on top of one at `parent_unix`."""
        return max(parent_unix, int(time.time() + self._offset_s))
