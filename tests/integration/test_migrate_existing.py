"""Bringing a database that is in use up to date: its rows stay, its writers go on."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import StopError
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
