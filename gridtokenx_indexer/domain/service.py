"""What the supervisor runs."""

from __future__ import annotations

import asyncio
from typing import Protocol


class Service(Protocol):
    """One long-running part of the daemon.

    `run` returns soon after `stop` is set, having finished or released what it holds. It raises a member of
    the error tree: the supervisor restarts it on `RetryableError` and stops the daemon on `StopError`.
    """

    @property
    def name(self) -> str: ...

    async def run(self, stop: asyncio.Event) -> None: ...
