"""The embedded server: ends with its owner, heals after kills, is shared, and says why it cannot start."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import StopError, UsageError
from gridtokenx_indexer.store import embedded_paths
from gridtokenx_indexer.store.catalogue import catalogue_differences
from gridtokenx_indexer.store.embedded import NO_DURABILITY, EmbeddedPostgres
from gridtokenx_indexer.store.embedded_paths import (
    DEFAULT_DATA_DIR,
    ServerUser,
    chosen_data_dir,
    prepare_data_dir,
    server_programs,
)
from gridtokenx_indexer.store.embedded_process import processes_inside, spawn
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.migration_files import load_migrations, shipped_directory
from tests.support.postgres import query, require_fit, server_folder

ROOT = Path(__file__).parents[2]
SMALL = {**NO_DURABILITY, "shared_buffers": "16MB"}
OWNER = """
import signal, sys
from pathlib import Path
from gridtokenx_indexer.store.embedded import NO_DURABILITY, EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), settings={**NO_DURABILITY, "shared_buffers": "16MB"})
print(server.start(), flush=True)
signal.pause()
"""

MIGRATING_OWNER = """
import os, signal, sys
from pathlib import Path
import psycopg
from gridtokenx_indexer.store.embedded import EmbeddedPostgres
from gridtokenx_indexer.store.migrate import migrate
server = EmbeddedPostgres(Path(sys.argv[1]), settings={"shared_buffers": "16MB"})
url, execute, left = server.start(), psycopg.Connection.execute, int(sys.argv[2])
def counted(*arguments, **options):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return execute(*arguments, **options)
psycopg.Connection.execute = counted
migrate(url)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that the server's user can reach; pytest's own temporary folders are closed to others."""
    folder = server_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline


def answers(url: str) -> bool:
    try:
        return query(url, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def test_data_survives_a_stop(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        query(server.url(), "CREATE TABLE kept (id int)")
        assert server.owned
    assert processes_inside(data_dir / "postgres") == []
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        assert query(server.url(), "SELECT count(*) FROM kept") == [(0,)]


def test_only_its_own_user_can_reach_it(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        assert query(server.url(), "SHOW listen_addresses") == [("",)]
        assert (data_dir / "run").stat().st_mode & 0o077 == 0
        assert (data_dir / "postgres").stat().st_mode & 0o077 == 0


def test_stop_may_be_called_again(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, settings=SMALL)
    server.start()
    server.stop()
    server.stop()
    with pytest.raises(StopError, match="not running"):
        server.url()


@pytest.mark.parametrize("order", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_owner_and_starts_again(data_dir: Path, order: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data_dir)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    with owner.stdout:
        url = owner.stdout.readline().strip()
    query(url, "CREATE TABLE kept AS SELECT 7 AS id")
    owner.send_signal(order)
    owner.wait()
    eventually(lambda: processes_inside(data_dir / "postgres") == [])
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        assert query(server.url(), "SELECT id FROM kept") == [(7,)]


def test_an_owner_killed_while_it_migrates_goes_on_where_it_was(data_dir: Path) -> None:
    messages = random.randint(20, 200)
    owner = subprocess.run(
        [sys.executable, "-c", MIGRATING_OWNER, str(data_dir), str(messages)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert owner.returncode == -signal.SIGKILL
    eventually(lambda: processes_inside(data_dir / "postgres") == [])
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        ((done,),) = query(server.url(), "SELECT count(*) FROM _sqlx_migrations WHERE success")
        assert 0 < done < len(load_migrations(shipped_directory())), messages
        migrate(server.url())
        assert catalogue_differences(server.url()) == ()


def test_killed_server_is_started_again_under_the_same_url(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        url = server.url()
        query(url, "CREATE TABLE kept AS SELECT 7 AS id")
        first = server.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        eventually(lambda: server.pid != first and answers(url))
        assert query(url, "SELECT id FROM kept") == [(7,)]
    assert "embedded_postgres_died" in caplog.messages


def test_orphaned_server_is_ended_before_the_start(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        query(server.url(), "CREATE TABLE kept AS SELECT 7 AS id")
    user = ServerUser.choose()
    program = server_programs(data_dir, user) / "postgres"
    command: list[str | Path] = [
        program,
        "-D",
        data_dir / "postgres",
        "-k",
        data_dir / "run",
        "-c",
        "listen_addresses=",
    ]
    with (data_dir / "orphan.log").open("wb") as output:
        orphan = spawn(command, user=user, directory=data_dir, output=output)
    eventually(lambda: processes_inside(data_dir / "postgres") != [])
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        orphan.wait(10)
        assert query(server.url(), "SELECT id FROM kept") == [(7,)]
    assert "embedded_postgres_orphans_ended" in caplog.messages


def test_a_command_shares_the_server_and_leaves_it_running(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        with EmbeddedPostgres(data_dir, settings=SMALL, share=True) as guest:
            assert guest.url() == server.url()
            assert not guest.owned
        assert answers(server.url())


def test_a_second_owner_is_refused_by_name(data_dir: Path) -> None:
    with (
        EmbeddedPostgres(data_dir, settings=SMALL),
        pytest.raises(StopError, match=f"in use by process {os.getpid()}"),
    ):
        EmbeddedPostgres(data_dir, settings=SMALL, lock_timeout_s=0.2).start()


def test_half_made_cluster_does_not_count(data_dir: Path) -> None:
    (data_dir / "postgres.partial").mkdir()
    (data_dir / "postgres.partial" / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        assert answers(server.url())


def test_long_path_gets_its_socket_elsewhere(data_dir: Path) -> None:
    deep = data_dir / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(data_dir, settings=SMALL):
        pass
    for folder in (data_dir, deep.parent):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    with EmbeddedPostgres(deep, settings=SMALL) as server:
        assert answers(server.url())
        socket_dir = Path(server.url().partition("host=")[2])
        assert socket_dir.parent == Path(tempfile.gettempdir())
    shutil.rmtree(socket_dir)


def test_failed_start_shows_the_server_s_own_words(data_dir: Path) -> None:
    with pytest.raises(StopError, match=r"invalid value for parameter.*shared_buffers"):
        EmbeddedPostgres(data_dir, settings={**SMALL, "shared_buffers": "nonsense"}).start()
    with EmbeddedPostgres(data_dir, settings=SMALL) as server:
        assert answers(server.url())


def test_programs_in_a_closed_folder_are_copied(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data_dir.chmod(0o755)
    closed = data_dir / "closed"
    closed.mkdir()
    shutil.copytree(embedded_paths.installed_programs(), closed / "pginstall", symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setattr(embedded_paths, "installed_programs", lambda: closed / "pginstall")
    nobody = ServerUser(pwd.getpwnam("nobody"))
    programs = server_programs(data_dir, nobody)
    assert programs.is_relative_to(data_dir)
    assert not programs.is_relative_to(closed)
    assert nobody.may_traverse(programs)
    assert (programs / "postgres").exists()
    assert server_programs(data_dir, nobody) == programs


def test_unreachable_data_dir_names_the_folder_in_the_way(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    data_dir.chmod(0o755)
    with pytest.raises(UsageError, match=f"may not pass {closed}"):
        prepare_data_dir(closed / "inner", ServerUser(pwd.getpwnam("nobody")))


def test_default_data_dir_is_one_the_server_can_reach(data_dir: Path) -> None:
    chosen = chosen_data_dir(DEFAULT_DATA_DIR)
    assert chosen in {Path("/var/lib/gridtokenx"), Path.home() / ".local/share/gridtokenx"}
    assert ServerUser.choose().may_traverse(chosen.parent)
    assert chosen_data_dir(data_dir) == data_dir


def test_a_server_given_to_the_tests_that_does_not_fit_is_refused_at_once(empty_database_url: str) -> None:
    require_fit(empty_database_url)
    separator = "&" if "?" in empty_database_url else "?"
    with pytest.raises(RuntimeError, match=r"TEST_DATABASE_URL needs .* a superuser \(is none\)"):
        require_fit(f"{empty_database_url}{separator}options=-crole%3Dpg_signal_backend")
