"""Whatever dies or forks during the demo, the books and result hashes are those of an undisturbed run."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from tests.support.demo_runs import DemoRun, StartDemo, kill

SEED = int(os.environ.get("DEMO_SEED", "20160512"))
KILLS = 5
FINALITY_SLOTS = 20

pytestmark = pytest.mark.timeout(300)


def same_books(report: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    assert all(check["ok"] for check in report["verify"])
    for figure in (
        "books_digest",
        "windows_minted",
        "energy_minted_kwh",
        "token_supply_base_units",
        "epochs_cleared",
        "trades_settled",
        "payment_moved",
        "fees_collected",
    ):
        assert report[figure] == undisturbed[figure], figure
    assert report["mint_duplicates"] == 0


async def head_slot(run: DemoRun) -> int:
    return await run.value("SELECT coalesce(max(head_slot), 0) FROM indexer.cursors") or 0


async def advanced(run: DemoRun, slots: int, since: int) -> None:
    async def far_enough() -> bool:
        return await head_slot(run) >= since + slots

    await run.until(far_enough, f"the index is {slots} slots past {since}")


async def test_the_daemon_is_killed_five_times(start_demo: StartDemo, undisturbed: dict[str, Any]) -> None:
    chance = random.Random(SEED)
    run = await start_demo()
    await run.playing()
    for kills in range(KILLS):
        await advanced(run, chance.randint(1, 20), await head_slot(run))
        kill(run.state()["daemon_pid"])

        async def restarted(expected: int = kills + 1) -> bool:
            return bool(run.state()["daemon_restarts"] == expected)

        await run.until(restarted, "the daemon is started again")
    report = await run.finish()
    assert report["daemon_restarts"] == KILLS
    same_books(report, undisturbed)


async def test_postgres_is_killed(start_demo: StartDemo, undisturbed: dict[str, Any]) -> None:
    chance = random.Random(SEED)
    run = await start_demo()
    await run.playing()
    for _ in range(2):
        await advanced(run, chance.randint(5, 25), await head_slot(run))
        victim = run.postgres_pid()
        kill(victim)

        async def recovered(old: int = victim) -> bool:
            return run.postgres_pid() != old and await run.value("SELECT true")

        await run.until(recovered, "Postgres is back")
    same_books(await run.finish(), undisturbed)


async def test_confirmed_slots_are_replaced_and_others_skipped(
    start_demo: StartDemo, undisturbed: dict[str, Any]
) -> None:
    run = await start_demo("--slot-ms", "30", "--finality-slots", str(FINALITY_SLOTS))
    await run.playing()
    for _ in range(2):
        await advanced(run, 10, await head_slot(run))
        await fork_under_a_transaction(run)
        await run.node("localnet_skipSlots", 5)
    report = await run.finish()
    assert report["slots_skipped_proved"] >= 10
    same_books(report, undisturbed)


async def fork_under_a_transaction(run: DemoRun) -> None:
    """Replaces at least three confirmed slots, one of which holds a transaction that is indexed by then.

    Returns when the index has lost that transaction's row.
    """
    while True:
        slot, signature = await young_transaction(run)
        tip = await run.node("getSlot", {"commitment": "processed"})
        # The newest block is only processed: with it, three confirmed ones go. Some more may come meanwhile.
        blocks = max(tip - slot + 1, 4) + 3
        if blocks > FINALITY_SLOTS - 4:
            continue
        if slot in await run.node("localnet_fork", blocks):
            break

    async def row_is_gone() -> bool:
        rows = await run.rows(
            "SELECT FROM public.blockchain_transactions WHERE slot = $1 AND signature = $2", slot, signature
        )
        return not rows

    await run.until(row_is_gone, "the rows of the replaced slots are rolled back")


async def young_transaction(run: DemoRun) -> tuple[int, str]:
    """Slot and signature of an indexed transaction that is not final."""
    found: list[tuple[int, str]] = []

    async def one_is_there() -> bool:
        rows = await run.rows(
            "SELECT t.slot, t.signature FROM public.blockchain_transactions AS t, indexer.cursors AS c"
            " WHERE t.slot > c.finalized_slot ORDER BY t.slot DESC LIMIT 1"
        )
        found[:] = [(row["slot"], row["signature"]) for row in rows]
        return bool(found)

    await run.until(one_is_there, "a transaction is indexed that is not final")
    return found[0]
