"""Bringing a database that is in use up to date: its rows stay, its writers go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridtokenx_indexer.store.migrate import migrate
from tests.support.postgres import query
from tests.support.releases import ROWS, contents, first_migrations

OLD_WRITERS = """
INSERT INTO users (email, username, role) VALUES ('new@example.org', 'new', 'user');
UPDATE users SET email_verified = true WHERE username = 'old';
INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at)
VALUES (gen_random_uuid(), gen_random_uuid(), 1, 1, 1, now());
"""


@pytest.fixture
def first_release(tmp_path: Path) -> Path:
    """The migrations before the update document."""
    return first_migrations(tmp_path)


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
