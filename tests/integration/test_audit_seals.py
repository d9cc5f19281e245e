"""Seals over the audit trail: what they cover, what they wait for, and which forgeries they name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.store.audit_sealer import seal_audit_logs
from gridtokenx_indexer.store.db_verify import verify_database
from gridtokenx_indexer.store.embedded import NO_DURABILITY, EmbeddedPostgres
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.roles import APP, READER, SERVICE, apply_roles
from tests.support.audit import covered, seal_everything
from tests.support.clients import leave_uuid_ossp, server_clients
from tests.support.postgres import DatabaseServer, query, server_folder
from tests.support.rule_world import WORLD

BROKEN = "SELECT seal_number, reason, row_id::text FROM indexer.broken_audit_seals()"
SEAL = "SELECT indexer.seal_audit_logs()"
OLDEST = "(SELECT id FROM audit_logs ORDER BY transaction_id, id LIMIT 1)"
PAST_TRIGGERS = "SET session_replication_role = replica;"


@pytest.fixture
def url(postgres: DatabaseServer) -> Iterator[str]:
    """The world under two seals, the second over two changes of the settings."""
    with postgres.database() as made:
        query(made, WORLD)
        seal_everything(made)
        query(made, "UPDATE community.settings SET value = 'light'")
        query(made, "UPDATE community.settings SET value = 'dark'")
        seal_everything(made)
        yield made


@pytest.fixture(scope="module")
def granted(postgres: DatabaseServer) -> Iterator[str]:
    """The world with the roles' rights; no test writes to it."""
    with postgres.database() as made:
        query(made, WORLD)
        apply_roles(made)
        yield made


def broken(url: str) -> list[tuple[int, str]]:
    return [(number, reason) for number, reason, _ in query(url, BROKEN)]


def settings_rows(url: str) -> list[str]:
    rows = query(
        url,
        "SELECT id::text FROM audit_logs WHERE resource_type = 'community.settings' AND action = 'update'"
        " ORDER BY transaction_id",
    )
    return [row[0] for row in rows]


def test_seals_cover_every_row_once_and_follow_one_another(url: str) -> None:
    assert query(url, "SELECT count(*) FROM audit_logs") == [(covered(url),)]
    listed = "SELECT count(DISTINCT id), count(*) FROM indexer.audit_seal_parts, unnest(row_ids) AS id"
    assert query(url, listed) == [(covered(url), covered(url))]
    assert query(url, "SELECT array_agg(seal_number ORDER BY 1) FROM indexer.audit_seals") == [([1, 2],)]
    assert broken(url) == []
    assert query(url, SEAL) == [(None,)]


def test_rows_of_an_open_transaction_wait_for_the_next_seal(url: str) -> None:
    before = covered(url)
    with psycopg.connect(url) as slow:
        slow.execute("UPDATE community.profiles SET bio = 'slow'")
        query(url, "UPDATE community.settings SET value = 'fast'")
        query(url, SEAL)
        assert covered(url) == before
        slow.commit()
    seal_everything(url)
    assert covered(url) == before + 2
    assert broken(url) == []


def test_rows_of_a_savepoint_are_sealed_with_their_transaction(url: str) -> None:
    before = covered(url)
    with psycopg.connect(url) as slow:
        slow.execute("UPDATE community.profiles SET bio = 'one'")
        with slow.transaction():
            slow.execute("UPDATE community.profiles SET bio = 'two'")
        query(url, SEAL)
        assert covered(url) == before
    seal_everything(url)
    assert covered(url) == before + 2
    assert broken(url) == []


def test_a_sealer_with_an_old_snapshot_seals_nothing_twice(url: str) -> None:
    query(url, "UPDATE community.settings SET value = 'new'")
    with psycopg.connect(url) as old:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1")
        seal_everything(url)
        with pytest.raises(psycopg.errors.UniqueViolation):
            old.execute(SEAL)
    assert query(url, "SELECT count(*) FROM audit_logs") == [(covered(url),)]
    assert broken(url) == []


