"""Where everything stands: for `/status`, `/readyz`, `/metrics` and the `status` command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg

from gridtokenx_indexer.api.schemas import Readiness
from gridtokenx_indexer.domain.units import plain_text
from gridtokenx_indexer.ops.version import package_version
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load

SQL = load("ops")

_COUNTED = {
    "queue": ("status_queue", "operations"),
    "readings": ("status_readings", "readings"),
    "epochs": ("status_epochs", "epochs"),
    "settlements": ("status_settlements", "settlements"),
    "attempts": ("status_attempts", "attempts"),
}


async def read_status(pool: Pool) -> dict[str, Any]:
    """JSON-ready: u64 and times as strings, counts as numbers."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        chain = await connection.fetchrow(SQL["status_chain"])
        facts = await connection.fetchrow(SQL["status_facts"])
        leases = await connection.fetch(SQL["status_leases"])
        rollups = await connection.fetchrow(SQL["status_rollups"])
        counts = {
            name: {row["status"]: row[counted] for row in await connection.fetch(SQL[query])}
            for name, (query, counted) in _COUNTED.items()
        }
    return {
        "version": package_version(),
        "chain": _plain(chain) if chain else None,
        **(_plain(facts) if facts else {}),
        **counts,
        "rollups": _plain(rollups) if rollups else None,
        "leases": [_plain(lease) for lease in leases],
    }


def readiness(
    head_slot: int | None, tip_slot: int | None, limit: int, trouble: Mapping[str, str]
) -> Readiness:
    """Ready: an index that is at most `limit` slots behind a known tip, and no service in trouble."""
    reasons = [f"{name}: {error}" for name, error in trouble.items()]
    if head_slot is None:
        reasons.append("nothing is indexed yet")
    if not tip_slot:
        reasons.append("no node has answered yet")
    lag = max(tip_slot - head_slot, 0) if head_slot is not None and tip_slot else None
    if lag is not None and lag > limit:
        reasons.append(f"{lag} slots behind the tip, {limit} are allowed")
    return Readiness(ready=not reasons, reasons=reasons, lag_slots=lag)


def _plain(row: asyncpg.Record) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return plain_text(value)
    if isinstance(value, int) and name.endswith(("_slot", "_height", "term")):
        return str(value)
    return value
