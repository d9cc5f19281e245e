"""Running one piece of asynchronous work that Ctrl-C and SIGTERM end in an orderly way."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

EXIT_INTERRUPTED = 130


def run_interruptible(work: Coroutine[Any, Any, int]) -> int:
    """The exit code of `work`, or 130 when a signal cancelled it. Its cleanup is never interrupted twice."""
    return asyncio.run(_run(work))


async def _run(work: Coroutine[Any, Any, int]) -> int:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    interrupted = False

    def on_signal() -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    try:
        return await task
    except asyncio.CancelledError:
        if not interrupted:
            raise
        return EXIT_INTERRUPTED
