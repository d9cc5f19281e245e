"""The demo as a process of its own, watched and disturbed from outside."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from gridtokenx_indexer.ops.demo.day import packaged_day
from gridtokenx_indexer.ops.demo.workspace import clean_environment

COMMAND = (sys.executable, "-m", "gridtokenx_indexer.ops.cli")
LIMIT_S = 100.0
_LOOK_S = 0.02


def write_small_day(path: Path, *, meters: int, first_hour: int, hours: int) -> Path:
    """Some meters and hours of the packaged day."""
    with packaged_day().open(newline="") as file:
        header, *rows = list(csv.reader(file))
    serials = sorted({row[0] for row in rows})
    chosen = set(serials[:: len(serials) // meters][:meters])
    wanted = {f"T{hour:02d}:" for hour in range(first_hour, first_hour + hours)}
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(row for row in rows if row[0] in chosen and row[2][10:14] in wanted)
    return path


class DemoRun:
    """One `demo` command; everything about it lies in a folder of its own until `close`."""

    def __init__(self, day: Path, *options: str) -> None:
        # Not a folder of pytest's: the embedded server's user may not enter those.
        folder = self.folder = Path(tempfile.mkdtemp(prefix="gtx-test-demo-"))
        self.report_path = folder / "report.json"
        self._output_path = folder / "output.txt"
        self._arguments = ("demo", "--readings", str(day), "--folder", str(folder))
        self._options = ("--json", str(self.report_path), *options)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> DemoRun:
        with self._output_path.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND,
                *self._arguments,
                *self._options,
                env=clean_environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self

    @property
    def output(self) -> str:
        return self._output_path.read_text(errors="replace")

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    async def finish(self) -> dict[str, Any]:
        """The report of a run that must succeed."""
        code = await asyncio.wait_for(self.process.wait(), LIMIT_S)
        assert code == 0, f"exit code {code}{self._evidence()}"
        report: dict[str, Any] = json.loads(self.report_path.read_text())
        return report

    async def close(self) -> None:
        """Ends whatever is left, without mercy."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        await all_ended(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def state(self) -> dict[str, Any]:
        path = self.folder / "demo.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def daemon_log(self) -> str:
        path = self.folder / "daemon.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def postgres_pid(self) -> int:
        """Raises `FileNotFoundError` until the starting server has filled its file."""
        path = self.folder / "postgres" / "postmaster.pid"
        lines = path.read_text().splitlines()
        if not lines:
            raise FileNotFoundError(path)
        return int(lines[0])

    async def until(self, condition: Callable[[], Awaitable[bool]], what: str) -> None:
        """Looks until `condition` holds; a database that is away counts as not yet."""
        deadline = time.monotonic() + LIMIT_S
        while True:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, httpx.TransportError):
                if await condition():
                    return
            assert self.process.returncode is None, f"the demo ended before {what}{self._evidence()}"
            assert time.monotonic() < deadline, f"never {what}{self._evidence()}"
            await asyncio.sleep(_LOOK_S)

    def _evidence(self) -> str:
        return f"\n{self.output}\n{self.daemon_log()[-6000:]}"

    async def playing(self) -> None:
        async def windows_begin() -> bool:
            return "playing" in self.output

        await self.until(windows_begin, "the windows begin")

    async def value(self, statement: str, *parameters: object) -> Any:
        connection = await asyncpg.connect(self.state()["database_url"], timeout=5)
        try:
            return await connection.fetchval(statement, *parameters)
        finally:
            await connection.close()

    async def rows(self, statement: str, *parameters: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.state()["database_url"], timeout=5)
        try:
            return list(await connection.fetch(statement, *parameters))
        finally:
            await connection.close()

    async def node(self, method: str, *params: object) -> Any:
        """A call to the local node of the run."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        async with httpx.AsyncClient(timeout=10) as client:
            answer = (await client.post(self.state()["node_url"], json=body)).json()
        assert "error" not in answer, answer
        return answer["result"]


StartDemo = Callable[..., Awaitable[DemoRun]]
"""Called with options of the command, and perhaps a `day` of its own."""


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def processes_of(folder: Path) -> list[str]:
    """Command lines of processes that have to do with `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (entry / "environ").read_bytes().decode(errors="replace")
            if str(folder) in command or str(folder) in environment:
                found.append(command.strip())
    return found


async def all_ended(folder: Path) -> None:
    """Returns when no process has to do with `folder` any more."""
    deadline = time.monotonic() + LIMIT_S
    while left := processes_of(folder):
        assert time.monotonic() < deadline, left
        await asyncio.sleep(_LOOK_S)
