"""The daemon: connections opened, services built and supervised, connections closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from gridtokenx_indexer.api.config import ApiConfig
from gridtokenx_indexer.domain.service import Service
from gridtokenx_indexer.market.chain_terms import ChainTermsReader
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.ops.daemon.following import build_follower
from gridtokenx_indexer.ops.daemon.keys import SERVICE_ROLES, load_keys
from gridtokenx_indexer.ops.daemon.minting import build_minting, mint_config
from gridtokenx_indexer.ops.daemon.network import require_same_chain
from gridtokenx_indexer.ops.daemon.parts import CLOCK, Parts
from gridtokenx_indexer.ops.daemon.program import Program, load_program
from gridtokenx_indexer.ops.daemon.sending import build_engine, build_sending
from gridtokenx_indexer.ops.daemon.serving import ProcessState, build_api
from gridtokenx_indexer.ops.daemon.trading import build_clearing, build_settling
from gridtokenx_indexer.ops.daemon.watching import watch_keys
from gridtokenx_indexer.ops.database import backup_hook, database, require_schema, service_url
from gridtokenx_indexer.ops.endpoints import rpc_urls
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.ops.supervisor import RestartPolicy, Supervisor
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.audit_sealer import AuditSealer
from gridtokenx_indexer.store.notify import Notifications
from gridtokenx_indexer.store.partitions import PartitionKeeper
from gridtokenx_indexer.store.pool import create_pool
from gridtokenx_indexer.store.rollup_keeper import RollupKeeper
from gridtokenx_indexer.store.rollups import RollupConfig
from gridtokenx_indexer.store.service_rights import require_service_rights
from gridtokenx_indexer.tx.signer import KeyRing

log = logging.getLogger(__name__)

ROLLUPS_LEASE = "rollups"


def run_daemon(settings: Settings) -> int:
    """Serves until a signal; returns the exit code. Wrong settings fail before anything is started."""
    program = load_program(settings)
    keys = load_keys(settings)
    rpc_config = rpc_settings(settings)
    settings.struct("api", ApiConfig).address()
    with database(settings, share=False) as url:
        embedded = not settings["database.url"]
        apply = embedded or bool(settings["database.migrate"])
        require_schema(url, apply=apply, before_change=backup_hook(settings, url))
        own_url = service_url(settings, url)
        require_service_rights(own_url)
        return asyncio.run(_serve(settings, program, keys, rpc_config, own_url))


def rpc_settings(settings: Settings) -> RpcConfig:
    names = settings["solana.rpc_urls"]
    assert isinstance(names, tuple)
    ws_url = settings["solana.ws_url"]
    values = {**settings.section("rpc"), "urls": rpc_urls(names), "ws_urls": (ws_url,) if ws_url else ()}
    return msgspec.convert(values, RpcConfig)


async def _serve(settings: Settings, program: Program, keys: KeyRing, rpc_config: RpcConfig, url: str) -> int:
    async with _parts(settings, program, keys, rpc_config, url) as parts:
        services, state = _services(parts, rpc_config)
        supervisor = Supervisor(
            services,
            foundations=[parts.notifications, *parts.leases.values()],
            drain_s=_number(settings, "service.drain_seconds"),
            restarts=RestartPolicy(
                minimum_ms=_number(settings, "service.restart_minimum_ms"),
                maximum_ms=_number(settings, "service.restart_maximum_ms"),
            ),
        )
        state.failures = supervisor.failures
        state.trouble = supervisor.trouble
        log.info(
            "daemon_started",
            extra={
                "program": str(parts.program_id),
                "roles": [str(role) for role in SERVICE_ROLES if keys.holds(role)],
                "services": [service.name for service in services],
            },
        )
        return await supervisor.run()


@asynccontextmanager
async def _parts(
    settings: Settings, program: Program, keys: KeyRing, rpc_config: RpcConfig, url: str
) -> AsyncIterator[Parts]:
    pool = await create_pool(
        url, application_name="gridtokenx", max_size=_number(settings, "database.pool_size")
    )
    # A renewal must not queue behind work.
    lease_pool = await create_pool(url, application_name="gridtokenx-leases", max_size=2)
    try:
        async with RpcClient(rpc_config) as rpc:
            await require_same_chain(pool, rpc, program.id)
            await watch_keys(pool, keys)
            terms_reader = ChainTermsReader(rpc, program.id)
            yield Parts(
                settings=settings,
                program=program,
                keys=keys,
                pool=pool,
                lease_pool=lease_pool,
                rpc=rpc,
                notifications=Notifications(url),
                terms_reader=terms_reader,
                terms=await terms_reader.terms(),
            )
    finally:
        await pool.close()
        await lease_pool.close()


def _services(parts: Parts, rpc_config: RpcConfig) -> tuple[Sequence[Service], ProcessState]:
    settings = parts.settings
    mint = mint_config(settings)
    market = settings.struct("market", MarketConfig)
    api = settings.struct("api", ApiConfig)
    engine = build_engine(parts)
    follower = build_follower(parts, rpc_config)
    state = ProcessState(parts, follower, api)
    services: list[Service] = [
        follower,
        *build_sending(parts, engine, mint, market),
        *build_minting(parts, engine, mint),
        *build_clearing(parts, engine, market),
        *build_settling(parts, engine, market),
        *build_api(parts, state, api),
    ]
    partitions = PartitionKeeper(parts.pool, parts.notifications.subscribe(CLOCK))
    sealer = AuditSealer(parts.pool)
    rollups = RollupKeeper(parts.pool, parts.lease(ROLLUPS_LEASE), settings.struct("rollups", RollupConfig))
    return [partitions, sealer, rollups, *services], state


def _number(settings: Settings, key: str) -> int:
    value = settings[key]
    assert isinstance(value, int)
    return value
