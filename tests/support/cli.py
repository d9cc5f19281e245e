"""The command line as a process."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from gridtokenx_indexer.ops.demo.workspace import clean_environment

ROOT = Path(__file__).parents[2]
_LIMIT_S = 60.0


class Outcome(NamedTuple):
    code: int
    stdout: str
    stderr: str


class Running:
    """A command on its way."""

    def __init__(self, process: asyncio.subprocess.Process, limit_s: float) -> None:
        self._process = process
        self._limit_s = limit_s

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def outcome(self) -> Outcome:
        """Waits for its end; a command that a signal killed has the negative number as its code."""
        stdout, stderr = await asyncio.wait_for(self._process.communicate(), self._limit_s)
        assert self._process.returncode is not None
        return Outcome(self._process.returncode, stdout.decode(), stderr.decode())


@asynccontextmanager
async def running_cli(
    *arguments: str, environment: Mapping[str, str] | None = None, limit_s: float = _LIMIT_S
) -> AsyncIterator[Running]:
    """Killed at the end if it still runs; the settings of whoever runs the tests do not reach it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gridtokenx_indexer.ops.cli",
        *arguments,
        env={**clean_environment(), **(environment or {})},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Running(process, limit_s)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def run_cli(
    *arguments: str, environment: Mapping[str, str] | None = None, limit_s: float = _LIMIT_S
) -> Outcome:
    """Runs to its end."""
    async with running_cli(*arguments, environment=environment, limit_s=limit_s) as running:
        return await running.outcome()
