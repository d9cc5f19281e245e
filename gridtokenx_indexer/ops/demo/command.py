"""The body of `gridtokenx-indexer demo`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
import msgspec

from gridtokenx_indexer.api.config import ApiConfig
from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.demo.day import packaged_day
from gridtokenx_indexer.ops.demo.progress import Teller
from gridtokenx_indexer.ops.demo.report import Report, as_text
from gridtokenx_indexer.ops.demo.run import DemoOptions, run_demo
from gridtokenx_indexer.ops.demo.stack import Stack, StackOptions

# One daemon on one machine: after a crash its successor need not wait long for the leases.
DEMO_SETTINGS = {"GRIDTOKENX_LEASES_TTL_MS": "3000", "GRIDTOKENX_LEASES_MARGIN_MS": "500"}


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """The command line, checked."""

    readings: Path | None
    json_path: Path | None
    slot_ms: int
    finality_slots: int
    stay: bool
    listen: str | None
    folder: Path | None


async def play_demo(wishes: Wishes) -> int:
    """Exit code: 0 when every check holds, else 1."""
    if wishes.json_path is not None and not wishes.json_path.parent.is_dir():
        raise UsageError(
            f"there is no folder for the report {wishes.json_path}",
            remedy="create it, or give another --json",
        )
    if wishes.listen is not None:
        ApiConfig(listen=wishes.listen).address()
    options = DemoOptions(
        readings=wishes.readings or packaged_day(),
        stack=StackOptions(
            slot_ms=wishes.slot_ms,
            finality_slots=wishes.finality_slots,
            listen=wishes.listen,
            daemon_settings=DEMO_SETTINGS,
        ),
        folder=wishes.folder,
    )
    if not wishes.stay:
        report = await run_demo(options, Teller())
        _publish(report, wishes.json_path)
        return 0 if report.ok else 1

    async def stay(stack: Stack, report: Report) -> None:
        _publish(report, wishes.json_path)
        click.echo(f"the stack stays up, its API at {stack.api_url}; Ctrl-C ends it", err=True)
        await asyncio.Event().wait()

    await run_demo(options, Teller(), afterwards=stay)
    return 0


def _publish(report: Report, json_path: Path | None) -> None:
    click.echo(as_text(report))
    if json_path is not None:
        encoded = msgspec.json.encode(report, enc_hook=str)
        json_path.write_bytes(msgspec.json.format(encoded, indent=2) + b"\n")
