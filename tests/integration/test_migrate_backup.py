"""A complete backup comes before a change of the schema, or there is no change."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.backup_hook import BackupBeforeMigration
from gridtokenx_indexer.store.migrate import migrate
from tests.support.clients import package_clients, server_clients
from tests.support.postgres import DatabaseServer, query
from tests.support.releases import FIRST_RELEASE, ROWS, contents, first_migrations

NEWEST = "SELECT max(version) FROM _sqlx_migrations"


@pytest.fixture
def old_url(empty_database_url: str, tmp_path: Path) -> str:
    """A database of the first release with rows in it."""
    (tmp_path / "first").mkdir()
    migrate(empty_database_url, directory=first_migrations(tmp_path / "first"))
    query(empty_database_url, ROWS)
    return empty_database_url


def script(folder: Path, text: str) -> Path:
    """A program in the place of pg_dump."""
    file = folder / "other_pg_dump"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.mark.requirement("S1-P06")
@pytest.mark.parametrize("own", [True, False], ids=["server's pg_dump", "package's pg_dump"])
def test_a_backup_comes_before_the_change(
    postgres: DatabaseServer, old_url: str, tmp_path: Path, own: bool
) -> None:
    clients = server_clients(old_url) if own else package_clients()
    folder = tmp_path / "deep" / "backups"
    hook = BackupBeforeMigration(old_url, folder, clients.folder / "pg_dump" if own else None)
    before = contents(old_url)
    assert all(before.values())
    migrate(old_url, before_change=hook)
    (file,) = folder.iterdir()
    assert f"-before-{FIRST_RELEASE + 1}-" in file.name
    assert file.suffix == ".dump"
    assert file.stat().st_mode & 0o077 == 0
    with postgres.database(migrated=False) as restored:
        clients.restore(restored, file)
        assert contents(restored) == before
        assert query(restored, NEWEST) == [(FIRST_RELEASE,)]
    assert migrate(old_url, before_change=hook) == ()
    assert len(list(folder.iterdir())) == 1


def test_an_empty_database_has_nothing_to_lose(empty_database_url: str, tmp_path: Path) -> None:
    migrate(empty_database_url, before_change=BackupBeforeMigration(empty_database_url, tmp_path / "b"))
    assert not (tmp_path / "b").exists()


def test_tables_of_others_are_backed_up_before_the_first_migration(
    postgres: DatabaseServer, empty_database_url: str, tmp_path: Path
) -> None:
    query(empty_database_url, "CREATE SCHEMA theirs; CREATE TABLE theirs.things AS SELECT 7 AS id")
    migrate(empty_database_url, before_change=BackupBeforeMigration(empty_database_url, tmp_path / "b"))
    (file,) = (tmp_path / "b").iterdir()
    with postgres.database(migrated=False) as restored:
        package_clients().restore(restored, file)
        assert query(restored, "SELECT id FROM theirs.things") == [(7,)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "echo 'pg_dump: error: server version: 18.6; pg_dump version: 15.1' >&2; exit 1",
            "server version: 18.6",
        ),
        (
            "echo half > \"${2#--file=}\"; echo 'could not write: No space left on device' >&2; exit 1",
            "No space left",
        ),
        ("kill -9 $$", "exit code -9"),
        ("exit 3", "exit code 3"),
    ],
)
def test_a_failing_pg_dump_stops_everything_before_it_starts(
    old_url: str, tmp_path: Path, text: str, words: str
) -> None:
    folder = tmp_path / "b"
    hook = BackupBeforeMigration(old_url, folder, script(tmp_path, text))
    with pytest.raises(
        StopError, match=f"nothing was migrated.*other_pg_dump.*{words}.*database.pg_dump"
    ) as caught:
        migrate(old_url, before_change=hook)
    assert caught.value.exit_code == 1
    assert query(old_url, NEWEST) == [(FIRST_RELEASE,)]
    assert list(folder.iterdir()) == []
    assert len(migrate(old_url)) > 20


def test_a_pg_dump_that_is_not_there_is_named(old_url: str, tmp_path: Path) -> None:
    for program in (tmp_path / "none" / "pg_dump", tmp_path):
        hook = BackupBeforeMigration(old_url, tmp_path / "b", program)
        with pytest.raises(
            StopError, match=f"nothing was migrated: cannot run {program}: .*database.pg_dump"
        ):
            migrate(old_url, before_change=hook)
    assert query(old_url, NEWEST) == [(FIRST_RELEASE,)]


def test_a_folder_that_cannot_be_written_is_named(old_url: str, tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    hook = BackupBeforeMigration(old_url, occupied)
    with pytest.raises(StopError, match=f"to {occupied}, so nothing was migrated: .*database.backup_dir"):
        migrate(old_url, before_change=hook)
    assert query(old_url, NEWEST) == [(FIRST_RELEASE,)]


def test_the_password_reaches_pg_dump_and_nobody_who_looks(old_url: str, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program = script(tmp_path, f'echo "$PGPASSWORD $*" > {seen}; echo "p%40ss p@ss" >&2; exit 1')
    for url in ("postgresql://u:p%40ss@h/d", "postgresql://u@h/d?password=p%40ss"):
        with pytest.raises(StopError) as caught:
            BackupBeforeMigration(url, tmp_path / "b", program).write(1)
        assert "p@ss" not in str(caught.value)
        assert "p%40ss" not in str(caught.value)
        password, _, arguments = seen.read_text().partition(" ")
        assert password == "p@ss"  # noqa: S105
        assert "p@ss" not in arguments
        assert "user=u" in arguments
