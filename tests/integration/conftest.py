from __future__ import annotations

import pytest

from tests.support.postgres import DatabaseServer
from tests.support.seed_catalog import SeedCatalog, read_seed_catalog


@pytest.fixture(scope="session")
def seeds(postgres: DatabaseServer) -> SeedCatalog:
    """What a freshly migrated database has; for tests that only read."""
    with postgres.database() as url:
        return read_seed_catalog(url)