def test_sealers_that_run_at_once_seal_every_row_once(url: str) -> None:
    for value in range(5):
        query(url, f"UPDATE community.settings SET value = '{value}'")
        with ThreadPoolExecutor(4) as sealers:
            list(sealers.map(lambda _: query(url, SEAL), range(4)))
    seal_everything(url)
    assert query(url, "SELECT count(*) FROM audit_logs") == [(covered(url),)]
    assert broken(url) == []


def test_a_seal_reaches_over_partitions_and_many_parts(url: str) -> None:
    query(url, "SELECT indexer.ensure_partition('public.audit_logs', '2020-03-05')")
    query(
        url,
        "INSERT INTO audit_logs (action, created_at) SELECT 'many', CASE n % 2 WHEN 0 THEN now()"
        " ELSE timestamptz '2020-03-05' END FROM generate_series(1, 24000) AS n",
    )
    seal_everything(url)
    parts = (
        "SELECT partition_name ~ '202003', cardinality(row_ids) FROM indexer.audit_seal_parts"
        " WHERE seal_number = 3 ORDER BY part"
    )
    assert query(url, parts) == [(True, 10000), (True, 2000), (False, 10000), (False, 2000)]
    assert broken(url) == []
    query(url, f"{PAST_TRIGGERS} DELETE FROM audit_logs WHERE action = 'many' AND created_at < '2021-01-01'")
    ((number, reason),) = broken(url)
    assert number == 3
    assert reason.endswith("is gone, the first of 12000")


CHANGED = "is different"
GONE = "is gone"
ADDED = "was not there when it was sealed"


@pytest.mark.parametrize(
    ("forgery", "reason"),
    [
        ("UPDATE audit_logs SET new_values = '{{}}' WHERE id = '{row}'", CHANGED),
        ("UPDATE audit_logs SET actor = 'nobody' WHERE id = '{row}'", CHANGED),
        (
            "UPDATE audit_logs SET created_at = created_at - interval '1 microsecond' WHERE id = '{row}'",
            CHANGED,
        ),
        ("DELETE FROM audit_logs WHERE id = '{row}'", GONE),
        (
            "CREATE TEMP TABLE kept AS SELECT * FROM audit_logs WHERE id = '{row}'; DELETE FROM audit_logs"
            " WHERE id = '{row}'; UPDATE kept SET action = 'read'; INSERT INTO audit_logs SELECT * FROM kept",
            CHANGED,
        ),
        # The row of one transaction with the number of another.
        (
            "UPDATE audit_logs AS a SET transaction_id = b.transaction_id FROM audit_logs AS b"
            " WHERE a.id = '{row}' AND b.id = '{other}'",
            CHANGED,
        ),
        (
            "UPDATE audit_logs AS a SET old_values = b.old_values, new_values = b.new_values"
            " FROM audit_logs AS b"
            " WHERE a.id IN ('{row}', '{other}') AND b.id IN ('{row}', '{other}') AND a.id <> b.id",
            CHANGED + ", the first of 2",
        ),
    ],
)
def test_a_forgery_past_all_triggers_is_named_by_its_row(url: str, forgery: str, reason: str) -> None:
    row, other = settings_rows(url)
    query(url, PAST_TRIGGERS + forgery.format(row=row, other=other))
    ((number, found, named),) = query(url, BROKEN)
    assert (number, found) == (2, f"row {named} {reason}")
    assert named in (row, other) if "first of" in reason else named == row
    failed = {check.name: check.detail for check in verify_database(url) if not check.ok}
    assert failed == {"audit_seals_hold": f"seal 2: {found}"}


def test_a_row_slipped_under_an_old_seal_is_named(url: str) -> None:
    query(
        url,
        f"{PAST_TRIGGERS} INSERT INTO audit_logs (id, action, transaction_id)"
        " SELECT '00000000-0000-0000-00ff-000000000001', 'alibi', transaction_id FROM audit_logs"
        f" WHERE id = {OLDEST}",
    )
    assert broken(url) == [(1, f"row 00000000-0000-0000-00ff-000000000001 {ADDED}")]


