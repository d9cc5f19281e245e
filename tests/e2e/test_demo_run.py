"""The demo from the outside: its report, its exit codes, and that it leaves nothing behind."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from gridtokenx_indexer.ops.demo.ports import free_port
from tests.support.demo_runs import StartDemo, all_ended, processes_of, write_small_day

pytestmark = pytest.mark.timeout(300)

FIGURES = {
    "slots_indexed",
    "slots_skipped_proved",
    "events",
    "transactions",
    "readings",
    "windows_minted",
    "energy_minted_kwh",
    "token_supply_base_units",
    "mint_duplicates",
    "epochs_cleared",
    "epochs_with_trades",
    "energy_traded_kwh",
    "payment_moved",
    "fees_collected",
    "trades_settled",
    "trades_failed",
    "verify",
    "wall_seconds",
    "slot_ms",
    "finality_slots",
}


def test_the_report_holds_every_figure(undisturbed: dict[str, Any]) -> None:
    assert set(undisturbed) >= FIGURES
    assert undisturbed["readings"] == 6 * 16
    assert undisturbed["epochs_cleared"] == 16
    assert undisturbed["trades_settled"] > 0
    assert undisturbed["trades_failed"] == 0
    assert int(undisturbed["token_supply_base_units"]) > 0
    assert len(undisturbed["verify"]) > 15
    assert all(check["ok"] for check in undisturbed["verify"])


async def test_an_interrupt_leaves_no_process(start_demo: StartDemo) -> None:
    run = await start_demo()
    await run.playing()
    assert len(processes_of(run.folder)) >= 3
    run.process.send_signal(signal.SIGINT)
    assert await run.process.wait() == 130
    assert processes_of(run.folder) == []


async def test_an_interrupt_while_starting_leaves_no_process(start_demo: StartDemo) -> None:
    run = await start_demo()

    async def something_runs() -> bool:
        return len(processes_of(run.folder)) >= 2

    await run.until(something_runs, "Postgres starts")
    run.process.send_signal(signal.SIGINT)
    assert await run.process.wait() == 130
    assert processes_of(run.folder) == []


async def test_a_killed_demo_takes_its_processes_along(start_demo: StartDemo) -> None:
    run = await start_demo()
    await run.playing()
    run.process.kill()
    await run.process.wait()
    await all_ended(run.folder)


async def test_bad_lines_are_named_and_the_rest_is_played(start_demo: StartDemo, tmp_path: Path) -> None:
    day = write_small_day(tmp_path / "bad.csv", meters=2, first_hour=12, hours=1)
    with day.open("a") as file:
        file.write("LV3-101-001,prosumer,2016-05-12T12:00:00Z,-1,0\n")
        file.write("not a line\n")
    run = await start_demo(day=day)
    assert await run.process.wait() == 1
    assert "line 10: -1 kWh is not between" in run.output
    assert "line 11: 1 fields instead of 5" in run.output
    assert "windows_minted" in run.output


async def test_the_stack_stays_up_with_its_api_until_stopped(start_demo: StartDemo, tmp_path: Path) -> None:
    day = write_small_day(tmp_path / "hour.csv", meters=4, first_hour=12, hours=1)
    run = await start_demo("--stay", "--listen", f"127.0.0.1:{free_port()}", day=day)

    async def stays_up() -> bool:
        return "stays up" in run.output

    await run.until(stays_up, "the day is played")
    async with httpx.AsyncClient(base_url=run.state()["api_url"], timeout=10) as api:
        assert (await api.get("/readyz")).status_code == 200
        events = (await api.get("/v1/events?type=EnergyMinted&finality=finalized")).json()
        assert events["data"]
        owner = (await run.value("SELECT wallet_address FROM users ORDER BY username LIMIT 1")) or ""
        assert (await api.get(f"/v1/balances/{owner}")).json()["data"]
        epoch = await run.value("SELECT max(epoch_number) FROM market_epochs WHERE trade_count > 0")
        shown = (await api.get(f"/v1/epochs/{epoch}")).json()["data"]
        assert shown["status"] == "settled"
        proof = (await api.get(f"/v1/epochs/{epoch}/trades/0/proof")).json()["data"]
        assert proof["root"] == shown["zones"][0]["parts"][0]["root"]
        metrics = (await api.get("/metrics")).text
        assert 'gridtokenx_mint_operations{status="done"}' in metrics
        assert (await api.get("/status")).json()["chain"]["finalized_slot"].isdecimal()
    run.process.send_signal(signal.SIGTERM)
    assert await run.process.wait() == 130
    assert processes_of(run.folder) == []
