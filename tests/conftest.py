"""Fixtures that every kind of test may use."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from gridtokenx_indexer.store.pool import Pool, create_pool
from tests.support.postgres import DatabaseServer, database_server


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in os.environ:
        if name == "DATABASE_URL" or name.startswith("GRIDTOKENX_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[DatabaseServer]:
    """The server on which tests make their databases."""
    with database_server() as server:
        yield server


@pytest.fixture
def empty_database_url(postgres: DatabaseServer) -> Iterator[str]:
    """A database without any migration."""
    with postgres.database(migrated=False) as url:
        yield url


@pytest.fixture
def database_url(postgres: DatabaseServer) -> Iterator[str]:
    """A database of the test's own with every migration applied."""
    with postgres.database() as url:
        yield url


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool as the service uses it, over a database of the test's own."""
    opened = await create_pool(database_url, application_name="gridtokenx-test")
    try:
        yield opened
    finally:
        await opened.close()
