"""One owner per data directory, and how another process finds the owner's server."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

_POSTMASTER_SOCKET_LINE = 4


class DataDirLock:
    """An advisory file lock that the system releases when its holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """Takes the lock unless somebody else has it."""
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def holder(self) -> str:
        """The pid that the current or last holder wrote, for messages."""
        return self._path.read_text(encoding="ascii") or "unknown"


def running_socket_dir(pgdata: Path) -> str | None:
    """The socket folder that a running server recorded in its lock file."""
    try:
        lines = (pgdata / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return lines[_POSTMASTER_SOCKET_LINE] if len(lines) > _POSTMASTER_SOCKET_LINE else None
