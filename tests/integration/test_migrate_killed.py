"""A migration whose runner is killed at any statement is there as a whole or not at all, and goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.catalogue import catalogue_file
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.migration_files import load_migrations, shipped_directory
from tests.support.postgres import DatabaseServer, query
from tests.support.releases import first_migrations

ROOT = Path(__file__).parents[2]
RUNNER = """
import sys
from gridtokenx_indexer.store.migrate import migrate
migrate(sys.argv[1])
"""
MORTAL_RUNNER = """
import os, signal, sys
import psycopg
from gridtokenx_indexer.store.migrate import migrate
execute, left, begun = psycopg.Connection.execute, int(sys.argv[2]), False
def counted(connection, statement, *arguments, **options):
    global left, begun
    begun = begun or statement == "BEGIN"
    if left == 0 and begun:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= begun
    return execute(connection, statement, *arguments, **options)
psycopg.Connection.execute = counted
migrate(sys.argv[1])
print(int(sys.argv[2]) - left)
"""
"""Dies when it has sent so many messages from the first migration on."""
PER_MIGRATION = 5
"""BEGIN, the file, its ledger row, COMMIT, the time it took."""
HALT = """
CREATE SCHEMA halt;
CREATE SEQUENCE halt.commands;
CREATE FUNCTION halt.here() RETURNS event_trigger LANGUAGE plpgsql AS
    'BEGIN IF nextval(''halt.commands'') = %s THEN PERFORM pg_advisory_lock(4711); END IF; END';
CREATE EVENT TRIGGER halt ON ddl_command_end EXECUTE FUNCTION halt.here();
"""
WAITING = """
SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
 WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
COMMANDS = len(load_migrations(shipped_directory())) * 24
"""Fewer than the migrations have, so that each number is met."""


def run(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until(url: str, statement: str, answer: int) -> None:
    """The server changes it; the test's time limit ends the wait."""
    while query(url, statement) != [(answer,)]:
        pass


def picture(url: str) -> str:
    """Every object but the ledger."""
    return "".join(line for line in catalogue_file(url).splitlines(True) if "_sqlx_migrations" not in line)


def assert_whole_and_resumed(postgres: DatabaseServer, url: str, folder: Path, told: str) -> None:
    """What the ledger names is there, nothing else is, and the next run brings the rest."""
    ledger = query(url, "SELECT to_regclass('_sqlx_migrations') IS NOT NULL") == [(True,)]
    done = query(url, "SELECT version, success FROM _sqlx_migrations ORDER BY 1") if ledger else []
    assert done == [(number, True) for number in range(1, len(done) + 1)], told
    with postgres.database(migrated=False) as same:
        migrate(same, directory=first_migrations(folder, len(done)))
        assert picture(url) == picture(same), told
    applied = [one.migration.version for one in migrate(url)]
    assert applied == list(range(len(done) + 1, len(load_migrations(shipped_directory())) + 1)), told
    assert catalogue_file(url) == resource("sql/catalogue.jsonl").read_text(encoding="utf-8"), told


@contextmanager
def halted_at(url: str, command: int) -> Iterator[None]:
    """The runner of migrations stops after so many commands, until the end of the block."""
    query(url, HALT % command)
    with psycopg.connect(url, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(4711)")
        yield
    wait_until(url, OTHERS, 0)
    query(url, "DROP EVENT TRIGGER halt; DROP SCHEMA halt CASCADE")


@pytest.mark.parametrize("part", range(3))
def test_killed_inside_a_file(
    postgres: DatabaseServer, empty_database_url: str, tmp_path: Path, part: int
) -> None:
    third = COMMANDS // 3
    command = random.randint(part * third + 1, (part + 1) * third)
    with halted_at(empty_database_url, command):
        runner = run(RUNNER, empty_database_url)
        wait_until(empty_database_url, WAITING, 1)
        assert runner.poll() is None
        runner.send_signal(signal.SIGKILL)
        runner.communicate()
    assert_whole_and_resumed(postgres, empty_database_url, tmp_path, f"killed at command {command}")


@pytest.mark.parametrize("message", range(PER_MIGRATION))
def test_killed_between_two_messages(
    postgres: DatabaseServer, empty_database_url: str, tmp_path: Path, message: int
) -> None:
    sent = PER_MIGRATION * random.randrange(len(load_migrations(shipped_directory()))) + message
    runner = run(MORTAL_RUNNER, empty_database_url, str(sent))
    runner.communicate()
    assert runner.returncode == -signal.SIGKILL
    wait_until(empty_database_url, OTHERS, 0)
    assert_whole_and_resumed(postgres, empty_database_url, tmp_path, f"killed after {sent} messages")


def test_the_messages_are_as_many_as_the_tests_believe(empty_database_url: str) -> None:
    runner = run(MORTAL_RUNNER, empty_database_url, "-1")
    printed, _ = runner.communicate()
    expected = PER_MIGRATION * len(load_migrations(shipped_directory())) + 1
    assert int(printed) == expected, "the unlocking comes last"


def test_the_next_runner_waits_for_the_one_that_was_killed(empty_database_url: str) -> None:
    """Its client is dead; its session on the server still works on the file and holds the lock."""
    with halted_at(empty_database_url, 20):
        first = run(RUNNER, empty_database_url)
        wait_until(empty_database_url, WAITING, 1)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        second = run(RUNNER, empty_database_url)
        wait_until(empty_database_url, OTHERS, 3)
        assert second.poll() is None
    second.communicate()
    assert second.returncode == 0
    assert migrate(empty_database_url) == ()
