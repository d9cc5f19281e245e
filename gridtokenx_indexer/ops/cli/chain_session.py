"""What commands open that work on the database and on a node."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.ops.cli.session import opened_pool, with_database
from gridtokenx_indexer.ops.daemon.network import require_same_chain
from gridtokenx_indexer.ops.daemon.program import Program, load_program
from gridtokenx_indexer.ops.daemon.run import rpc_settings
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.leases import Lease, LeaseKeeper
from gridtokenx_indexer.store.pool import Pool

Result = TypeVar("Result")

_LEASE_LIMIT_S = 10.0


def with_chain(settings: Settings, work: Callable[[Pool, RpcClient, Program], Awaitable[Result]]) -> Result:
    """`work` on the database and a node of the same network."""
    program = load_program(settings)
    rpc_config = rpc_settings(settings)

    async def run(url: str) -> Result:
        async with opened_pool(url) as pool, RpcClient(rpc_config) as rpc:
            await require_same_chain(pool, rpc, program.id)
            return await work(pool, rpc, program)

    return with_database(settings, lambda url: asyncio.run(run(url)))


@asynccontextmanager
async def held_lease(pool: Pool, name: str) -> AsyncIterator[Lease]:
    """The lease `name` for the length of the block; raises `RetryableError` while a daemon holds it."""
    keeper = LeaseKeeper(pool, name)
    stop = asyncio.Event()
    keeping = asyncio.create_task(keeper.run(stop))
    try:
        async with asyncio.timeout(_LEASE_LIMIT_S):
            lease = await keeper.held(stop)
    except TimeoutError as error:
        raise RetryableError(
            f"another process holds the lease {name}", remedy="stop the daemon first, or let it do this"
        ) from error
    else:
        assert lease is not None
        yield lease
    finally:
        stop.set()
        await keeping
