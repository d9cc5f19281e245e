"""The daemon without DATABASE_URL: it brings its own Postgres, and takes it away again."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from gridtokenx_indexer.ops.demo.chain_setup import Cast, demo_cast, set_up_chain
from gridtokenx_indexer.ops.demo.processes import ChildProcess
from gridtokenx_indexer.ops.demo.workspace import Workspace
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.rpc import RpcClient
from tests.support.cli import run_cli
from tests.support.demo_runs import processes_of
from tests.support.eventually import eventually
from tests.support.program import PROGRAM_ID, program_elf

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def chain() -> AsyncIterator[tuple[LocalNode, Cast]]:
    """A node on which the program is initialized."""
    cast = demo_cast(PROGRAM_ID)
    config = LocalNodeConfig(port=0, slot_ms=20, finality_slots=4)
    async with LocalNode(config) as node, RpcClient(RpcConfig(urls=(node.http_url,))) as rpc:
        node.install_program(PROGRAM_ID, program_elf(), cast.authority.pubkey())
        await set_up_chain(rpc, cast, [], {})
        yield node, cast


async def test_it_starts_its_own_postgres_shares_it_and_stops_it(chain: tuple[LocalNode, Cast]) -> None:
    node, cast = chain
    # Not a folder of pytest's: the embedded server's user may not enter those.
    folder = Path(tempfile.mkdtemp(prefix="gtx-test-embedded-"))
    space = Workspace(folder)
    environment = space.daemon_environment(
        cast,
        database_url="",
        rpc_url=node.http_url,
        listen="127.0.0.1:0",
        settings={"GRIDTOKENX_DATA_DIR": str(folder)},
    )
    daemon = ChildProcess(
        "daemon", ["run"], environment=environment, log_path=space.log("daemon"), restarts=False
    )
    try:
        await daemon.start()

        async def anchored() -> bool:
            return '"anchored"' in space.log("daemon").read_text()

        await eventually(anchored, "the daemon indexes")
        assert "DATABASE_URL is not set" in space.log("daemon").read_text()
        status = await run_cli(
            "--data-dir", str(folder), "status", "--json", environment={"LOG_LEVEL": "error"}
        )
        assert json.loads(status.stdout)["chain"]["program_id"] == str(PROGRAM_ID)
        daemon.signal(signal.SIGTERM)
        assert await asyncio.wait_for(daemon.ended(), 60) == 0
        assert processes_of(folder) == []
    finally:
        await daemon.stop()
        shutil.rmtree(folder, ignore_errors=True)
