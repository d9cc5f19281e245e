"""The time-series mode is chosen once, before the first migration, and kept or refused as a whole."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.migrate import migrate
from tests.support.postgres import query
from tests.support.time_series import TABLES, choose, mode_of

AVAILABLE = "SELECT count(*) = 1 FROM pg_available_extensions WHERE name = 'timescaledb'"
OURS = """
SELECT count(*) FROM pg_namespace WHERE nspname IN ('indexer', 'trading', 'blockchain', 'investment')
UNION ALL SELECT count(*) FROM _sqlx_migrations
UNION ALL SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'
"""
KIND = "SELECT relkind::text FROM pg_class WHERE oid = ANY (%s::regclass[])"


@pytest.mark.requirement("S2-E03")
def test_hypertables_are_kept_or_refused_before_anything_is_made(empty_database_url: str) -> None:
    choose(empty_database_url, "timescaledb")
    if query(empty_database_url, AVAILABLE) == [(True,)]:
        migrate(empty_database_url)
        assert mode_of(empty_database_url) == "timescaledb"
        assert query(empty_database_url, KIND, (list(TABLES),)) == [("r",), ("r",)]
        return
    with pytest.raises(StopError, match=r"0001_foundation.*does not have; install it or set native"):
        migrate(empty_database_url)
    assert query(empty_database_url, OURS) == [(0,), (0,), (0,)]
    choose(empty_database_url, "native")
    migrate(empty_database_url)
    assert query(empty_database_url, KIND, (list(TABLES),)) == [("p",), ("p",)]


def test_another_word_is_refused_by_name(empty_database_url: str) -> None:
    choose(empty_database_url, "Timescale")
    with pytest.raises(StopError, match=r"timeseries is 'Timescale'; set it to native") as refused:
        migrate(empty_database_url)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert (cause.sqlstate, cause.diag.constraint_name) == ("22023", "settings_timeseries_mode")
    assert query(empty_database_url, OURS) == [(0,), (0,), (0,)]


@pytest.mark.parametrize("chosen", ["", "native"])
def test_nothing_chosen_is_native(empty_database_url: str, chosen: str) -> None:
    separator = "&" if "?" in empty_database_url else "?"
    migrate(f"{empty_database_url}{separator}options=-c%20gridtokenx.timeseries%3D{chosen}")
    assert mode_of(empty_database_url) == "native"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            "UPDATE indexer.settings SET value = '\"timescaledb\"' WHERE key = 'timeseries_mode'",
            "settings_fixed_keys",
        ),
        ("UPDATE indexer.settings SET key = 'x' WHERE key = 'timeseries_mode'", "settings_fixed_keys"),
        ("DELETE FROM indexer.settings", "settings_fixed_keys"),
        ("TRUNCATE indexer.settings", "settings_no_truncate"),
        (
            "INSERT INTO indexer.settings VALUES ('timeseries_mode', '\"timescaledb\"')"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            "settings_fixed_keys",
        ),
    ],
)
def test_the_mode_cannot_be_changed_afterwards(database_url: str, statement: str, constraint: str) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match=r"indexer\.settings: ") as refused:
        query(database_url, statement)
    assert refused.value.diag.constraint_name == constraint
    assert mode_of(database_url) == "native"


def test_an_owner_without_further_rights_migrates(empty_database_url: str) -> None:
    role = f"gtx_owner_{uuid4().hex[:8]}"
    # Only an administrator may install earthdistance; everything else is the owner's own work.
    query(empty_database_url, "CREATE EXTENSION earthdistance CASCADE SCHEMA public")
    query(empty_database_url, f"CREATE ROLE {role}")
    with psycopg.connect(empty_database_url) as connection:
        database = connection.info.dbname
    try:
        query(empty_database_url, f"ALTER DATABASE {database} OWNER TO {role}")
        query(empty_database_url, f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET role = {role}")
        assert len(migrate(empty_database_url)) > 50
        assert mode_of(empty_database_url) == "native"
    finally:
        taken_back = f"SET ROLE NONE; ALTER DATABASE {database} OWNER TO CURRENT_USER"
        query(empty_database_url, f"{taken_back}; DROP OWNED BY {role} CASCADE; DROP ROLE {role}")
