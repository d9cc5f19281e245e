"""A copy of the database before its schema changes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.embedded_paths import installed_programs
from gridtokenx_indexer.store.migration_files import Migration
from gridtokenx_indexer.store.pool import masked

_TIMEOUT_S = 24 * 3600


class BackupBeforeMigration:
    """Called by the runner when there is something to lose and something to apply.

    Writes `<database>-before-<version>-<UTC time>.dump` (pg_dump's custom format) into `directory`. The
    migration starts only when pg_dump says that it is complete; raises `StopError` otherwise.
    """

    def __init__(self, url: str, directory: Path) -> None:
        self._url = url
        self._directory = directory

    def __call__(self, todo: Sequence[Migration]) -> None:
        self.written = self.write(todo[0].version)

    def write(self, version: int) -> Path:
        """The finished file; a partial one never has its name."""
        database = unquote(urlsplit(self._url).path.lstrip("/"))
        target = self._directory / f"{database}-before-{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
        partial = target.with_suffix(".partial")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            # Created closed to others: it holds everything that the database holds.
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise StopError(
                f"cannot write a backup to {self._directory}: {error}", remedy="correct database.backup_dir"
            ) from error
        self._dump(partial)
        partial.rename(target)
        return target

    def _dump(self, partial: Path) -> None:
        # The address without its password: arguments are public on the machine, the environment is not.
        parts = urlsplit(self._url)
        password = parts.password
        if password:
            parts = parts._replace(netloc=parts.netloc.replace(f":{password}@", "@", 1))
        program = installed_programs() / "bin" / "pg_dump"
        command = [str(program), "--format=custom", f"--file={partial}", urlunsplit(parts)]
        environment = {**os.environ, **({"PGPASSWORD": unquote(password)} if password else {})}
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise RetryableError(f"the backup of {masked(self._url)} took longer than a day") from error
        if done.returncode != 0:
            partial.unlink(missing_ok=True)
            raise StopError(
                f"no backup of {masked(self._url)}, so nothing was migrated: {done.stderr.strip()}",
                remedy="make pg_dump work, or unset database.backup_dir",
            )
