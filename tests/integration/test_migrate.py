"""Migrations against a real server: ledger, lock, crashes, refusals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha384
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.migrate import lock_key, migrate, migration_status
from gridtokenx_indexer.store.migration_files import load_migrations, shipped_directory
from gridtokenx_indexer.store.migration_plan import MigrationState
from tests.support.postgres import query


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_first_words.sql").write_text("CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n")
    (tmp_path / "0002_second.sql").write_text("CREATE TABLE b (id int);\n")
    return tmp_path


@pytest.mark.requirement("S0-T15", "S0-M01", "S0-M04")
def test_ledger_is_the_one_sqlx_writes(empty_database_url: str, folder: Path) -> None:
    migrate(empty_database_url, directory=folder)
    columns = query(
        empty_database_url,
        "SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = '_sqlx_migrations' ORDER BY ordinal_position",
    )
    assert columns == [
        ("version", "bigint", "NO", None),
        ("description", "text", "NO", None),
        ("installed_on", "timestamp with time zone", "NO", "now()"),
        ("success", "boolean", "NO", None),
        ("checksum", "bytea", "NO", None),
        ("execution_time", "bigint", "NO", None),
    ]
    rows = query(
        empty_database_url,
        "SELECT version, description, success, checksum, execution_time > 0 FROM _sqlx_migrations ORDER BY 1",
    )
    assert rows == [
        (1, "first words", True, sha384((folder / "0001_first_words.sql").read_bytes()).digest(), True),
        (2, "second", True, sha384((folder / "0002_second.sql").read_bytes()).digest(), True),
    ]


def test_second_run_changes_nothing(empty_database_url: str) -> None:
    first = migrate(empty_database_url)
    assert [a.migration.version for a in first] == [m.version for m in load_migrations(shipped_directory())]
    ledger = query(empty_database_url, "SELECT * FROM _sqlx_migrations ORDER BY version")
    assert migrate(empty_database_url) == ()
    assert query(empty_database_url, "SELECT * FROM _sqlx_migrations ORDER BY version") == ledger


def test_status_creates_nothing(empty_database_url: str, folder: Path) -> None:
    states = [status.state for status in migration_status(empty_database_url, directory=folder)]
    assert states == [MigrationState.PENDING, MigrationState.PENDING]
    assert query(empty_database_url, "SELECT to_regclass('_sqlx_migrations') IS NULL") == [(True,)]


def test_failed_migration_leaves_nothing_and_says_how_to_go_on(empty_database_url: str, folder: Path) -> None:
    bad = folder / "0002_second.sql"
    bad.write_text("CREATE TABLE b (id int);\n-- a comment\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(StopError, match=r"0002_second.sql:3 failed.*nowhere.*db migrate again"):
        migrate(empty_database_url, directory=folder)
    assert query(empty_database_url, "SELECT to_regclass('a') IS NULL, to_regclass('b') IS NULL") == [
        (False, True)
    ]
    assert query(empty_database_url, "SELECT version FROM _sqlx_migrations") == [(1,)]
    bad.write_text("CREATE TABLE b (id int);\n")
    assert [a.migration.version for a in migrate(empty_database_url, directory=folder)] == [2]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("INSERT INTO a VALUES (1)", "duplicate key.*Key .id.=.1. already exists"),
        (
            "DO $$ BEGIN RAISE EXCEPTION 'no' USING HINT = 'Do this.'; END $$",
            "no .Do this. PL/pgSQL.*at RAISE",
        ),
        ("SELECT pg_no_such()", r":2 failed: function pg_no_such.* does not exist .No function matches"),
    ],
)
def test_a_failure_tells_all_that_the_server_said(
    empty_database_url: str, folder: Path, statement: str, words: str
) -> None:
    (folder / "0002_second.sql").write_text(f"ALTER TABLE a ADD UNIQUE (id);\n{statement};\n")
    with pytest.raises(StopError, match=f"0002_second.sql.*{words}"):
        migrate(empty_database_url, directory=folder)


def test_a_lost_connection_leaves_it_to_the_ledger_what_was_applied(
    empty_database_url: str, folder: Path
) -> None:
    (folder / "0002_second.sql").write_text(
        "CREATE TABLE b (id int); SELECT pg_terminate_backend(pg_backend_pid());"
    )
    with pytest.raises(RetryableError, match=r"0002_second.sql failed: .*db status says"):
        migrate(empty_database_url, directory=folder)
    states = [status.state for status in migration_status(empty_database_url, directory=folder)]
    assert states == [MigrationState.INSTALLED, MigrationState.PENDING]


def test_time_limits_of_the_database_end_no_migration(empty_database_url: str, folder: Path) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        ((name,),) = connection.execute("SELECT quote_ident(current_database())").fetchall()
        for limit in ("statement_timeout", "idle_session_timeout"):
            connection.execute(f"ALTER DATABASE {name} SET {limit} = '1h'".encode())
    (folder / "0002_second.sql").write_text(
        "CREATE TABLE b AS"
        " SELECT current_setting('statement_timeout') AS s, current_setting('idle_session_timeout') AS i"
    )
    migrate(empty_database_url, directory=folder)
    assert query(empty_database_url, "SELECT * FROM b") == [("0", "0")]


def test_changed_file_is_refused_by_name_before_anything_runs(empty_database_url: str, folder: Path) -> None:
    migrate(empty_database_url, directory=folder)
    (folder / "0001_first_words.sql").write_text("CREATE TABLE a (id bigint);\n")
    (folder / "0003_third.sql").write_text("CREATE TABLE c (id int);\n")
    with pytest.raises(StopError, match=r"0001_first_words.sql was changed after it was applied"):
        migrate(empty_database_url, directory=folder)
    assert query(empty_database_url, "SELECT to_regclass('c') IS NULL") == [(True,)]


def test_renaming_the_words_is_harmless(empty_database_url: str, folder: Path) -> None:
    migrate(empty_database_url, directory=folder)
    (folder / "0002_second.sql").rename(folder / "0002_other.sql")
    assert migrate(empty_database_url, directory=folder) == ()


def test_newer_database_is_refused(empty_database_url: str, folder: Path) -> None:
    migrate(empty_database_url, directory=folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(StopError, match="newer than this program: it has migration 2"):
        migrate(empty_database_url, directory=folder)


def test_a_missing_file_is_refused_by_number_before_anything_runs(
    empty_database_url: str, folder: Path
) -> None:
    third = folder / "0003_third.sql"
    third.write_text("CREATE TABLE c (id int);\n")
    (folder / "0002_second.sql").rename(folder / "later")
    with pytest.raises(StopError, match="no migration 0002 among the files; reinstall"):
        migrate(empty_database_url, directory=folder)
    assert query(empty_database_url, "SELECT to_regclass('a') IS NULL") == [(True,)]
    (folder / "later").rename(folder / "0002_second.sql")
    assert len(migrate(empty_database_url, directory=folder)) == 3
    (folder / "0002_second.sql").unlink()
    with pytest.raises(StopError, match=r"migration 2 \(second\) was applied; its file is missing"):
        migrate(empty_database_url, directory=folder)


def test_file_that_commits_by_itself_is_refused(empty_database_url: str, folder: Path) -> None:
    (folder / "0002_second.sql").write_text("CREATE TABLE b (id int); COMMIT;\n")
    with pytest.raises(StopError, match=r"0002_second.sql ends its transaction itself"):
        migrate(empty_database_url, directory=folder)
    assert query(empty_database_url, "SELECT version FROM _sqlx_migrations") == [(1,)]


def test_concurrent_starters_apply_each_migration_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(5) as threads:
        runs = list(threads.map(lambda _: migrate(empty_database_url), range(5)))
    applied = sorted(a.migration.version for run in runs for a in run)
    assert applied == [m.version for m in load_migrations(shipped_directory())]


def test_lock_of_another_runner_is_waited_for_and_named(empty_database_url: str, folder: Path) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as holder:
        (name,) = holder.execute("SELECT current_database()").fetchone() or ("",)
        holder.execute("SELECT pg_advisory_lock(%s)", (lock_key(name),))
        with pytest.raises(RetryableError, match=f"{lock_key(name)} in pg_locks"):
            migrate(empty_database_url, directory=folder, lock_timeout_s=0.2)
    assert len(migrate(empty_database_url, directory=folder)) == 2
    held = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    assert query(empty_database_url, held) == [(0,)]
