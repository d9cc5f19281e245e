"""Databases of an earlier release, and what stands in them."""

from __future__ import annotations

import shutil
from pathlib import Path

from gridtokenx_indexer.store.migration_files import shipped_directory
from tests.support.postgres import query

FIRST_RELEASE = 21
"""The last migration before the update document."""
ROWS = """
INSERT INTO users (email, username) VALUES ('old@example.org', 'old');
INSERT INTO meter_registry (user_id, meter_serial) SELECT id, 'SN-old' FROM users;
SELECT indexer.ensure_partition('public.meter_readings', now());
INSERT INTO meter_readings (meter_id, timestamp, energy_generated) SELECT id, now(), 1 FROM meter_registry;
INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at)
VALUES (gen_random_uuid(), gen_random_uuid(), 1, 1, 1, now());
"""
_TABLES = ("users", "meter_registry", "meter_readings", "trading.trades")
_COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0
   AND attname IN ('id', 'email', 'username', 'meter_serial', 'energy_generated', 'buyer_id', 'energy_amount',
                   'executed_at', 'timestamp', 'created_at')
"""


def first_migrations(folder: Path, count: int = FIRST_RELEASE) -> Path:
    """The folder, filled with the first shipped migrations."""
    for file in sorted(shipped_directory().glob("*.sql"))[:count]:
        shutil.copy(file, folder)
    return folder


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """The rows of ROWS in columns that every release has."""
    columns = {table: query(url, _COLUMNS, (table,))[0][0] for table in _TABLES}
    return {table: query(url, f"SELECT {names} FROM {table} ORDER BY 1") for table, names in columns.items()}
