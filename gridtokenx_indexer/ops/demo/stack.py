"""The running stack of the demo: embedded Postgres, local node and daemon, each a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.ops.database import as_role
from gridtokenx_indexer.ops.demo.chain_setup import Cast
from gridtokenx_indexer.ops.demo.people import set_market_clock
from gridtokenx_indexer.ops.demo.ports import free_port, free_port_pair
from gridtokenx_indexer.ops.demo.process_group import ProcessGroup
from gridtokenx_indexer.ops.demo.processes import ChildProcess
from gridtokenx_indexer.ops.demo.workspace import Workspace, clean_environment
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.store.embedded import EmbeddedPostgres
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.notify import Notifications, Wake
from gridtokenx_indexer.store.pool import Pool, create_pool
from gridtokenx_indexer.store.roles import APP, SERVICE, apply_roles

_READY_LIMIT_S = 60.0
_LOOK_S = 0.05
_WAKING = ("gridtokenx_attempts", "gridtokenx_epochs", "gridtokenx_chain")

# The files are thrown away afterwards: they must survive the death of the server, not that of the machine.
_POSTGRES = {"fsync": "off", "full_page_writes": "off"}


class StackOptions(msgspec.Struct, frozen=True, kw_only=True):
    slot_ms: int
    finality_slots: int
    listen: str | None = None
    """HOST:PORT of the API; None takes a free port."""
    daemon_settings: dict[str, str] = {}
    """Environment variables for the daemon, by which it differs from one in production."""


class Stack(msgspec.Struct, kw_only=True):
    """What the driver works with; the daemon starts with `start_daemon`, once the chain is set up."""

    space: Workspace
    options: StackOptions
    group: ProcessGroup
    database_url: str
    pool: Pool
    """As the owner, who moves the market clock and reads everything."""
    app_pool: Pool
    """As another application, which may write people, readings and orders."""
    wake: Wake
    rpc: RpcClient
    node_url: str
    node: ChildProcess
    daemon: ChildProcess | None = None
    api_url: str | None = None

    async def start_daemon(self, cast: Cast) -> None:
        """Returns when the API answers that the index is caught up."""
        address = self.options.listen or f"127.0.0.1:{free_port()}"
        self.api_url = f"http://{address}"
        environment = self.space.daemon_environment(
            cast,
            database_url=as_role(self.database_url, SERVICE),
            rpc_url=self.node_url,
            listen=address,
            settings=self.options.daemon_settings,
        )
        self.daemon = ChildProcess(
            "daemon",
            ["run"],
            environment=environment,
            log_path=self.space.log("daemon"),
            restarts=True,
            remedy=self.space.where_to_look("daemon"),
        )
        await self.group.add(self.daemon)
        await self.group.during(until(self._ready, "daemon"))

    def publish_state(self) -> None:
        """Process ids and addresses, for whoever wants to look at the running stack or to disturb it."""
        self.space.write_state(
            {
                "node_pid": self.node.pid,
                "daemon_pid": self.daemon.pid if self.daemon else None,
                "daemon_restarts": self.daemon.restarts if self.daemon else 0,
                "node_url": self.node_url,
                "api_url": self.api_url,
                "database_url": self.database_url,
            }
        )

    async def _ready(self) -> bool:
        async with httpx.AsyncClient(timeout=5) as client:
            return (await client.get(f"{self.api_url}/readyz")).status_code == 200


@asynccontextmanager
async def running_stack(
    space: Workspace, options: StackOptions, *, program: tuple[Pubkey, Pubkey], first_moment: datetime
) -> AsyncIterator[Stack]:
    """Postgres with its schema and market clock, and a node whose chain time starts at `first_moment`.

    `program`: its address and its upgrade authority. Everything is stopped at the end.
    """
    postgres = EmbeddedPostgres(space.path, settings=_POSTGRES)
    database_url = await asyncio.to_thread(postgres.start)
    try:
        await asyncio.to_thread(migrate, database_url)
        await asyncio.to_thread(apply_roles, database_url)
        pool = await create_pool(database_url, application_name="gridtokenx-demo", max_size=4)
        app_pool = await create_pool(
            as_role(database_url, APP), application_name="gridtokenx-demo-app", max_size=2
        )
        port = free_port_pair()
        node_url = f"http://127.0.0.1:{port}"
        notifications = Notifications(database_url, application_name="gridtokenx-demo-notify")
        wake = notifications.subscribe(*_WAKING)
        stop = asyncio.Event()
        listening = asyncio.create_task(notifications.run(stop))
        try:
            await set_market_clock(pool, first_moment)
            # The node is not restarted: its chain lives in its memory.
            node = ChildProcess(
                "node",
                _node_arguments(options, port, program, first_moment),
                environment=clean_environment(),
                log_path=space.log("node"),
                restarts=False,
                remedy=space.where_to_look("node"),
            )
            async with RpcClient(RpcConfig(urls=(node_url,))) as rpc, ProcessGroup(lambda: None) as group:
                stack = Stack(
                    space=space,
                    options=options,
                    group=group,
                    database_url=database_url,
                    pool=pool,
                    app_pool=app_pool,
                    wake=wake,
                    rpc=rpc,
                    node_url=node_url,
                    node=node,
                )
                group.on_change = stack.publish_state
                await group.add(node)
                await group.during(until(lambda: _has_finalized(rpc), "node"))
                yield stack
        finally:
            stop.set()
            await listening
            await app_pool.close()
            await pool.close()
    finally:
        await asyncio.to_thread(postgres.stop)


def _node_arguments(
    options: StackOptions, port: int, program: tuple[Pubkey, Pubkey], first_moment: datetime
) -> list[str]:
    program_id, authority = program
    return [
        "localnet",
        *("--port", str(port)),
        *("--slot-ms", str(options.slot_ms)),
        *("--finality-slots", str(options.finality_slots)),
        *("--start-time", first_moment.isoformat()),
        *("--upgradeable-program", str(program_id), str(resource("programs/gridtokenx/gridtokenx.so"))),
        str(authority),
    ]


async def _has_finalized(rpc: RpcClient) -> bool:
    return await rpc.get_slot(Commitment.FINALIZED) > Slot(0)


async def until(condition: Callable[[], Awaitable[bool]], name: str) -> None:
    """Looks until `condition` holds; connection failures count as not yet."""
    deadline = asyncio.get_running_loop().time() + _READY_LIMIT_S
    while True:
        try:
            if await condition():
                return
        except (httpx.TransportError, RetryableError):
            pass
        if asyncio.get_running_loop().time() > deadline:
            raise RetryableError(
                f"the {name} was not ready within {_READY_LIMIT_S:.0f} s", remedy="see its log"
            )
        await asyncio.sleep(_LOOK_S)
