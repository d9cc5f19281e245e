"""Every migration can be run a second time by hand: it finds what it makes and changes nothing."""

from __future__ import annotations

from pathlib import Path

import psycopg

from gridtokenx_indexer.store.catalogue import catalogue_differences
from tests.support.postgres import DatabaseServer

MIGRATIONS = sorted((Path(__file__).parents[2] / "sql" / "migrations").glob("*.sql"))


def test_migrations_run_again(postgres: DatabaseServer) -> None:
    assert MIGRATIONS
    with postgres.database() as url:
        for file in MIGRATIONS:
            with psycopg.connect(url) as connection:
                connection.execute(file.read_bytes())
        assert catalogue_differences(url) == ()
