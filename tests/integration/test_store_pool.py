"""Connections of the service: session settings, value types, refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.ops.failures import as_own
from gridtokenx_indexer.store.pool import Pool, create_pool
from gridtokenx_indexer.store.sync_connection import connect


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


@pytest.mark.parametrize("synchronous", [False, True], ids=["pool", "commands"])
async def test_limits_set_for_everybody_do_not_cut_our_work_off(
    pool: Pool, database_url: str, synchronous: bool
) -> None:
    """A role's statement_timeout would end every long clearing, again after each repetition."""
    everybodys = {
        "statement_timeout": "10s",
        "lock_timeout": "10s",
        "idle_session_timeout": "1h",
        "default_transaction_isolation": "serializable",
    }
    if await pool.fetchval("SELECT current_setting('server_version_num')::int >= 170000"):
        everybodys["transaction_timeout"] = "1h"
    for name, value in everybodys.items():
        await pool.execute(
            "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET "
            f"{name} = %L', current_database(), '{value}'); END$$"
        )
    wanted = dict.fromkeys(everybodys, "0") | {"default_transaction_isolation": "read committed"}
    if synchronous:
        with connect(database_url, application_name="second") as connection:
            found = {name: connection.execute(f"SHOW {name}").fetchall()[0][0] for name in everybodys}
    else:
        other = await create_pool(database_url, application_name="second")
        try:
            found = {name: await other.fetchval(f"SHOW {name}") for name in everybodys}
        finally:
            await other.close()
    assert found == wanted


@pytest.mark.parametrize(
    ("state", "work", "words"),
    [
        ("SET default_transaction_read_only = on", "DELETE FROM users", "takes no writes"),
        (
            "SET temp_file_limit = '1kB'; SET work_mem = '64kB'",
            "SELECT count(*) FROM (SELECT g FROM generate_series(1, 100000) AS g ORDER BY random()) AS s",
            "temp_file_limit",
        ),
    ],
    ids=["read-only", "full"],
)
async def test_a_server_that_cannot_work_now_is_asked_again_later(
    pool: Pool, state: str, work: str, words: str
) -> None:
    async with pool.acquire() as connection:
        await connection.execute(state)
        with pytest.raises(asyncpg.PostgresError) as raised:
            await connection.execute(work)
    own = as_own(raised.value)
    assert isinstance(own, RetryableError)
    assert words in str(own)


async def test_a_statement_whose_table_was_changed_is_prepared_again(pool: Pool) -> None:
    await pool.execute("CREATE TABLE drawn (a integer)")
    async with pool.acquire() as connection, connection.transaction():
        await connection.fetch("SELECT * FROM drawn")
        await connection.execute("ALTER TABLE drawn ADD b integer")
        with pytest.raises(asyncpg.PostgresError) as raised:
            await connection.fetch("SELECT * FROM drawn")
    assert isinstance(as_own(raised.value), RetryableError)


async def test_unreachable_server_is_retryable_and_keeps_the_password() -> None:
    with pytest.raises(RetryableError) as raised:
        await create_pool("postgresql://ann:hunter2@127.0.0.1:1/x", application_name="test")
    assert "hunter2" not in str(raised.value)
    assert "ann:***@127.0.0.1:1/x" in str(raised.value)


async def test_unknown_database_is_for_a_person(database_url: str) -> None:
    with pytest.raises(StopError, match="DATABASE_URL"):
        await create_pool(database_url.replace("gtx_", "nothere_"), application_name="test")
