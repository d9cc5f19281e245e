"""The rules that the rows of a sample keep among themselves."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import psycopg

_NEVER_AHEAD = """
SELECT format('SELECT %L FROM %I.%I WHERE %I > now() LIMIT 1', a.attrelid::regclass || '.' || a.attname,
              n.nspname, c.relname, a.attname)
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname <> ALL (ARRAY['pg_catalog', 'information_schema', 'pg_toast', 'indexer'])
   AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND a.atttypid = 'timestamptz'::regtype AND NOT a.attisdropped
   AND a.attname ~ '(_at|_date|timestamp|^time|last_.*|entered.*)$'
   AND a.attname !~ '(expir|expiry|access_end|next_retry|scheduled|recovery_time)'
"""


@cache
def rules() -> dict[str, str]:
    """What holds, and the query for what breaks it."""
    content = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: query for group in content.values() for name, query in group.items()}


def broken_rules(url: str) -> list[str]:
    with psycopg.connect(url, autocommit=True) as connection:
        found: list[str] = []
        for name, query in rules().items():
            rows = connection.execute(query.encode()).fetchmany(3)
            if rows:
                found.append(f"{name}: {rows}")
        return found


def ahead_of_time(url: str) -> list[str]:
    """Columns that say when something happened, and say a time to come."""
    with psycopg.connect(url, autocommit=True) as connection:
        queries = [row[0] for row in connection.execute(_NEVER_AHEAD).fetchall()]
        assert len(queries) > 60
        hits = [connection.execute(query.encode()).fetchone() for query in queries]
        return [hit[0] for hit in hits if hit is not None]
