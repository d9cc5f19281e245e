"""Child processes that live and die together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, TypeVar

from gridtokenx_indexer.ops.demo.processes import ChildProcess

Result = TypeVar("Result")


class ProcessGroup:
    """`async with` it; at the end every process is stopped, the last one added first."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._children: list[ChildProcess] = []
        self._watchers: list[asyncio.Task[None]] = []
        self.on_change = on_change

    async def add(self, child: ChildProcess) -> None:
        """Starts `child` and watches over it."""
        self._children.append(child)
        child.on_start = self.on_change
        await child.start()
        self._watchers.append(asyncio.create_task(child.watch(), name=f"watch {child.name}"))

    async def during(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, unless a process fails meanwhile: then that failure is raised."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, *self._watchers}, return_when=asyncio.FIRST_COMPLETED)
            for watcher in self._watchers:
                if watcher.done():
                    watcher.result()
            return await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def __aenter__(self) -> ProcessGroup:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._children):
            await child.stop()
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
