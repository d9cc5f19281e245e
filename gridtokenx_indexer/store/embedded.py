"""A Postgres of our own, for when no DATABASE_URL is given.

The server is our child: it listens only on a Unix socket in a folder that its user alone may enter, it ends
when we end, however we end, and what a killed predecessor left is cleaned up before the start. A server that
is killed under us is started again. A lock on the data directory names its owner; commands may use the server
of the owner instead of starting one.
"""

from __future__ import annotations

import atexit
import logging
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.embedded_cluster import (
    SUPERUSER,
    create_cluster,
    log_tail,
    rotate_log,
    socket_folder,
)
from gridtokenx_indexer.store.embedded_lock import DataDirLock, running_socket_dir
from gridtokenx_indexer.store.embedded_paths import ServerUser, prepare_data_dir, server_programs
from gridtokenx_indexer.store.embedded_process import end_processes_inside, spawn

log = logging.getLogger(__name__)

DATABASE = "gridtokenx"
_POLL_S = 0.05
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 30.0
_ORPHAN_PATIENCE_S = 10.0
_RESTART_LIMIT = 5
_RESTART_PERIOD_S = 60.0

SERVER_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    # A statement takes a lock for each partition it touches.
    "max_locks_per_transaction": "256",
}

NO_DURABILITY: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}
"""For tests: a crash of the machine may lose the cluster, a crash of the server does not."""


class EmbeddedPostgres:
    """Starts, watches and stops one server over `data_dir`; a context manager.

    `share=True` (commands) uses the server of another process when one owns the directory; otherwise the
    directory must become free within `lock_timeout_s`.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        share: bool = False,
        settings: Mapping[str, str] | None = None,
        lock_timeout_s: float = 15.0,
    ) -> None:
        self._data_dir = data_dir.expanduser().resolve()
        self._pgdata = self._data_dir / "postgres"
        self._log_path = self._data_dir / "postgres.log"
        self._share = share
        self._settings = {**SERVER_SETTINGS, **(settings or {})}
        self._lock_timeout_s = lock_timeout_s
        self._lock = DataDirLock(self._data_dir / "postgres.lock")
        self._user = ServerUser.choose()
        self._socket_dir: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._failure: str | None = None

    @property
    def pid(self) -> int | None:
        """The server's pid when it is our child."""
        return self._process.pid if self._process else None

    @property
    def owned(self) -> bool:
        """Whether this object started the server, and so will stop it."""
        return self._keeper is not None

    def url(self, database: str = DATABASE) -> str:
        if self._socket_dir is None:
            raise StopError("the embedded Postgres is not running", remedy="start it first")
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(self._socket_dir, safe='/')}"

    def start(self) -> str:
        """Returns the URL of the server's database; raises `StopError` with the server's own words."""
        prepare_data_dir(self._data_dir, self._user)
        if self._take_lock():
            try:
                self._start_server()
            except BaseException:
                self.stop()
                raise
            atexit.register(self.stop)
        self._ensure_database()
        return self.url()

    def stop(self) -> None:
        """Stops the server if it is ours; may be called again and from any thread."""
        self._stopping.set()
        atexit.unregister(self.stop)
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                if self._process is not None and self._process.poll() is None:
                    self._process.send_signal(order)
                keeper.join(_STOP_TIMEOUT_S)
                if not keeper.is_alive():
                    break
            log.info("embedded_postgres_stopped", extra={"data_dir": str(self._data_dir)})
        self._lock.release()
        self._socket_dir = None

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_lock(self) -> bool:
        deadline = time.monotonic() + self._lock_timeout_s
        while not self._lock.acquire():
            if self._share:
                self._socket_dir = running_socket_dir(self._pgdata)
                if self._socket_dir is not None and self._answers():
                    log.info("embedded_postgres_shared", extra={"owner_pid": self._lock.holder()})
                    return False
            if time.monotonic() >= deadline:
                raise StopError(
                    f"{self._data_dir} is in use by process {self._lock.holder()}",
                    remedy="stop that process, give another --data-dir, or set DATABASE_URL",
                )
            time.sleep(_POLL_S)
        return True

    def _start_server(self) -> None:
        orphans = end_processes_inside(self._pgdata, patience_s=_ORPHAN_PATIENCE_S)
        if orphans:
            log.warning("embedded_postgres_orphans_ended", extra={"pids": orphans})
        programs = server_programs(self._data_dir, self._user)
        durable = self._settings.get("fsync", "on") != "off"
        created = create_cluster(self._pgdata, programs=programs, user=self._user, durable=durable)
        # Postgres removes this file when it stops in order.
        recovering = (self._pgdata / "postmaster.pid").exists()
        self._socket_dir = str(socket_folder(self._data_dir, self._user))
        rotate_log(self._log_path)
        self._keeper = threading.Thread(
            target=self._keep, args=(programs,), name="embedded-postgres", daemon=True
        )
        self._keeper.start()
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._answers():
            if self._failure is not None or time.monotonic() >= deadline:
                raise StopError(
                    f"the embedded Postgres in {self._data_dir} did not start:"
                    f" {self._failure or 'no answer in time'}; its log ends: {log_tail(self._log_path)}",
                    remedy=f"see {self._log_path}, or set DATABASE_URL",
                )
            time.sleep(_POLL_S)
        self._ready.set()
        log.info(
            "embedded_postgres_started",
            extra={
                "data_dir": str(self._data_dir),
                "pid": self.pid,
                "socket_dir": self._socket_dir,
                "new_cluster": created,
                "recovered_from_crash": recovering,
            },
        )

    def _keep(self, programs: Path) -> None:
        """Runs in a thread that lives as long as the server, as `spawn` asks for."""
        command: list[str | Path] = [programs / "postgres", "-D", self._pgdata, "-k", str(self._socket_dir)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        deaths: deque[float] = deque(maxlen=_RESTART_LIMIT)
        while not self._stopping.is_set():
            try:
                with self._log_path.open("ab") as output:
                    self._process = spawn(command, user=self._user, directory=self._data_dir, output=output)
                    code = self._process.wait()
            except OSError as error:
                self._failure = str(error)
                return
            if self._stopping.is_set():
                return
            deaths.append(time.monotonic())
            restart = self._ready.is_set() and not (
                len(deaths) == _RESTART_LIMIT and deaths[-1] - deaths[0] < _RESTART_PERIOD_S
            )
            log.error("embedded_postgres_died", extra={"exit_code": code, "restarting": restart})
            if not restart:
                self._failure = f"it ended with code {code}"
                return
            end_processes_inside(self._pgdata, patience_s=_ORPHAN_PATIENCE_S)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _ensure_database(self) -> None:
        try:
            with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=10) as connection:
                found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,))
                if found.fetchone() is None:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg.errors.DuplicateDatabase:
            return
        except psycopg.OperationalError as error:
            raise RetryableError(f"the embedded Postgres went away: {error}", remedy="start again") from error
