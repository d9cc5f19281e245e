"""Applies migrations: one at a time under sqlx's lock, each in one transaction with its ledger row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import psycopg
from psycopg.pq import TransactionStatus

from gridtokenx_indexer.domain.errors import GridTokenXError, RetryableError, StopError
from gridtokenx_indexer.store.migration_files import Migration, load_migrations, shipped_directory
from gridtokenx_indexer.store.migration_plan import LedgerRow, MigrationStatus, compare, objections, pending
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.sync_connection import SyncConnection, connect

_SQLX_LOCK_FACTOR = 0x3D32AD9E
_LOCK_POLL_S = 0.1
_APPLICATION = "gridtokenx-migrate"
OLDEST_SERVER = 15


@dataclass(frozen=True, slots=True)
class AppliedMigration:
    migration: Migration
    elapsed_ns: int


def lock_key(database: str) -> int:
    """The session advisory lock that sqlx's library takes for this database."""
    return _SQLX_LOCK_FACTOR * crc32(database.encode())


def read_ledger(connection: SyncConnection) -> tuple[LedgerRow, ...]:
    """The ledger's rows by version; empty when the database has no ledger yet."""
    queries = load("migrate")
    exists = connection.execute(queries["ledger_exists"]).fetchone()
    if exists is None or not exists[0]:
        return ()
    rows = connection.execute(queries["read_ledger"]).fetchall()
    return tuple(
        LedgerRow(version, description, installed_on, success, bytes(checksum), execution_time_ns)
        for version, description, installed_on, success, checksum, execution_time_ns in rows
    )


def migration_status(url: str, *, directory: Path | None = None) -> tuple[MigrationStatus, ...]:
    """Every migration known to the files or to the database; changes nothing."""
    migrations = load_migrations(directory or shipped_directory())
    with connect(url, application_name=_APPLICATION) as connection:
        return compare(migrations, read_ledger(connection))


def migrate(
    url: str,
    *,
    directory: Path | None = None,
    lock_timeout_s: float = 60.0,
    on_applied: Callable[[AppliedMigration], None] | None = None,
    before_change: Callable[[Sequence[Migration]], None] | None = None,
) -> tuple[AppliedMigration, ...]:
    """Brings the database up to the files and returns what was applied; nothing to do is no error.

    Safe to call from any number of processes at once. `before_change` gets what is about to be applied,
    under the lock, when the database holds tables, ours or not; what it raises stops the run. Raises
    `StopError` for a changed or missing file, a database newer than the files or a migration that fails;
    `RetryableError` when the server cannot be reached or another runner keeps the lock.
    """
    migrations = load_migrations(directory or shipped_directory())
    with connect(url, application_name=_APPLICATION) as connection, _locked(connection, lock_timeout_s):
        require_server(connection.info.server_version)
        connection.execute(load("migrate")["without_time_limits"])
        ledger = read_ledger(connection)
        statuses = compare(migrations, ledger)
        raise_first(objections(statuses))
        todo = pending(statuses)
        if todo and before_change is not None and _holds_tables(connection):
            before_change(todo)
        if todo:
            connection.execute(load("migrate")["create_ledger"])
        done: list[AppliedMigration] = []
        for migration in todo:
            applied = AppliedMigration(migration, _apply(connection, migration))
            done.append(applied)
            if on_applied is not None:
                on_applied(applied)
        return tuple(done)


def require_server(version: int) -> None:
    """Raises `StopError` for a server whose version number (180006 is 18.6) is too low for the migrations."""
    if version < OLDEST_SERVER * 10_000:
        raise StopError(
            f"the server is PostgreSQL {version // 10_000}; the migrations need {OLDEST_SERVER} or newer",
            remedy="give a newer server in DATABASE_URL",
        )


def raise_first(errors: Sequence[StopError]) -> None:
    """Raises the first of several objections; the others stay visible in `db status`."""
    if errors:
        raise errors[0]


@contextmanager
def _locked(connection: SyncConnection, timeout_s: float) -> Iterator[None]:
    queries = load("migrate")
    database = connection.execute(queries["database_name"]).fetchone()
    assert database is not None
    key = lock_key(database[0])
    deadline = time.monotonic() + timeout_s
    while True:
        got = connection.execute(queries["try_lock"], (key,)).fetchone()
        if got is not None and got[0]:
            break
        if time.monotonic() >= deadline:
            raise RetryableError(
                f"another process has been migrating {database[0]} for {timeout_s:.0f} s",
                remedy=f"wait for it, or find its advisory lock {key} in pg_locks",
            )
        time.sleep(_LOCK_POLL_S)
    try:
        yield
    finally:
        if not connection.broken and connection.info.transaction_status == TransactionStatus.IDLE:
            connection.execute(queries["unlock"], (key,))


def _apply(connection: SyncConnection, migration: Migration) -> int:
    queries = load("migrate")
    started_ns = time.monotonic_ns()
    try:
        connection.execute("BEGIN")
        connection.execute(migration.content)
        if connection.info.transaction_status != TransactionStatus.INTRANS:
            raise StopError(
                f"migration {migration.file_name} ends its transaction itself and is not recorded",
                remedy="remove BEGIN, COMMIT and ROLLBACK from it and undo what it left",
            )
        connection.execute(
            queries["record_migration"],
            (migration.version, migration.description, migration.checksum),
        )
        connection.execute("COMMIT")
    except psycopg.Error as error:
        if not connection.broken and connection.info.transaction_status != TransactionStatus.IDLE:
            connection.execute("ROLLBACK")
        raise _failure(migration, error, lost=connection.broken) from error
    elapsed_ns = time.monotonic_ns() - started_ns
    connection.execute(queries["record_time"], (elapsed_ns, migration.version))
    return elapsed_ns


def _holds_tables(connection: SyncConnection) -> bool:
    row = connection.execute(load("migrate")["holds_tables"]).fetchone()
    return row is not None and bool(row[0])


def _failure(migration: Migration, error: psycopg.Error, *, lost: bool) -> GridTokenXError:
    position = error.diag.statement_position
    # Positions count characters of the text that was sent, which is the whole file.
    line = migration.content.decode()[: int(position)].count("\n") + 1 if position else None
    where = f"{migration.file_name}:{line}" if line else migration.file_name
    told = error.diag.message_primary or " ".join(str(error).split())
    more = [error.diag.message_detail, error.diag.message_hint, error.diag.context]
    shown = " ".join(" ".join(text.split()) for text in more if text)
    message = f"migration {where} failed: {told}{f' ({shown})' if shown else ''}"
    if lost:
        # The server may have committed before the connection went.
        return RetryableError(message, remedy="db status says whether it was applied; run db migrate again")
    if isinstance(error, psycopg.OperationalError):
        return RetryableError(message, remedy="nothing of it was applied; run db migrate again")
    return StopError(
        message, remedy="nothing of it was applied; remove the cause named above, then run db migrate again"
    )
