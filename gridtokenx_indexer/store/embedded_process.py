"""Processes of an embedded server: started so that they end with us, and found again when they did not."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from gridtokenx_indexer.store.embedded_paths import ServerUser

_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    # Loaded before the fork: the child of a threaded process must not take the loader's locks.
    libc = ctypes.CDLL(None)

    def in_child() -> None:
        # After the change of user, which would clear it. SIGINT is Postgres's fast shutdown.
        libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def spawn(
    command: Sequence[str | Path], *, user: ServerUser, directory: Path, output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own, so that a Ctrl-C on the terminal reaches only us.

    The calling thread must outlive the child: Linux counts a thread's end as the parent's death.
    """
    account = user.account
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent(os.getpid()),
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
    )


def processes_inside(directory: Path) -> list[int]:
    """Pids of Postgres processes that work in `directory`: a server and its backends, also orphaned ones.

    Empty where there is no /proc; Postgres's own lock file then stands alone against a second server.
    """
    found = []
    wanted = str(directory.resolve())
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdigit():
            try:
                # A shell that somebody left in the folder is none of our business.
                program = Path(os.readlink(entry / "exe")).name
                if program.startswith("postgres") and os.readlink(entry / "cwd") == wanted:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def end_processes_inside(directory: Path, *, patience_s: float) -> list[int]:
    """Ends what an earlier owner left running in `directory`, gently first; returns the pids it met."""
    met = processes_inside(directory)
    left = met
    for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        for pid in left:
            try:
                os.kill(pid, order)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + patience_s
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = processes_inside(directory)
        if not left:
            break
    return met
