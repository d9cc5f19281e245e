"""Waiting for one of several events, at most for a time."""

from __future__ import annotations

import asyncio


async def wait_for_any(*events: asyncio.Event, timeout_s: float | None = None) -> None:
    """Returns when one of the events is set or the time is over, whichever is first."""
    if any(event.is_set() for event in events):
        return
    waiters = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiters, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)
