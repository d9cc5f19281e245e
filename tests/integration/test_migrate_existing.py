"""Bringing a database that is in use up to date: its rows stay, its writers go on, a backup comes first."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.backup_hook import BackupBeforeMigration
from gridtokenx_indexer.store.db_verify import verify_database
from gridtokenx_indexer.store.embedded_paths import installed_programs
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.migration_files import shipped_directory
from tests.support.audit import seal_everything
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import WORLD

ROWS = """
INSERT INTO users (email, username) VALUES ('old@example.org', 'old');
INSERT INTO meter_registry (user_id, meter_serial) SELECT id, 'SN-old' FROM users;
SELECT indexer.ensure_partition('public.meter_readings', now());
INSERT INTO meter_readings (meter_id, timestamp, energy_generated) SELECT id, now(), 1 FROM meter_registry;
INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at)
VALUES (gen_random_uuid(), gen_random_uuid(), 1, 1, 1, now());
"""
OLD_WRITERS = """
INSERT INTO users (email, username, role) VALUES ('new@example.org', 'new', 'user');
UPDATE users SET email_verified = true WHERE username = 'old';
INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at)
VALUES (gen_random_uuid(), gen_random_uuid(), 1, 1, 1, now());
"""
TABLES = ("users", "meter_registry", "meter_readings", "trading.trades")


@pytest.fixture
def first_release(tmp_path: Path) -> Path:
    """The migrations before the update document."""
    for file in sorted(shipped_directory().glob("*.sql"))[:21]:
        shutil.copy(file, tmp_path)
    return tmp_path


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    columns = {
        table: ", ".join(
            row[0]
            for row in query(
                url,
                "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND attname IN ('id', 'email', 'username', 'meter_serial', 'energy_generated', 'buyer_id',"
                " 'energy_amount', 'executed_at', 'timestamp', 'created_at') ORDER BY attnum",
                (table,),
            )
        )
        for table in TABLES
    }
    return {table: query(url, f"SELECT {names} FROM {table} ORDER BY 1") for table, names in columns.items()}


@pytest.mark.requirement("S1-M03", "S1-M06")
def test_rows_stay_and_old_writers_go_on(empty_database_url: str, first_release: Path) -> None:
    migrate(empty_database_url, directory=first_release)
    query(empty_database_url, ROWS)
    before = contents(empty_database_url)
    assert all(before.values())
    assert len(migrate(empty_database_url)) >= 30
    assert contents(empty_database_url) == before
    query(empty_database_url, OLD_WRITERS)
    filled = "SELECT hosting_role, name FROM users WHERE username IN ('old', 'new')"
    assert query(empty_database_url, filled) == [("guest", None)] * 2


@pytest.mark.requirement("S1-P06")
def test_a_backup_comes_before_the_change(
    postgres: DatabaseServer, empty_database_url: str, first_release: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    hook = BackupBeforeMigration(empty_database_url, folder)
    migrate(empty_database_url, directory=first_release, before_change=hook)
    assert not folder.exists()
    query(empty_database_url, ROWS)
    before = contents(empty_database_url)
    migrate(empty_database_url, before_change=hook)
    (file,) = folder.iterdir()
    assert "-before-22-" in file.name
    assert file.suffix == ".dump"
    assert file.stat().st_mode & 0o077 == 0
    with postgres.database(migrated=False) as restored:
        restore(restored, file)
        assert contents(restored) == before
        assert query(restored, "SELECT max(version) FROM _sqlx_migrations") == [(21,)]
    assert migrate(empty_database_url, before_change=hook) == ()
    assert len(list(folder.iterdir())) == 1


def test_without_its_backup_nothing_is_migrated(
    empty_database_url: str, first_release: Path, tmp_path: Path
) -> None:
    migrate(empty_database_url, directory=first_release)
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    with pytest.raises(StopError, match=r"cannot write a backup.*database.backup_dir"):
        migrate(empty_database_url, before_change=BackupBeforeMigration(empty_database_url, occupied))
    with pytest.raises(StopError, match="nothing was migrated"):
        migrate(
            empty_database_url,
            before_change=BackupBeforeMigration("postgresql://nobody@127.0.0.1:1/x", tmp_path / "b"),
        )
    assert query(empty_database_url, "SELECT max(version) FROM _sqlx_migrations") == [(21,)]
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.requirement("S2-E03")
def test_timescaledb_is_asked_for_by_name_and_refused_where_it_is_missing(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        loaded = connection.execute("SHOW shared_preload_libraries").fetchone()
        name = connection.execute("SELECT quote_ident(current_database())").fetchone()
        assert loaded is not None
        assert name is not None
        assert "timescaledb" not in loaded[0]
        connection.execute(f"ALTER DATABASE {name[0]} SET gridtokenx.timeseries = 'timescaledb'".encode())
        with pytest.raises(StopError, match=r"0022_domain_schemas.*does not load timescaledb"):
            migrate(empty_database_url)
        connection.execute(b"DROP SCHEMA public, indexer, trading, blockchain CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute(f"ALTER DATABASE {name[0]} RESET gridtokenx.timeseries".encode())
    migrate(empty_database_url)
    mode = "SELECT value FROM indexer.settings WHERE key = 'timeseries_mode'"
    assert query(empty_database_url, mode) == [("native",)]
    assert query(
        empty_database_url,
        "SELECT relkind::text FROM pg_class WHERE oid = 'investment.energy_production'::regclass",
    ) == [("p",)]


def test_dump_and_restore_keep_the_whole_schema(
    postgres: DatabaseServer, database_url: str, tmp_path: Path
) -> None:
    query(database_url, WORLD)
    query(database_url, "UPDATE investment.assets SET location_lat = 47.5, location_lon = 19.05")
    file = tmp_path / "all.dump"
    subprocess.run(
        [program("pg_dump"), "--format=custom", f"--file={file}", database_url],
        check=True,
        capture_output=True,
    )
    with postgres.database(migrated=False) as restored:
        restore(restored, file)
        assert [check for check in verify_database(restored) if not check.ok] == []
        tables = "SELECT count(*) FROM pg_class WHERE relnamespace = ANY (%s::regnamespace[])"
        schemas = (["public", "investment", "governance", "hosting", "indexer"],)
        assert query(restored, tables, schemas) == query(database_url, tables, schemas)
        assert query(restored, "SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_assets_location'")
        near = (
            "SELECT name FROM investment.assets WHERE earth_box(ll_to_earth(47.5, 19.0), 10000)"
            " @> investment.ll_to_earth(location_lat, location_lon)"
        )
        assert query(restored, near) == [("Solar field",)]
        assert query(restored, "SELECT * FROM indexer.broken_audit_seals()") == []


def test_verify_names_a_broken_seal(database_url: str) -> None:
    query(database_url, "INSERT INTO users (email) VALUES ('a@example.org')")
    seal_everything(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM audit_logs")
    failed = {check.name: check.detail for check in verify_database(database_url) if not check.ok}
    assert failed == {"audit_seals_hold": "seal 1: covers 1 rows, found 0"}


def program(name: str) -> str:
    return str(installed_programs() / "bin" / name)


def restore(url: str, file: Path) -> None:
    """Newer tools set a parameter that servers before 17 do not know; nothing else may go wrong."""
    done = subprocess.run(
        [program("pg_restore"), f"--dbname={url}", str(file)],
        check=False,
        capture_output=True,
        env={**os.environ, "LC_ALL": "C"},
        text=True,
    )
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    assert [line for line in errors if '"transaction_timeout"' not in line] == []
    assert done.returncode == 0 or errors, done.stderr
