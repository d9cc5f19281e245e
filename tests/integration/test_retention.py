from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.ops.failures import as_own
from gridtokenx_indexer.store.retention import delete_expired, retention_plan
from gridtokenx_indexer.store.retention_plan import Action
from tests.support.cli import run_cli
from tests.support.postgres import query
from tests.support.rule_world import WORLD

AGES = """
INSERT INTO hosting.login_records (email, success, login_time)
SELECT 'a@example.org', true, now() - d * interval '1 day' FROM unnest(ARRAY[364, 366, 800]) AS d;
INSERT INTO hosting.outbox_events (event_type, status, processed_at, created_at)
SELECT 'x', 'processed', now() - d * interval '1 day', now() - interval '900 days'
  FROM unnest(ARRAY[29, 31]) AS d;
INSERT INTO hosting.outbox_events (event_type, created_at)
VALUES ('never delivered', now() - interval '900 days');
INSERT INTO hosting.miner_operation_log (miner_id, operation, "timestamp")
VALUES (1, 'start', now() - interval '400 days');
"""


@pytest.mark.requirement("S3-D03", "S3-D05")
def test_only_what_is_past_its_time_is_deleted(database_url: str) -> None:
    query(database_url, WORLD + AGES)
    plan = retention_plan(database_url)
    assert delete_expired(database_url, plan) == {"hosting.login_records": 2, "hosting.outbox_events": 1}
    assert query(database_url, "SELECT count(*) FROM hosting.login_records") == [(1,)]
    left = query(database_url, "SELECT event_type, status FROM hosting.outbox_events ORDER BY id")
    assert left == [("x", "processed"), ("never delivered", "pending")]
    assert query(database_url, "SELECT count(*) FROM hosting.miner_operation_log") == [(1,)]
    assert delete_expired(database_url, retention_plan(database_url)) == {}


def test_the_plan_sees_partitions_as_they_are(database_url: str) -> None:
    for day in ("2026-01-15", "2026-02-15", "2026-03-15"):
        query(
            database_url, f"SELECT indexer.ensure_partition('hosting.miner_telemetry', '{day}'::timestamptz)"
        )
    now = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=90)
    plan = [step for step in retention_plan(database_url, now=now) if step.table == "hosting.miner_telemetry"]
    assert [(step.action, step.target) for step in plan] == [
        (Action.ARCHIVE, "hosting.miner_telemetry_p202601"),
        (Action.ARCHIVE, "hosting.miner_telemetry_p202602"),
    ]


def test_telemetry_of_last_year_and_slots_far_ahead_have_their_partitions(database_url: str) -> None:
    query(database_url, WORLD)
    query(
        database_url, "SELECT indexer.ensure_partition('hosting.miner_telemetry', now() - interval '1 year')"
    )
    query(
        database_url,
        "INSERT INTO hosting.miner_telemetry (miner_id, recorded_at) VALUES (1, now() - interval '1 year')",
    )
    for table in ("public.blockchain_events", "public.blockchain_transactions", "indexer.slots"):
        name = query(database_url, f"SELECT indexer.ensure_partition('{table}', 700000000::bigint)")
        assert name == [(f"{table}_p700000000",)]
    default = (
        "SELECT count(*) FROM pg_class WHERE relispartition AND pg_get_expr(relpartbound, oid) = 'DEFAULT'"
    )
    assert query(database_url, default) == [(0,)]


def test_rows_that_somebody_is_changing_are_left_to_the_next_time(database_url: str) -> None:
    query(database_url, WORLD + AGES)
    plan = retention_plan(database_url)
    with psycopg.connect(database_url) as busy:
        busy.execute(
            "UPDATE hosting.login_records SET location = 'x' WHERE login_time < now() - interval '700 d'"
        )
        assert delete_expired(database_url, plan)["hosting.login_records"] == 1
    assert delete_expired(database_url, retention_plan(database_url)) == {"hosting.login_records": 1}


def test_a_table_that_is_being_altered_ends_it_as_temporary(database_url: str) -> None:
    query(database_url, WORLD + AGES)
    plan = retention_plan(database_url)
    with psycopg.connect(database_url) as busy:
        busy.execute("LOCK TABLE hosting.login_records IN SHARE MODE")
        with pytest.raises(psycopg.errors.LockNotAvailable) as refused:
            delete_expired(database_url, plan)
    assert isinstance(as_own(refused.value), RetryableError)


async def test_the_command_says_what_it_would_do_and_what_it_leaves(database_url: str) -> None:
    environment = {"DATABASE_URL": database_url}
    retention = ("db", "retention", "apply")
    query(
        database_url, "SELECT indexer.ensure_partition('hosting.miner_telemetry', '2020-01-15'::timestamptz)"
    )
    stays = "hosting.miner_telemetry_p202001 stays until it is archived"
    idle = await run_cli(*retention, environment=environment)
    assert (idle.code, idle.stdout.splitlines()) == (0, [stays, "no row is past its time"])
    query(database_url, WORLD + AGES)
    dry = await run_cli(*retention, "--dry-run", environment=environment)
    assert dry.stdout.splitlines()[0] == stays
    assert "would delete rows of hosting.login_records before " in dry.stdout
    assert query(database_url, "SELECT count(*) FROM hosting.login_records") == [(3,)]
    done = await run_cli(*retention, environment=environment)
    assert "2 rows deleted from hosting.login_records" in done.stdout
