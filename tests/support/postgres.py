"""Databases for tests: one server per session, one migrated template, a fresh copy of it per test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from gridtokenx_indexer.store.embedded import NO_DURABILITY, EmbeddedPostgres
from gridtokenx_indexer.store.migrate import OLDEST_SERVER, migrate

_MEMORY_NEEDED_BYTES = 3_000_000_000
_LOCKS_NEEDED = 256
"""A test may touch every table and partition in one transaction."""
SERVER_VARIABLE = "TEST_DATABASE_URL"
_SMALL = {**NO_DURABILITY, "shared_buffers": "64MB", "max_wal_size": "512MB", "autovacuum": "off"}


class DatabaseServer:
    """Creates and drops databases on a server where we may do so."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self._prefix = f"gtx_{uuid4().hex[:8]}"
        self._numbers = count(1)
        self._template: str | None = None

    def url(self, database: str) -> str:
        return urlunsplit(urlsplit(self.admin_url)._replace(path=f"/{database}"))

    def execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)

    def create(self, template: str = "template0") -> str:
        """Creates a database and returns its name."""
        name = f"{self._prefix}_{next(self._numbers)}"
        self.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return name

    def drop(self, name: str) -> None:
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self) -> str:
        """The migrated database that tests copy; made at its first use."""
        if self._template is None:
            name = self.create()
            migrate(self.url(name))
            self._template = name
        return self._template

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a database of its own, dropped afterwards."""
        name = self.create(self.template() if migrated else "template0")
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def close(self) -> None:
        if self._template is not None:
            self.drop(self._template)


def server_folder() -> Path:
    """A new folder for a server, in memory where there is room: a database is thousands of small files."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _MEMORY_NEEDED_BYTES
    return Path(tempfile.mkdtemp(prefix="gtx-test-pg-", dir=memory if roomy else None))


def require_fit(url: str) -> None:
    """Raises `RuntimeError` for a server on which tests would fail one by one for the same reason."""
    ((version, superuser, locks),) = query(
        url,
        "SELECT current_setting('server_version_num')::int / 10000, rolsuper,"
        " current_setting('max_locks_per_transaction')::int FROM pg_roles WHERE rolname = current_user",
    )
    if version < OLDEST_SERVER or not superuser or locks < _LOCKS_NEEDED:
        raise RuntimeError(
            f"{SERVER_VARIABLE} needs PostgreSQL {OLDEST_SERVER} or newer (is {version}), a superuser (is"
            f" {'one' if superuser else 'none'}), max_locks_per_transaction of {_LOCKS_NEEDED} (is {locks})"
        )


@contextmanager
def database_server() -> Iterator[DatabaseServer]:
    """The server that TEST_DATABASE_URL names, else an embedded one that is thrown away."""
    given = os.environ.get(SERVER_VARIABLE)
    if given:
        require_fit(given)
        server = DatabaseServer(given)
        try:
            yield server
        finally:
            server.close()
        return
    directory = server_folder()
    try:
        with EmbeddedPostgres(directory, settings=_SMALL) as embedded:
            yield DatabaseServer(embedded.url("postgres"))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def query(url: str, statement: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """Runs one statement and returns its rows, none for a statement without a result."""
    with psycopg.connect(url, autocommit=True) as connection:
        # A statement with parameters may be only one; a script of several takes none.
        cursor = connection.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []
