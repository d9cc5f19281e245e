"""`gridtokenx-indexer localnet` as a process of its own."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from pathlib import Path

import httpx

from tests.support.program import PROGRAM_ID

COMMAND = (sys.executable, "-m", "gridtokenx_indexer.ops.cli", "localnet")
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "first_transfer.py"
PROGRAM = Path(__file__).parents[2] / "programs" / "gridtokenx" / "gridtokenx.so"
DEADLINE_S = 60


async def started(*options: str) -> tuple[asyncio.subprocess.Process, str]:
    """The process and its URL, read from its first log line."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--port", "0", *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    while True:
        line = (await asyncio.wait_for(process.stdout.readline(), DEADLINE_S)).decode()
        assert line, "the node ended before it listened"
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found is not None:
            return process, found[0]


async def test_a_newcomers_first_transfer() -> None:
    """One terminal runs the node, another the documented script; SIGTERM ends the node cleanly."""
    process, url = await started("--slot-ms", "20")
    try:
        script = await asyncio.create_subprocess_exec(
            sys.executable, str(EXAMPLE), url, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await asyncio.wait_for(script.communicate(), DEADLINE_S)
        assert script.returncode == 0
        assert "bob      1000000000 lamports" in output.decode()
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), DEADLINE_S)
    assert process.returncode == 0


async def test_options_reach_the_node() -> None:
    authority = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"
    program = ("--upgradeable-program", str(PROGRAM_ID), str(PROGRAM), authority)
    process, url = await started("--seed", "tests", "--start-time", "2016-05-12T00:00:00Z", *program)
    try:
        async with httpx.AsyncClient() as http:

            async def call(method: str, *params: object) -> object:
                request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
                return (await http.post(url, json=request)).json()["result"]

            account = await call("getAccountInfo", str(PROGRAM_ID), {"encoding": "base64"})
            assert isinstance(account, dict)
            assert account["value"]["executable"] is True
            assert await call("getBlockTime", 0) == 1_463_011_200
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), DEADLINE_S)
    assert process.returncode == 0


async def test_a_missing_program_is_one_line_and_an_exit_code() -> None:
    options = ("--upgradeable-program", str(PROGRAM_ID), "nowhere.so", str(PROGRAM_ID))
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--port", "0", *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await asyncio.wait_for(process.communicate(), DEADLINE_S)
    assert process.returncode in (1, 2)
    assert "nowhere.so" in output.decode()
    assert "Traceback" not in output.decode()
