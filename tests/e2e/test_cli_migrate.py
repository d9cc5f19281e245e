"""Migrating as an operator does it: several at once, with a backup, beside sqlx's ledger."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.migration_files import load_migrations, shipped_directory
from tests.support.cli import run_cli
from tests.support.postgres import query
from tests.support.releases import FIRST_RELEASE, first_migrations


async def test_five_starters_wait_for_one_another(empty_database_url: str) -> None:
    starters = [run_cli("--database-url", empty_database_url, "db", "migrate") for _ in range(5)]
    outcomes = await asyncio.gather(*starters)
    assert [(one.code, one.stderr) for one in outcomes] == [(0, "")] * 5
    applied = [line for one in outcomes for line in one.stdout.splitlines() if line.startswith("applied ")]
    assert sorted(applied) == sorted(
        f"applied {one.version} {one.description}" for one in load_migrations(shipped_directory())
    )


async def test_without_its_backup_the_command_changes_nothing(
    empty_database_url: str, tmp_path: Path
) -> None:
    migrate(empty_database_url, directory=first_migrations(tmp_path))
    backups = tmp_path / "backups"
    environment = {
        "GRIDTOKENX_DATABASE_BACKUP_DIR": str(backups),
        "GRIDTOKENX_DATABASE_PG_DUMP": str(tmp_path / "none"),
    }
    refused = await run_cli("--database-url", empty_database_url, "db", "migrate", environment=environment)
    assert (refused.code, refused.stdout) == (1, "")
    assert f"nothing was migrated: cannot run {tmp_path / 'none'}" in refused.stderr
    assert query(empty_database_url, "SELECT max(version) FROM _sqlx_migrations") == [(FIRST_RELEASE,)]
    del environment["GRIDTOKENX_DATABASE_PG_DUMP"]
    done = await run_cli("--database-url", empty_database_url, "db", "migrate", environment=environment)
    assert done.code == 0, done
    assert len(list(backups.glob("*.dump"))) == 1


@pytest.mark.parametrize("command", ["migrate", "verify"])
async def test_a_role_that_may_not_is_told_so(empty_database_url: str, command: str) -> None:
    if command == "verify":
        migrate(empty_database_url)
    separator = "&" if "?" in empty_database_url else "?"
    # A role that every server has and that may do nothing here.
    url = f"{empty_database_url}{separator}options=-crole%3Dpg_signal_backend"
    outcome = await run_cli("--database-url", url, "db", command)
    assert (outcome.code, outcome.stdout) == (1, "")
    assert re.fullmatch(
        r"error: the database refuses: permission denied for (schema public|table _sqlx_migrations);"
        r" connect as a role that may: [^\n]+\n",
        outcome.stderr,
    )
