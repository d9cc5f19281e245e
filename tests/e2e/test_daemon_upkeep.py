"""What the daemon does for tables that others write, with the rights of its own role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from gridtokenx_indexer.ops.database import as_role
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.roles import SERVICE, apply_roles
from tests.support.daemons import running_daemon
from tests.support.eventually import eventually
from tests.support.telemetry import add_rows, make_world
from tests.support.village import Village

pytestmark = pytest.mark.timeout(300)


async def test_partitions_and_half_hours_are_kept(village: Village, pool: Pool, database_url: str) -> None:
    apply_roles(database_url)
    await make_world(pool)
    late = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=365)
    ahead = "SELECT to_regclass('public.audit_logs_p' || to_char(now() + interval '12 months', 'YYYYMM'))"

    async def there() -> bool:
        half_hours = await pool.fetchval("SELECT sum(samples) FROM hosting.telemetry_30min")
        days = await pool.fetchval("SELECT count(*) FROM hosting.site_days WHERE day = $1", late.date())
        return bool(half_hours == 2 and days == 1 and await pool.fetchval(ahead))

    assert await pool.fetchval(ahead) is None
    async with running_daemon(
        village.cast,
        database_url=as_role(database_url, SERVICE),
        rpc_url=village.node.http_url,
        settings={"GRIDTOKENX_ROLLUPS_POLL_MS": "200"},
    ) as daemon:
        await add_rows(pool, late, late + timedelta(minutes=1))
        await eventually(there, "computed last year's telemetry and made next year's partition")
        async with httpx.AsyncClient(base_url=daemon.api_url) as client:
            status = (await client.get("/status")).json()
            metrics = (await client.get("/metrics")).text
    assert status["rollups"]["touched_half_hours"] == 0
    assert "rollups" in [lease["name"] for lease in status["leases"]]
    assert "gridtokenx_rollup_lag_seconds " in metrics