@pytest.mark.parametrize(
    ("forgery", "seal", "reason"),
    [
        ("UPDATE indexer.audit_seals SET seal = sha256('x') WHERE seal_number = 2", 2, "is not the seal of"),
        ("UPDATE indexer.audit_seals SET row_count = 0 WHERE seal_number = 2", 2, "is not the seal of"),
        (
            "UPDATE indexer.audit_seals SET to_transaction = '9' WHERE seal_number = 1",
            1,
            "is not the seal of",
        ),
        (
            "UPDATE indexer.audit_seal_parts SET row_digests[1] = sha256('x') WHERE seal_number = 2",
            2,
            "is not the seal of its own list of rows",
        ),
        ("DELETE FROM indexer.audit_seal_parts WHERE seal_number = 2", 2, "is not the seal of"),
        ("DELETE FROM indexer.audit_seals WHERE seal_number = 1", 2, "the seal before it, 1, is gone"),
        (
            "DELETE FROM indexer.audit_seals WHERE seal_number = 1;"
            " UPDATE indexer.audit_seals SET seal_number = 1",
            1,
            "does not follow the seal before it",
        ),
    ],
)
def test_a_forged_seal_is_named(url: str, forgery: str, seal: int, reason: str) -> None:
    query(url, PAST_TRIGGERS + forgery)
    number, found = broken(url)[0]
    assert (number, found[: len(reason)]) == (seal, reason)


@pytest.mark.parametrize("way", ["TRUNCATE {}", "DROP TABLE {}"])
def test_a_partition_that_nobody_dropped_is_missed(url: str, way: str) -> None:
    ((partition,),) = query(url, "SELECT DISTINCT tableoid::regclass::text FROM audit_logs")
    query(url, f"DROP TRIGGER IF EXISTS audit_logs_no_truncate ON {partition}; {way.format(partition)}")
    (_, first), *_ = broken(url)
    ((rows,),) = query(url, "SELECT row_count FROM indexer.audit_seals WHERE seal_number = 1")
    lost = "is gone with its partition, which nobody dropped" if "DROP" in way else "is gone"
    assert first.endswith(f"{lost}, the first of {rows}")


def test_a_partition_leaves_sealed_and_on_record_and_its_seals_still_hold(url: str) -> None:
    query(url, "SELECT indexer.ensure_partition('public.audit_logs', '2020-03-05')")
    query(
        url,
        "INSERT INTO audit_logs (action, created_at) SELECT 'old', '2020-03-05' FROM generate_series(1, 3)",
    )
    drop = "SELECT indexer.drop_partition('public.audit_logs_p202003')"
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match=r"3 rows of .* are not sealed yet"):
        query(url, drop)
    seal_everything(url)
    assert query(url, drop) == [(3,)]
    assert broken(url) == []
    seal_everything(url)
    query(
        url,
        f"{PAST_TRIGGERS} UPDATE indexer.dropped_partitions SET partition_name = 'public.audit_logs_p202001'",
    )
    assert [reason.endswith("which nobody dropped, the first of 3") for _, reason in broken(url)] == [True]


def test_seals_cut_off_at_the_end_are_seen_by_who_kept_the_newest(url: str) -> None:
    ((value,),) = query(url, "SELECT encode(seal, 'hex') FROM indexer.audit_seals WHERE seal_number = 2")
    kept = f"2:{value}"
    (good,) = [check for check in verify_database(url, kept) if check.name == "audit_seals_hold"]
    assert good.ok
    assert good.detail == f"2 seals, the newest {kept}"
    query(
        url,
        f"{PAST_TRIGGERS} DELETE FROM indexer.audit_seals WHERE seal_number = 2;"
        " DELETE FROM indexer.audit_seal_parts WHERE seal_number = 2; UPDATE audit_logs SET actor = 'x'"
        " WHERE resource_type = 'community.settings' AND action = 'update'",
    )
    assert broken(url) == []
    (cut,) = [check for check in verify_database(url, kept) if check.name == "audit_seals_hold"]
    assert not cut.ok
    assert cut.detail == f"seal 2: it was {value} and is gone"
    seal_everything(url)
    assert broken(url) == []
    (forged,) = [check for check in verify_database(url, kept) if check.name == "audit_seals_hold"]
    assert not forged.ok
    assert forged.detail.startswith(f"seal 2: it was {value} and is now ")


