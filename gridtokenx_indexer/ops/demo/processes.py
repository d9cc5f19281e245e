"""The processes that the demo starts, watches and ends."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from gridtokenx_indexer.domain.errors import StopError

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_EXIT_RETRY = 75
_RESTART_PAUSE_S = 0.2
_STOP_LIMIT_S = 30.0
# -P: the package of this process, not one that happens to lie in the current folder.
COMMAND = (sys.executable, "-P", "-m", "gridtokenx_indexer.ops.cli")


class ChildProcess:
    """One command of ours as a process of its own.

    `restarts=True` starts it again after it was killed or asked for it (exit code 75), as systemd would. Any
    other end before `stop` fails `watch`. It runs in a session of its own, so that Ctrl-C reaches only the
    demo, and ends with the demo even when that is killed.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        log_path: Path,
        restarts: bool,
        remedy: str | None = None,
    ) -> None:
        self.name = name
        self.restarts = 0
        self.on_start: Callable[[], None] = lambda: None
        self._arguments = tuple(arguments)
        self._environment = dict(environment)
        self._log_path = log_path
        self._remedy = remedy or f"see {log_path}"
        self._restart = restarts
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def signal(self, number: signal.Signals) -> None:
        """Sends it to the process as it runs now."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    async def ended(self) -> int:
        """The exit code of the process as it runs now, once it has ended."""
        assert self._process is not None
        return await self._process.wait()

    async def start(self) -> None:
        with self._log_path.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND,
                *self._arguments,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_end_with_parent(),
            )
        log.info("process_started", extra={"child": self.name, "pid": self._process.pid})
        self.on_start()

    async def watch(self) -> None:
        """Runs until `stop`; raises `StopError` when the process ends in a way that no restart mends."""
        while True:
            assert self._process is not None
            code = await self._process.wait()
            if self._stopping:
                return
            if not self._restart or (code >= 0 and code != _EXIT_RETRY):
                raise StopError(
                    f"the {self.name} ended with code {code}: {self.last_words()}",
                    remedy=self._remedy,
                )
            self.restarts += 1
            log.warning("process_restarting", extra={"child": self.name, "exit_code": code})
            await asyncio.sleep(_RESTART_PAUSE_S)
            if self._stopping:
                return
            await self.start()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when that does not end it in time."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_LIMIT_S)
        except TimeoutError:
            log.warning("process_killed", extra={"child": self.name})
            process.kill()
            await process.wait()

    def last_words(self) -> str:
        """What it said about its end: its last error, else its last line."""
        lines = self._log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        spoken = [line for line in lines if line.strip()]
        errors = (words for line in reversed(spoken) if (words := _error_in(line)))
        return next(errors, spoken[-1] if spoken else "no output")


class _LogLine(msgspec.Struct):
    level: str
    event: str
    error: str = ""


def _error_in(line: str) -> str | None:
    if line.startswith("error: "):
        return line.removeprefix("error: ")
    try:
        record = msgspec.json.decode(line, type=_LogLine)
    except msgspec.MsgspecError:
        return None
    return f"{record.event} {record.error}".strip() if record.level == "error" else None


def _end_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def in_child() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return in_child
