"""File names, hashes and the plan made of files and ledger follow sqlx's rules."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha384
from pathlib import Path

import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.migrate import lock_key, require_server
from gridtokenx_indexer.store.migration_files import (
    Migration,
    load_migrations,
    parse_migration,
    shipped_directory,
)
from gridtokenx_indexer.store.migration_plan import LedgerRow, MigrationState, compare, objections, pending


def migration(version: int, content: bytes = b"SELECT 1") -> Migration:
    parsed = parse_migration(f"{version:04d}_words_here.sql", content)
    assert parsed is not None
    return parsed


def applied(version: int, content: bytes = b"SELECT 1", *, success: bool = True) -> LedgerRow:
    return LedgerRow(
        version, "words here", datetime(2026, 1, 1, tzinfo=UTC), success, sha384(content).digest(), 1
    )


@pytest.mark.parametrize(
    ("file_name", "version", "description"),
    [
        ("0001_init.sql", 1, "init"),
        ("0002_more_words-Here.sql", 2, "more words-Here"),
        ("20260101000000_x.sql", 20260101000000, "x"),
        ("0006__two__under.sql", 6, " two  under"),
        ("+5_foo.sql.sql", 5, "foo"),
        ("-1_early.sql", -1, "early"),
    ],
)
def test_names_are_read_as_sqlx_reads_them(file_name: str, version: int, description: str) -> None:
    parsed = parse_migration(file_name, b"SELECT 1")
    assert parsed is not None
    assert (parsed.version, parsed.description) == (version, description)


@pytest.mark.parametrize("file_name", ["README.md", "0001-init.sql", "0001_init.SQL", "notes_old.txt"])
def test_other_files_are_no_migrations(file_name: str) -> None:
    assert parse_migration(file_name, b"") is None


@pytest.mark.parametrize(
    ("file_name", "content", "message"),
    [
        ("README_first.sql", b"", "no version number"),
        ("0001_x.sql", b"-- no-transaction\nSELECT 1", "asks for no transaction"),
        ("0001_x.sql", b"SELECT '\xff'", "not UTF-8"),
    ],
)
def test_malformed_files_are_refused_by_name(file_name: str, content: bytes, message: str) -> None:
    with pytest.raises(StopError, match=f"{file_name}.*{message}"):
        parse_migration(file_name, content)


@pytest.mark.requirement("S0-M04")
def test_checksum_covers_every_byte_of_the_file() -> None:
    assert migration(1, b"SELECT 1\r\n").checksum == sha384(b"SELECT 1\r\n").digest()
    assert migration(1, b"SELECT 1\r\n").checksum != migration(1, b"SELECT 1\n").checksum


def test_order_is_by_number_and_a_number_serves_once(tmp_path: Path) -> None:
    for name in ("10_ten.sql", "9_nine.sql", "0100_hundred.sql"):
        (tmp_path / name).write_text("SELECT 1")
    (tmp_path / "0000_folder.sql").mkdir()
    assert [m.version for m in load_migrations(tmp_path)] == [9, 10, 100]
    (tmp_path / "009_again.sql").write_text("SELECT 1")
    with pytest.raises(StopError, match=r"009_again.sql and 9_nine.sql share version 9"):
        load_migrations(tmp_path)


def test_missing_folder_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(StopError, match="reinstall"):
        load_migrations(tmp_path / "nowhere")


def test_lock_key_is_the_one_of_sqlx() -> None:
    assert lock_key("l1") == 3743305828714147300
    assert lock_key("postgres") == 368907709894077238


def test_servers_that_are_too_old_are_refused() -> None:
    for version in (150000, 150018, 180006, 190000):
        require_server(version)
    with pytest.raises(
        StopError, match=r"PostgreSQL 14; the migrations need 15 or newer; give a newer server"
    ):
        require_server(140021)


@pytest.mark.requirement("S0-M02", "S0-M03")
def test_shipped_migrations_are_numbered_without_a_gap() -> None:
    versions = [m.version for m in load_migrations(shipped_directory())]
    assert versions[:21] == list(range(1, 22))
    assert versions == list(range(1, len(versions) + 1))


@pytest.mark.requirement("S0-M05")
def test_every_shipped_migration_says_why_and_how_to_undo_it() -> None:
    for shipped in load_migrations(shipped_directory()):
        text = shipped.content.decode()
        assert text.startswith("-- Why: "), shipped.file_name
        assert "-- Rollback (manual): " in text, shipped.file_name


def test_shipped_migrations_leave_large_index_builds_and_transactions_alone() -> None:
    for shipped in load_migrations(shipped_directory()):
        # A procedure's body runs when somebody calls it.
        words = re.sub(r"\$\$.*?\$\$", "", shipped.content.decode().upper(), flags=re.DOTALL).split()
        assert "CONCURRENTLY" not in words, shipped.file_name
        assert "COMMIT;" not in words, shipped.file_name


def test_plan_applies_lower_numbers_too() -> None:
    statuses = compare([migration(1), migration(2), migration(3)], [applied(2)])
    assert [m.version for m in pending(statuses)] == [1, 3]
    assert objections(statuses) == ()


def test_a_gap_before_what_is_to_be_applied_is_named() -> None:
    (error,) = objections(compare([migration(1), migration(2), migration(4), migration(7)], [applied(1)]))
    assert str(error) == "there is no migration 0003 among the files; reinstall the package"
    assert objections(compare([migration(1), migration(4)], [applied(1), applied(4)])) == ()


@pytest.mark.parametrize(
    ("files", "ledger", "state", "message"),
    [
        (
            [migration(1, b"SELECT 2")],
            [applied(1)],
            MigrationState.CHANGED,
            "0001_words_here.sql was changed",
        ),
        (
            [migration(1)],
            [applied(1), applied(7)],
            MigrationState.MISSING,
            "newer than this program.*migration 7",
        ),
        (
            [migration(3)],
            [applied(2), applied(3)],
            MigrationState.MISSING,
            "migration 2 .*its file is missing",
        ),
        (
            [migration(1)],
            [applied(1, success=False)],
            MigrationState.UNFINISHED,
            "migration 1 .*not finished",
        ),
    ],
)
def test_disagreements_are_named(
    files: list[Migration], ledger: list[LedgerRow], state: MigrationState, message: str
) -> None:
    statuses = compare(files, ledger)
    assert state in {status.state for status in statuses}
    (error,) = objections(statuses)
    with pytest.raises(StopError, match=message):
        raise error
    assert error.remedy
