"""Waiting for a condition with a deadline; tests never just sleep."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_LIMIT_S = 60.0
_LOOK_S = 0.01


async def eventually(condition: Callable[[], Awaitable[object]], what: str) -> None:
    """Looks until `condition` is true; fails saying what never came."""
    deadline = time.monotonic() + _LIMIT_S
    while True:
        if await condition():
            return
        assert time.monotonic() < deadline, f"never {what}"
        await asyncio.sleep(_LOOK_S)
