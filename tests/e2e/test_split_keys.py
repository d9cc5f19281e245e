"""Keys split over daemons: they start, follow and die in any order, and nothing is lost or left in doubt."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack

import pytest

from gridtokenx_indexer.ops.demo.assess import read_books
from gridtokenx_indexer.ops.demo.play import Player
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.signer import Role
from tests.support.daemons import Daemon, running_daemon
from tests.support.eventually import eventually
from tests.support.village import PACE, Village

pytestmark = pytest.mark.timeout(600)

KEYS = {"minter": (Role.MINTER,), "market": (Role.CLEARER, Role.SETTLER), "keyless": ()}
SETTINGS = {"GRIDTOKENX_LEASES_TTL_MS": "2000", "GRIDTOKENX_LEASES_MARGIN_MS": "400"}


async def follower_pid(pool: Pool) -> int | None:
    """Of the process that holds the follower's lease at the moment."""
    holder = await pool.fetchval(
        "SELECT holder FROM indexer.leases WHERE name = 'follower' AND expires_at > clock_timestamp()"
    )
    return int(holder.split(":")[1]) if holder else None


async def kill_while_it_works(pool: Pool, daemon: Daemon) -> None:
    """Kills it while a transaction is on its way; returns when it runs again."""

    async def something_is_open() -> bool:
        return await pool.fetchval("SELECT EXISTS (SELECT FROM indexer.tx_attempt_items_live)") or False

    await eventually(something_is_open, "a transaction is on its way")
    killed = daemon.child.pid
    daemon.child.signal(signal.SIGKILL)

    async def runs_again() -> bool:
        return daemon.child.pid != killed

    await eventually(runs_again, "it is started again")


async def kill_the_follower(pool: Pool, daemons: Iterable[Daemon]) -> None:
    by_pid: dict[int | None, Daemon] = {}

    async def one_follows() -> bool:
        by_pid.update({daemon.child.pid: daemon for daemon in daemons})
        return await follower_pid(pool) in by_pid

    await eventually(one_follows, "somebody follows")
    await kill_while_it_works(pool, by_pid[await follower_pid(pool)])


@pytest.mark.parametrize(
    "order",
    [("keyless", "minter", "market"), ("market", "keyless", "minter"), ("minter", "market", "keyless")],
    ids="-".join,
)
async def test_a_day_is_played_whoever_follows(
    village: Village, pool: Pool, database_url: str, order: Sequence[str]
) -> None:
    async with AsyncExitStack() as stack:
        daemons: dict[str, Daemon] = {}
        for name in order:
            daemons[name] = await stack.enter_async_context(
                running_daemon(
                    village.cast,
                    database_url=database_url,
                    rpc_url=village.node.http_url,
                    settings=SETTINGS,
                    roles=KEYS[name],
                    restarts=True,
                )
            )
        assert await follower_pid(pool) == daemons[order[0]].child.pid
        player = Player(pool, village.clocks, Wake(), PACE)
        playing = asyncio.create_task(player.play(village.day, village.everyone, lambda played, total: None))
        try:
            for _ in range(2):
                await kill_the_follower(pool, daemons.values())
            for name in order:
                await kill_while_it_works(pool, daemons[name])
            await asyncio.wait_for(playing, 300)
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
        books = await read_books(pool, village.rpc, village.cast, village.day)
        failures = [
            line
            for daemon in daemons.values()
            for line in daemon.log().splitlines()
            if "service_failed" in line
        ]
    assert [check for check in books.checks if not check.ok] == []
    rows = await pool.fetch("SELECT status, review_reason FROM indexer.tx_attempts")
    assert [row for row in rows if row["status"] not in {"spent", "dead"}] == []
    keys = {str(pair.pubkey()) for pair in (village.cast.minter, village.cast.clearer, village.cast.settler)}
    watched = await pool.fetch(
        "SELECT address, until_slot FROM indexer.watched_accounts WHERE kind = 'signer'"
    )
    assert {(row["address"], row["until_slot"]) for row in watched} == {(one, None) for one in keys}
    assert failures == []
