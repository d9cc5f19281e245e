"""A signal before a command has handlers of its own is an interrupt: it cleans up and says so."""

from __future__ import annotations

import asyncio
import signal
import sys

import psycopg

from gridtokenx_indexer.ops.demo.workspace import clean_environment
from gridtokenx_indexer.store.migrate import lock_key
from tests.support.cli import ROOT
from tests.support.eventually import eventually
from tests.support.postgres import DatabaseServer, query

WAITERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory_lock%'
"""


async def test_a_waiting_command_is_interrupted(postgres: DatabaseServer) -> None:
    with postgres.database() as url, psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (lock_key(other.info.dbname),))
        other.execute("SELECT 1")
        query(url, "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gridtokenx_indexer.ops.cli",
            "db",
            "migrate",
            env={**clean_environment(), "DATABASE_URL": url},
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

        async def waiting() -> bool:
            return other.execute(WAITERS.encode()).fetchone() != (0,)

        try:
            await eventually(waiting, "waited for the migration lock")
            process.send_signal(signal.SIGTERM)
            _, errors = await asyncio.wait_for(process.communicate(), 60)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert (process.returncode, errors.decode().splitlines()[-1]) == (130, "interrupted")