async def test_the_daemon_logs_what_an_operator_compares(
    pool: Pool, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    query(database_url, "INSERT INTO users (email) VALUES ('a@example.org')")
    with caplog.at_level("INFO"):
        while await seal_audit_logs(pool) is None:
            pass
    (record,) = [record for record in caplog.records if record.message == "audit_sealed"]
    ((number, rows, value),) = query(
        database_url, "SELECT seal_number, row_count, encode(seal, 'hex') FROM indexer.audit_seals"
    )
    assert record.__dict__["seal"] == f"{number}:{value}"
    assert record.__dict__["rows"] == rows == 1


@pytest.fixture
def other_folder() -> Iterator[Path]:
    folder = server_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_restored_trail_goes_on_at_once_on_another_server(
    url: str, tmp_path: Path, other_folder: Path
) -> None:
    """Its counter starts low: the same transaction numbers come again."""
    # A restore takes some thousand numbers itself.
    query(url, "DO $$BEGIN FOR n IN 1..30000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END$$")
    query(url, "UPDATE community.settings SET value = 'sealed high up'")
    seal_everything(url)
    query(url, "UPDATE community.settings SET value = 'not sealed when dumped'")
    leave_uuid_ossp(url)
    clients = server_clients(url)
    clients.dump(url, tmp_path / "all.dump")
    with EmbeddedPostgres(other_folder, settings=NO_DURABILITY) as other:
        query(other.url("postgres"), "CREATE DATABASE restored TEMPLATE template0")
        restored = other.url("restored")
        clients.restore(restored, tmp_path / "all.dump")
        assert broken(restored) == []
        ((before,),) = query(restored, "SELECT count(*) FROM audit_logs")
        for value in range(3):
            query(restored, f"UPDATE community.settings SET value = 'restored {value}'")
        lower = (
            "SELECT (pg_current_xact_id()::text::numeric < (SELECT max(to_transaction::text::numeric)"
            " FROM indexer.audit_seals))"
        )
        assert query(restored, lower) == [(True,)]
        seal_everything(restored)
        assert covered(restored) == before + 3
        assert query(restored, "SELECT count(DISTINCT server_id) FROM indexer.audit_seals") == [(2,)]
    with EmbeddedPostgres(other_folder, settings=NO_DURABILITY) as again:
        restored = again.url("restored")
        query(restored, "UPDATE community.settings SET value = 'restarted'")
        seal_everything(restored)
        assert covered(restored) == before + 4
        assert broken(restored) == []
        query(
            restored,
            f"{PAST_TRIGGERS} DELETE FROM audit_logs WHERE new_values ->> 'value' = 'not sealed when dumped'",
        )
        assert [reason[-7:] for _, reason in broken(restored)] == ["is gone"]


@pytest.mark.parametrize("role", [APP, READER, SERVICE])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_logs (action) VALUES ('forged')",
        "INSERT INTO community.audit_logs (action) VALUES ('forged')",
        "UPDATE community.audit_logs SET action = 'forged'",
        "DELETE FROM community.audit_logs",
        "INSERT INTO audit_logs_p{month} (action) VALUES ('forged')",
        "INSERT INTO indexer.audit_seals VALUES (3, 1, '0', '1', 0, sha256(''), sha256(''))",
        "DELETE FROM indexer.audit_seal_parts",
        "INSERT INTO indexer.dropped_partitions (table_name, partition_name, bounds, row_count)"
        " VALUES ('public.audit_logs', 'public.audit_logs_p{month}', '', 0)",
        "SET session_replication_role = replica",
        "ALTER TABLE audit_logs DISABLE TRIGGER ALL",
        "TRUNCATE audit_logs",
    ],
)
def test_no_role_reaches_the_trail_by_any_relation(granted: str, role: str, statement: str) -> None:
    ((month,),) = query(granted, "SELECT to_char(now(), 'YYYYMM')")
    with psycopg.connect(granted) as connection:
        connection.execute(f"SET SESSION AUTHORIZATION {role}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.format(month=month).encode())
