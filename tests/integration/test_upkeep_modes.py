"""Half hours and indexes are kept alike on native partitions and beside hypertables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from gridtokenx_indexer.store.indexes import index_plan
from gridtokenx_indexer.store.pool import Pool, create_pool
from tests.support.postgres import DatabaseServer
from tests.support.telemetry import add_rows, make_world, roll_up, samples
from tests.support.time_series import MODES, series_database

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(params=MODES)
async def series(request: pytest.FixtureRequest, postgres: DatabaseServer) -> AsyncIterator[Pool]:
    with series_database(postgres, request.param) as url:
        pool = await create_pool(url, application_name="gridtokenx-test")
        yield pool
        await pool.close()


async def test_half_hours_and_days(series: Pool) -> None:
    await make_world(series)
    late = NOON - timedelta(days=365)
    await add_rows(series, NOON, late)
    assert await roll_up(series) == 2
    assert await samples(series) == [(1, late, 1), (1, NOON, 1)]
    assert await series.fetchval("SELECT count(*) FROM hosting.api_site_days") == 2


async def test_no_index_is_asked_for_that_hypertables_make_themselves(series: Pool) -> None:
    plan, missing = await index_plan(series)
    assert (plan.steps, plan.obstacles, missing) == ((), (), [])
