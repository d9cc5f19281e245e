"""Missing and unusable indexes come back while others write, whatever interrupts it."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.ops.demo.workspace import clean_environment
from gridtokenx_indexer.store.catalogue import catalogue_differences
from gridtokenx_indexer.store.index_plan import IndexStep
from gridtokenx_indexer.store.indexes import LockPatience, index_builder, index_plan
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.pool import Pool
from tests.support.cli import ROOT, run_cli
from tests.support.eventually import eventually
from tests.support.postgres import query
from tests.support.releases import first_migrations
from tests.support.rule_world import WORLD

IMPATIENT = LockPatience(wait_ms=50, pause_s=0.01, tries=3)
ROWS = (
    "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, recorded_at)"
    " SELECT 1, g, timestamptz '2026-03-01 00:00+00' + g * interval '1 min'"
    " FROM generate_series(1, 80000) AS g"
)
NOT_CONSTRAINTS = """
SELECT format('DROP INDEX %I.%I', n.nspname, x.relname)
  FROM pg_index AS i
  JOIN pg_class AS x ON x.oid = i.indexrelid
  JOIN pg_namespace AS n ON n.oid = x.relnamespace
 WHERE n.nspname = ANY ($1::text[]) AND NOT x.relispartition
   AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = x.oid)
"""
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
PARTS = (
    "SELECT inhrelid::regclass::text FROM pg_inherits"
    " WHERE inhparent = 'hosting.miner_telemetry'::regclass ORDER BY 1"
)
USED = "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass($1)"


@pytest.fixture
async def telemetry(pool: Pool) -> None:
    """Three months of telemetry."""
    await pool.execute(WORLD)
    await pool.execute(
        "SELECT indexer.ensure_partition('hosting.miner_telemetry', g)"
        " FROM generate_series(timestamptz '2026-03-01 00:00+00', '2026-05-01 00:00+00', '1 month') AS g"
    )
    await pool.execute(ROWS)


async def apply(pool: Pool, patience: LockPatience | None = None) -> list[IndexStep]:
    """The steps that were taken; none is left."""
    done: list[IndexStep] = []
    async with index_builder(pool, patience) as builder:
        plan, _ = await index_plan(pool)
        assert await builder.take(plan.steps, on_done=done.append, watch=lambda _: None) == []
    assert (await index_plan(pool))[0].steps == ()
    return done


async def test_a_migrated_database_needs_nothing(pool: Pool) -> None:
    plan, missing = await index_plan(pool)
    assert (plan.steps, plan.obstacles, missing) == ((), (), [])


async def test_every_index_comes_back_as_the_release_has_it(pool: Pool, database_url: str) -> None:
    schemas = ["public", "indexer", "hosting", "governance", "investment", "community", "crm", "monitoring"]
    drops = [row[0] for row in await pool.fetch(NOT_CONSTRAINTS, schemas)]
    assert len(drops) > 100
    for drop in drops:
        await pool.execute(drop)
    assert catalogue_differences(database_url)
    await apply(pool)
    assert [str(one) for one in catalogue_differences(database_url)] == []


@pytest.mark.parametrize(
    ("table", "constraint"),
    [
        ("hosting.miner_telemetry", "miner_telemetry_pkey"),
        ("public.meter_readings", "meter_readings_meter_id_timestamp_key"),
        ("governance.votes", "votes_proposal_id_voter_id_key"),
        ("governance.votes", "votes_pkey"),
        ("hosting.login_records", "login_records_pkey"),
        ("hosting.hosting_miners", "hosting_miners_serial_number_key"),
    ],
)
async def test_keys_come_back_with_their_constraints(
    pool: Pool, database_url: str, telemetry: None, table: str, constraint: str
) -> None:
    await pool.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    await apply(pool)
    assert [str(one) for one in catalogue_differences(database_url)] == []


async def test_parts_of_a_partitioned_table_are_built_and_attached(
    pool: Pool, database_url: str, telemetry: None
) -> None:
    name = "hosting.miner_telemetry_miner_recorded_idx"
    await pool.execute(f"DROP INDEX {name}")
    steps = await apply(pool)
    built = [step.table for step in steps if "CONCURRENTLY" in step.statement]
    assert built == [row[0] for row in await pool.fetch(PARTS)]
    assert len(built) >= 3
    assert await pool.fetchval(VALID, name)
    assert await pool.fetchval(USED, name) == await pool.fetchval(USED, "hosting.miner_telemetry")
    assert catalogue_differences(database_url) == ()


async def test_writers_go_on_meanwhile(pool: Pool, telemetry: None) -> None:
    await pool.execute("DROP INDEX hosting.miner_telemetry_miner_recorded_idx")
    row = (
        "INSERT INTO hosting.miner_telemetry (miner_id, hashrate, recorded_at)"
        " VALUES (2, 1, timestamptz '2026-03-05 00:00+00')"
    )
    building = asyncio.create_task(apply(pool))
    written = 0
    async with pool.acquire() as writer:
        await writer.execute("SET lock_timeout = '10s'")
        while not building.done():
            await writer.execute(row)
            written += 1
    assert await building
    async with pool.acquire() as reader:
        await reader.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        through_index = "SELECT count(*) FROM hosting.miner_telemetry WHERE miner_id = 2"
        assert await reader.fetchval(through_index) == written > 0


async def test_a_build_that_was_killed_is_dropped_and_done_again(
    pool: Pool, database_url: str, telemetry: None
) -> None:
    name = "hosting.miner_telemetry_p202603_miner_recorded_idx"
    await pool.execute("DROP INDEX hosting.miner_telemetry_miner_recorded_idx")

    async def half_built() -> bool:
        return await pool.fetchval(VALID, name) is False

    async def nobody_builds() -> bool:
        return not await pool.fetchval(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'gridtokenx-cli')"
        )

    async with pool.acquire() as reader:
        # The build waits for a snapshot that is older than itself, and is killed there.
        snapshot = reader.transaction(isolation="repeatable_read")
        await snapshot.start()
        await reader.fetchval("SELECT count(*) FROM hosting.hosting_miners")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gridtokenx_indexer.ops.cli", "db", "indexes", "apply",
            env={**clean_environment(), "DATABASE_URL": database_url}, cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await eventually(half_built, "begun to build")
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
        # The server notices within seconds that nobody waits for the build.
        await eventually(nobody_builds, "given up by the server")
        await snapshot.rollback()
    assert (await apply(pool))[0].statement == f"DROP INDEX CONCURRENTLY {name}"
    assert catalogue_differences(database_url) == ()


async def test_an_invalid_index_is_found_and_built_again(pool: Pool, database_url: str) -> None:
    await pool.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('public.idx_users_role'::regclass,"
        " 'hosting.login_records_pkey'::regclass)"
    )
    assert {step.statement for step in await apply(pool)} > {
        "DROP INDEX CONCURRENTLY public.idx_users_role",
        "REINDEX INDEX CONCURRENTLY hosting.login_records_pkey",
    }
    assert catalogue_differences(database_url) == ()


async def test_a_table_that_is_never_free_is_given_up_by_name(pool: Pool, telemetry: None) -> None:
    await pool.execute("DROP INDEX hosting.miner_telemetry_miner_recorded_idx")
    async with pool.acquire() as writer:
        held = writer.transaction()
        await held.start()
        await writer.execute("DELETE FROM hosting.miner_telemetry WHERE id = -1")
        pid = writer.get_server_pid()
        with pytest.raises(RetryableError, match=rf"miner_telemetry was never free.*process {pid}"):
            await apply(pool, IMPATIENT)
        await held.rollback()
    assert await apply(pool, IMPATIENT)


async def test_rows_that_repeat_are_named_and_stop_it(pool: Pool, database_url: str) -> None:
    await pool.execute("ALTER TABLE hosting.miner_models DROP CONSTRAINT miner_models_name_key")
    twice = "INSERT INTO hosting.miner_models (name, hashrate, power_consumption) VALUES ('S19', 1, 1)"
    await pool.execute(twice)
    await pool.execute(twice)
    with pytest.raises(
        StopError, match=r"miner_models_name_key cannot be built.*\(name\)=\(S19\) is duplicated"
    ):
        await apply(pool)
    await pool.execute("DELETE FROM hosting.miner_models WHERE id = 2")
    assert (await apply(pool))[0].statement == "DROP INDEX CONCURRENTLY hosting.miner_models_name_key"
    assert catalogue_differences(database_url) == ()


async def test_one_builder_at_a_time(pool: Pool) -> None:
    async with index_builder(pool):
        with pytest.raises(RetryableError, match=r"process \d+ \(gridtokenx-test\) builds indexes"):
            async with index_builder(pool):
                pass
    async with index_builder(pool):
        pass


async def test_the_command_plans_and_applies(pool: Pool, database_url: str) -> None:
    environment = {"DATABASE_URL": database_url}
    await pool.execute("DROP INDEX public.idx_users_role")
    build = "CREATE INDEX CONCURRENTLY idx_users_role ON public.users USING btree (role)"
    planned = await run_cli("db", "indexes", "plan", environment=environment)
    assert planned.stdout.strip() == (
        f"{build};  -- shuts out no reader or writer; waits for transactions that are open"
    )
    assert (
        await run_cli("db", "indexes", "apply", "--dry-run", environment=environment)
    ).stdout == planned.stdout
    applied = await run_cli("db", "indexes", "apply", environment=environment)
    assert (applied.code, applied.stdout.strip()) == (0, f"done: {build}")
    again = await run_cli("db", "indexes", "apply", environment=environment)
    assert (again.code, again.stdout.strip()) == (0, "every index is there")


async def test_indexes_may_come_before_the_migration_that_would_build_them(
    empty_database_url: str, tmp_path: Path
) -> None:
    environment = {"DATABASE_URL": empty_database_url}
    migrate(empty_database_url, directory=first_migrations(tmp_path, 48))
    index = "hosting.miner_operation_log_timestamp_idx"
    query(empty_database_url, f"DROP INDEX {index}")
    applied = await run_cli("db", "indexes", "apply", environment=environment)
    assert query(empty_database_url, f"SELECT to_regclass('{index}') IS NOT NULL") == [(True,)]
    # What needs a column that is still to come is named, and the rest is built.
    assert applied.code == 1
    assert "cannot build miner_telemetry_touched_idx of hosting.miner_telemetry" in applied.stderr
    assert 'column "transaction_id" does not exist; run db migrate first' in applied.stderr
    migrate(empty_database_url)
    again = await run_cli("db", "indexes", "apply", environment=environment)
    assert (again.code, again.stdout.strip()) == (0, "every index is there")
    assert catalogue_differences(empty_database_url) == ()
