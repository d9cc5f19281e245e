"""The daemon as a process of its own, on a database and a node that the test provides."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from gridtokenx_indexer.ops.daemon.keys import SERVICE_ROLES
from gridtokenx_indexer.ops.demo.chain_setup import Cast
from gridtokenx_indexer.ops.demo.ports import free_port
from gridtokenx_indexer.ops.demo.process_group import ProcessGroup
from gridtokenx_indexer.ops.demo.processes import ChildProcess
from gridtokenx_indexer.ops.demo.stack import until
from gridtokenx_indexer.ops.demo.workspace import Workspace
from gridtokenx_indexer.tx.signer import Role


class Daemon:
    def __init__(self, child: ChildProcess, space: Workspace, api_url: str) -> None:
        self.child = child
        self.space = space
        self.api_url = api_url

    def log(self) -> str:
        return self.space.log("daemon").read_text(errors="replace")


@asynccontextmanager
async def running_daemon(
    cast: Cast,
    *,
    database_url: str,
    rpc_url: str,
    settings: Mapping[str, str] | None = None,
    roles: Collection[Role] = SERVICE_ROLES,
    restarts: bool = False,
) -> AsyncIterator[Daemon]:
    """Ready when the block begins, drained when it ends; an unexpected end of it fails the block's start.

    It holds the keys of `roles`; with `restarts` it is started again after it was killed.
    """
    folder = Path(tempfile.mkdtemp(prefix="gtx-test-daemon-"))
    listen = f"127.0.0.1:{free_port()}"
    space = Workspace(folder)
    environment = space.daemon_environment(
        cast, database_url=database_url, rpc_url=rpc_url, listen=listen, settings=settings or {}
    )
    for role in set(SERVICE_ROLES).difference(roles):
        del environment[f"GRIDTOKENX_{role.upper()}_KEYPAIR"]
    child = ChildProcess(
        "daemon", ["run"], environment=environment, log_path=space.log("daemon"), restarts=restarts
    )
    daemon = Daemon(child, space, f"http://{listen}")

    async def ready() -> bool:
        async with httpx.AsyncClient(timeout=5) as client:
            return (await client.get(f"{daemon.api_url}/readyz")).status_code == 200

    try:
        async with ProcessGroup(lambda: None) as group:
            await group.add(child)
            await group.during(until(ready, "daemon"))
            yield daemon
    finally:
        shutil.rmtree(folder, ignore_errors=True)
