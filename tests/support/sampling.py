"""Samples for tests: small ones, and what can be asked of any."""

from __future__ import annotations

import asyncio
from datetime import datetime

from gridtokenx_indexer.ops.sample.load import seed_database
from gridtokenx_indexer.store.pool import create_pool
from tests.support.postgres import query
from tests.support.seed_catalog import SCHEMAS

DOMAINS = [schema for schema in SCHEMAS if schema != "indexer"]
UNCOUNTED = {"public._sqlx_migrations", "public.audit_logs"}
"""The ledger, and the traces of everything else."""
TABLES = """
SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


def small_sample(
    url: str, *, seed: int, now: datetime | None = None, dry_run: bool = False
) -> dict[str, int]:
    """Where no event loop runs yet."""
    return asyncio.run(write_sample(url, seed=seed, now=now, dry_run=dry_run))


async def write_sample(
    url: str, *, scale: str = "small", seed: int = 1, now: datetime | None = None, dry_run: bool = False
) -> dict[str, int]:
    pool = await create_pool(url, application_name="gridtokenx-test", max_size=2)
    try:
        return await seed_database(pool, scale=scale, seed=seed, now=now, dry_run=dry_run)
    finally:
        await pool.close()


def row_counts(url: str, schemas: list[str] | None = None) -> dict[str, int]:
    """By table, partitions counted with their parent."""
    names = [row[0] for row in query(url, TABLES, (schemas or DOMAINS,))]
    return {name: query(url, f"SELECT count(*) FROM {name}")[0][0] for name in names}


def written(url: str) -> dict[str, int]:
    """Tables of the domains that have rows, the ledger and the traces aside."""
    return {name: count for name, count in row_counts(url).items() if count and name not in UNCOUNTED}
