from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import WORLD, Connection
from tests.support.seed_catalog import SeedCatalog, read_seed_catalog


@pytest.fixture(scope="session")
def seeds(postgres: DatabaseServer) -> SeedCatalog:
    """What a freshly migrated database has; for tests that only read."""
    with postgres.database() as url:
        return read_seed_catalog(url)


@pytest.fixture(scope="session")
def world(postgres: DatabaseServer) -> Iterator[str]:
    """A database with the rows of rule_world.sql, which no test may change for good."""
    with postgres.database() as url:
        query(url, WORLD)
        yield url


@pytest.fixture
def connection(world: str) -> Iterator[Connection]:
    """A transaction over `world` that is rolled back, so that every test meets the same rows."""
    with psycopg.connect(world, options="-c timezone=UTC") as opened:
        yield opened
        opened.rollback()
