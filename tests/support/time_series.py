"""Databases in each of the two time-series modes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from gridtokenx_indexer.store.migrate import migrate
from tests.support.postgres import SERVER_VARIABLE, DatabaseServer, query

MODES = ("native", pytest.param("timescaledb", marks=pytest.mark.timescale))
TABLES = ("investment.energy_production", "investment.weather_data")


def choose(url: str, mode: str) -> None:
    """Sets the mode for the database's first migration, as its administrator does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET gridtokenx.timeseries = {}").format(
                sql.Identifier(connection.info.dbname), sql.Literal(mode)
            )
        )


@contextmanager
def series_database(postgres: DatabaseServer, mode: str) -> Iterator[str]:
    """A migrated database in the mode; no copy of a template, which TimescaleDB's own sessions keep busy."""
    if mode == "timescaledb" and not os.environ.get(SERVER_VARIABLE):
        pytest.fail(f"set {SERVER_VARIABLE} to a server that loads TimescaleDB", pytrace=False)
    with postgres.database(migrated=False) as url:
        choose(url, mode)
        migrate(url)
        yield url


def mode_of(url: str) -> str:
    ((mode,),) = query(url, "SELECT value #>> '{}' FROM indexer.settings WHERE key = 'timeseries_mode'")
    return str(mode)
