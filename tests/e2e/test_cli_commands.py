"""The commands for operators, on a real database."""

from __future__ import annotations

import json
from pathlib import Path

from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.ops.demo.identities import participants
from gridtokenx_indexer.ops.demo.people import register_people
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.schema_dump import dump_schema
from gridtokenx_indexer.store.watch_list import watch_signers
from tests.support.cli import run_cli
from tests.support.postgres import query

HEADER = "meter_serial,kind,window_start,energy_generated_kwh,energy_consumed_kwh"


async def test_config_show_names_the_origin_and_masks_secrets() -> None:
    outcome = await run_cli(
        "--url",
        "devnet",
        "config",
        "show",
        "--json",
        environment={"DATABASE_URL": "postgresql://user:word@host/name", "LOG_LEVEL": "debug"},
    )
    shown = {row["setting"]: row for row in json.loads(outcome.stdout)}
    assert shown["database.url"]["value"] == "postgresql://user:***@host/name"
    assert shown["database.url"]["origin"] == "$DATABASE_URL"
    assert shown["solana.rpc_urls"]["origin"] == "--url"
    assert shown["log.level"]["value"] == "debug"
    assert "word" not in outcome.stdout


async def test_the_sample_configuration_is_printed() -> None:
    outcome = await run_cli("config", "sample")
    assert outcome.stdout == resource("config.toml").read_text()


async def test_status_of_a_new_database(database_url: str) -> None:
    outcome = await run_cli("--database-url", database_url, "status", "--json")
    status = json.loads(outcome.stdout)
    assert (outcome.code, status["chain"], status["queue"]) == (0, None, {})
    assert status["schema_version"] > 0


async def test_the_shipped_idl_is_decodable_as_a_whole() -> None:
    outcome = await run_cli("idl", "check", str(resource("programs/gridtokenx/idl.json")), "--json")
    items = json.loads(outcome.stdout)["items"]
    assert outcome.code == 0
    assert {"EnergyMinted", "TradesSettled", "mint_energy"} <= {item["name"] for item in items}


async def test_readings_go_in_and_bad_lines_are_named(pool: Pool, database_url: str, tmp_path: Path) -> None:
    await register_people(pool, participants([("M-1", True), ("M-2", False)]))
    query(
        database_url, "UPDATE meter_registry SET verification_status = 'pending' WHERE meter_serial = 'M-2'"
    )
    now = query(
        database_url, "SELECT to_char(indexer.market_now() - interval '1 hour', 'YYYY-MM-DD\"T\"HH24:00:00Z')"
    )
    moment = now[0][0]
    path = tmp_path / "readings.csv"
    lines = [
        HEADER,
        f"M-1,prosumer,{moment},1.5,0.5",
        f"M-2,consumer,{moment},0,0.5",
        f"M-9,prosumer,{moment},1,1",
        f"M-1,prosumer,{moment},1.5,0.5",
        f"M-1,prosumer,{moment},-1,0",
        "M-1,prosumer,2999-01-01T00:00:00Z,1,0",
        "not a line",
    ]
    path.write_text("\n".join(lines) + "\n")
    arguments = ("--database-url", database_url, "readings", "import", str(path))
    tried = await run_cli(*arguments, "--dry-run", "--json")
    assert (tried.code, json.loads(tried.stdout)["stored"]) == (1, 2)
    assert query(database_url, "SELECT count(*) FROM meter_readings") == [(0,)]
    outcome = await run_cli(*arguments)
    assert outcome.code == 1
    named = {line.split(":")[0]: line for line in outcome.stderr.splitlines() if line.startswith("line ")}
    assert set(named) == {f"line {number}" for number in (3, 4, 5, 6, 7, 8)}
    for number, reason in (
        (3, "meter_unverified"),
        (4, "unknown_meter"),
        (5, "duplicate"),
        (6, "negative_amount"),
        (7, "in_future"),
        (8, "malformed"),
    ):
        assert reason in named[f"line {number}"]
    assert query(database_url, "SELECT count(*) FROM meter_readings") == [(2,)]


async def test_queue_and_epochs_of_a_new_database(database_url: str) -> None:
    for command in (("queue", "list"), ("epoch", "list")):
        outcome = await run_cli("--database-url", database_url, *command, "--json")
        assert (outcome.code, json.loads(outcome.stdout)) == (0, [])
    missing = await run_cli("--database-url", database_url, "epoch", "show", "201605121200")
    assert (missing.code, "201605121200" in missing.stderr) == (2, True)
    wrong = await run_cli("--database-url", database_url, "queue", "retry", f"mint:{'0' * 32}:1", "--dry-run")
    assert wrong.code == 2


async def test_keys_are_listed_and_retired(pool: Pool, database_url: str) -> None:
    await watch_signers(pool, [Address("key-1"), Address("key-2")])

    async def listed() -> list[tuple[str, int | None]]:
        outcome = await run_cli("--database-url", database_url, "keys", "list", "--json")
        return [(row["address"], row["until_slot"]) for row in json.loads(outcome.stdout)]

    assert await listed() == [("key-1", None), ("key-2", None)]
    for dry in ("--dry-run",), ():
        outcome = await run_cli("--database-url", database_url, "keys", "retire", "key-1", *dry)
        assert (outcome.code, "at slot 0" in outcome.stdout) == (0, True)
    assert await listed() == [("key-2", None), ("key-1", 0)]
    again = await run_cli("--database-url", database_url, "keys", "retire", "key-1")
    assert again.code == 2
    assert "key-1 is not watched as a key of ours; keys list names those that are" in again.stderr


async def test_replay_of_nothing_changes_nothing(database_url: str) -> None:
    tried = await run_cli("--database-url", database_url, "replay", "--dry-run")
    assert (tried.code, tried.stdout) == (0, "would replay 0 transactions\n")
    outcome = await run_cli("--database-url", database_url, "replay", "--json")
    assert json.loads(outcome.stdout)["changed_tables"] == []


async def test_the_dump_is_printed_and_nothing_else(database_url: str) -> None:
    outcome = await run_cli("--database-url", database_url, "db", "dump")
    assert (outcome.code, outcome.stdout) == (0, dump_schema(database_url))


async def test_db_verify_names_each_changed_object(database_url: str) -> None:
    clean = await run_cli("--database-url", database_url, "db", "verify")
    assert (clean.code, clean.stdout.count("ok ")) == (0, 5)
    query(
        database_url,
        "ALTER TABLE governance.votes DISABLE TRIGGER votes_keep_voter; DROP INDEX idx_users_role",
    )
    changed = await run_cli("--database-url", database_url, "db", "verify")
    assert changed.code == 1
    assert (
        "FAILED schema_matches_release: 10 objects are not as this release makes them; put them"
        in changed.stdout
    )
    assert (
        "\n       missing index public.users.idx_users_role: CREATE INDEX idx_users_role ON" in changed.stdout
    )
    assert "\n       different trigger governance.votes.votes_keep_voter: is CREATE" in changed.stdout
    as_json = await run_cli("--database-url", database_url, "db", "verify", "--json")
    assert [len(check["differences"]) for check in json.loads(as_json.stdout)] == [0, 0, 0, 10, 0]
