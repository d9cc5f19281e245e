"""A copy of the database before its schema changes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.migration_files import Migration
from gridtokenx_indexer.store.pg_dump import run_pg_dump

_TIMEOUT_S = 24 * 3600


class BackupBeforeMigration:
    """Called by the runner when there is something to lose and something to apply.

    Writes `<database>-before-<version>-<UTC time>.dump` (pg_dump's custom format) into `directory`, with
    `program` or else with the package's own pg_dump. The migration starts only when it says that the copy is
    complete; raises `StopError` otherwise.
    """

    def __init__(self, url: str, directory: Path, program: Path | None = None) -> None:
        self._url = url
        self._directory = directory
        self._program = program

    def __call__(self, todo: Sequence[Migration]) -> None:
        self.write(todo[0].version)

    def write(self, version: int) -> Path:
        """The finished file; a partial one never has its name."""
        address = conninfo_to_dict(self._url)
        database = quote(str(address.get("dbname") or address.get("user") or "database"), safe="")
        target = self._directory / f"{database}-before-{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
        partial = target.with_suffix(".partial")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            # Created closed to others: it holds everything that the database holds.
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise StopError(
                f"cannot write a backup to {self._directory}, so nothing was migrated: {error.strerror}",
                remedy="correct database.backup_dir, or unset it",
            ) from error
        try:
            self._dump(partial)
            partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
        return target

    def _dump(self, partial: Path) -> None:
        arguments = ("--format=custom", f"--file={partial}")
        try:
            run_pg_dump(self._url, *arguments, timeout_s=_TIMEOUT_S, program=self._program)
        except (StopError, RetryableError) as error:
            raise type(error)(
                f"no backup, so nothing was migrated: {error.message}",
                remedy="name a pg_dump of the server's version or newer in database.pg_dump and make room in"
                " database.backup_dir; without database.backup_dir no backup is made",
            ) from error
