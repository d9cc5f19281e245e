"""The whole demo: stack up, chain set up, day played, books checked, stack down."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.ops.demo.allowances import allowances
from gridtokenx_indexer.ops.demo.assess import Timing, assess
from gridtokenx_indexer.ops.demo.chain_setup import demo_cast, set_up_chain
from gridtokenx_indexer.ops.demo.clocks import LocalClocks
from gridtokenx_indexer.ops.demo.day import read_day
from gridtokenx_indexer.ops.demo.identities import participants
from gridtokenx_indexer.ops.demo.people import register_people
from gridtokenx_indexer.ops.demo.play import Pace, Player
from gridtokenx_indexer.ops.demo.progress import Teller
from gridtokenx_indexer.ops.demo.report import Report, seconds
from gridtokenx_indexer.ops.demo.stack import Stack, StackOptions, running_stack
from gridtokenx_indexer.ops.demo.workspace import workspace
from gridtokenx_indexer.tx.gridtokenx.pda import DEFAULT_PROGRAM_ID

_MARGIN = timedelta(seconds=1)


class DemoOptions(msgspec.Struct, frozen=True, kw_only=True):
    readings: Path
    stack: StackOptions
    folder: Path | None = None
    """Kept when given; a temporary one otherwise."""


async def run_demo(
    options: DemoOptions,
    teller: Teller,
    *,
    afterwards: Callable[[Stack, Report], Awaitable[None]] | None = None,
) -> Report:
    """Plays the day and returns its report; `afterwards` runs while the stack is still up."""
    started = time.monotonic()
    day = read_day(options.readings)
    everyone = participants(day.meters.items())
    cast = demo_cast(DEFAULT_PROGRAM_ID)
    pace = Pace(grace=timedelta(seconds=MintConfig().grace_s) + _MARGIN)
    first_moment = pace.first_moment(day)
    with workspace(options.folder) as space:
        teller.say(f"starting Postgres, node and daemon in {space.path}")
        program = (cast.program_id, cast.authority.pubkey())
        async with running_stack(space, options.stack, program=program, first_moment=first_moment) as stack:
            player = Player(stack.app_pool, LocalClocks(stack.pool, stack.node_url), stack.wake, pace)
            teller.say(f"setting up the chain for {len(everyone)} participants")
            await stack.group.during(set_up_chain(stack.rpc, cast, everyone, allowances(day)))
            await register_people(stack.app_pool, everyone)
            await stack.start_daemon(cast)
            ready = time.monotonic()
            teller.say(f"playing {len(day.by_window())} windows; API at {stack.api_url}")
            with teller.windows() as step:
                await stack.group.during(player.play(day, everyone, step))
            played = time.monotonic()
            timing = Timing(started=started, ready=ready, played=played)
            report = await stack.group.during(assess(stack, cast, day, timing))
            if afterwards is not None:
                await stack.group.during(_awaited(afterwards(stack, report)))
    return msgspec.structs.replace(report, wall_seconds=seconds(time.monotonic() - started))


async def _awaited(work: Awaitable[None]) -> None:
    await work
