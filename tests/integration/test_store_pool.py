"""Connections of the service: session settings, value types, refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.pool import Pool, create_pool


async def test_values_keep_their_types(pool: Pool) -> None:
    document = {"amount": "18446744073709551615", "items": [1, None, {"flag": True}]}
    row = await pool.fetchrow(
        "SELECT $1::jsonb AS document, 0.000001::numeric(15,6) AS price,"
        " '2026-01-02 03:04:05+02'::timestamptz AS at",
        document,
    )
    assert row is not None
    assert row["document"] == document
    assert row["price"] == Decimal("0.000001")
    assert row["at"] == datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)


async def test_decimals_in_documents_stay_exact(pool: Pool) -> None:
    assert await pool.fetchval("SELECT $1::jsonb", {"kwh": Decimal("0.100000000")}) == {"kwh": "0.100000000"}


async def test_session_settings_win_over_the_database_s_own(pool: Pool, database_url: str) -> None:
    await pool.execute(
        "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Bangkok''', "
        "current_database()); END$$"
    )
    other = await create_pool(database_url, application_name="second")
    try:
        assert await other.fetchval("SHOW timezone") == "UTC"
        assert await other.fetchval("SHOW application_name") == "second"
    finally:
        await other.close()


async def test_unreachable_server_is_retryable_and_keeps_the_password() -> None:
    with pytest.raises(RetryableError) as raised:
        await create_pool("postgresql://ann:hunter2@127.0.0.1:1/x", application_name="test")
    assert "hunter2" not in str(raised.value)
    assert "ann:***@127.0.0.1:1/x" in str(raised.value)


async def test_unknown_database_is_for_a_person(database_url: str) -> None:
    with pytest.raises(StopError, match="DATABASE_URL"):
        await create_pool(database_url.replace("gtx_", "nothere_"), application_name="test")
