"""The command line as a process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from gridtokenx_indexer.ops.demo.workspace import clean_environment

ROOT = Path(__file__).parents[2]
_LIMIT_S = 60.0


class Outcome(NamedTuple):
    code: int
    stdout: str
    stderr: str


async def run_cli(*arguments: str, environment: Mapping[str, str] | None = None) -> Outcome:
    """Runs to its end; the settings of whoever runs the tests do not reach it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gridtokenx_indexer.ops.cli",
        *arguments,
        env={**clean_environment(), **(environment or {})},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        stdout, stderr = await asyncio.wait_for(process.communicate(), _LIMIT_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Outcome(process.returncode, stdout.decode(), stderr.decode())
