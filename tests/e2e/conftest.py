from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gridtokenx_indexer.store.pool import Pool
from tests.support.demo_runs import DemoRun, StartDemo, write_small_day
from tests.support.village import Village, small_village


@pytest.fixture(scope="session")
def small_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """6 meters, 16 windows around noon: 3 of them feed in."""
    return write_small_day(tmp_path_factory.mktemp("day") / "small.csv", meters=6, first_hour=11, hours=4)


@pytest.fixture(scope="session")
def undisturbed(small_day: Path) -> dict[str, Any]:
    """The report of the small day when nothing goes wrong."""

    async def play() -> dict[str, Any]:
        run = await DemoRun(small_day).start()
        try:
            return await run.finish()
        finally:
            await run.close()

    return asyncio.run(play())


@pytest.fixture
async def start_demo(small_day: Path) -> AsyncIterator[StartDemo]:
    """Starts a demo of the small day; whatever a test leaves running is ended."""
    runs: list[DemoRun] = []

    async def start(*options: str, day: Path = small_day) -> DemoRun:
        run = DemoRun(day, *options)
        runs.append(run)
        return await run.start()

    yield start
    for run in runs:
        await run.close()


@pytest.fixture
async def village(pool: Pool, tmp_path: Path) -> AsyncIterator[Village]:
    async with small_village(pool, tmp_path) as set_up:
        yield set_up
