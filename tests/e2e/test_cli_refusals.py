"""What is wrong is named in one line with its remedy, and the exit code says what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from gridtokenx_indexer.ops.database import as_role
from gridtokenx_indexer.ops.demo.identities import demo_keypair
from gridtokenx_indexer.ops.demo.ports import free_port
from gridtokenx_indexer.ops.demo.workspace import Workspace
from gridtokenx_indexer.store.roles import SERVICE, apply_roles
from gridtokenx_indexer.tx.gridtokenx.pda import DEFAULT_PROGRAM_ID
from tests.support.api_rows import HASH
from tests.support.cli import Outcome, run_cli
from tests.support.postgres import query

FAILED, USAGE, TEMPORARY = 1, 2, 75


def refused(outcome: Outcome, code: int, *words: str) -> None:
    """One line `error: <what is wrong>; <what to do>`, no trace."""
    (line,) = [line for line in outcome.stderr.splitlines() if line.startswith("error: ")]
    assert outcome.code == code, outcome
    assert "; " in line
    assert "Traceback" not in outcome.stderr
    for word in words:
        assert word in line


@pytest.fixture
async def node() -> AsyncIterator[LocalNode]:
    async with LocalNode(LocalNodeConfig(port=0, slot_ms=20, finality_slots=2)) as started:
        yield started


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--config", "missing.toml", "config", "show"), ("missing.toml", "--config")),
        (("--url", "mainnet", "run"), ("mainnet", "mainnet-beta")),
        (("--program-id", "xyz", "run"), ("xyz", "base58")),
        (("--log-level", "loud", "status"), ("loud", "debug, info")),
        (("idl", "check", "missing.json"), ("missing.json", "path")),
        (("demo", "--readings", "missing.csv"), ("missing.csv", "--readings")),
        (("localnet", "--start-time", "noon"), ("noon", "RFC 3339")),
        (("--database-url", "words", "status"), ("--database-url", "DATABASE_URL")),
        (("run", "--listen", "here"), ("here", "HOST:PORT")),
        (("demo", "--listen", "here"), ("here", "HOST:PORT")),
        (("queue", "retry", "mint:00:1"), ("mint:00:1", "queue list")),
    ],
)
async def test_a_wrong_call_exits_2(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    refused(await run_cli(*arguments), USAGE, *words)


async def test_an_unknown_command_or_setting_names_the_nearest() -> None:
    unknown = await run_cli("statsu")
    assert (unknown.code, "did you mean status?" in unknown.stderr) == (USAGE, True)
    setting = await run_cli("config", "show", environment={"GRIDTOKENX_MINT_GRACE": "5"})
    refused(setting, USAGE, "GRIDTOKENX_MINT_GRACE", "did you mean GRIDTOKENX_MINT_GRACE_S?")


async def test_a_missing_idl_exits_2() -> None:
    outcome = await run_cli("run", environment={"GRIDTOKENX_PROGRAM_IDL": "missing.json"})
    refused(outcome, USAGE, "missing.json", "[program] idl")


async def test_a_missing_keypair_exits_1(tmp_path: Path) -> None:
    refused(await run_cli("-k", str(tmp_path / "id.json"), "run"), FAILED, "id.json", "[keys]")


async def test_a_keypair_that_others_may_read_exits_1(tmp_path: Path) -> None:
    path = Workspace(tmp_path).write_key("id", demo_keypair("anyone"))
    path.chmod(0o644)
    refused(await run_cli("-k", str(path), "run"), FAILED, "0644", f"chmod 600 {path}")


async def test_an_unreachable_database_exits_75() -> None:
    url = f"postgresql://user:word@127.0.0.1:{free_port()}/none"
    for command in (("run",), ("status",), ("db", "migrate"), ("db", "status")):
        outcome = await run_cli("--database-url", url, *command)
        refused(outcome, TEMPORARY, "user:***@", "DATABASE_URL")
        assert "word" not in outcome.stderr


async def test_an_unreachable_node_exits_75(database_url: str) -> None:
    outcome = await run_cli("--database-url", database_url, "--url", f"http://127.0.0.1:{free_port()}", "run")
    refused(outcome, TEMPORARY, "127.0.0.1", "SOLANA_RPC_URL")


async def test_an_empty_database_is_told_to_migrate(empty_database_url: str) -> None:
    refused(await run_cli("--database-url", empty_database_url, "run"), FAILED, "db migrate")
    migrated = await run_cli("--database-url", empty_database_url, "db", "migrate")
    assert migrated.code == 0, migrated
    again = await run_cli("--database-url", empty_database_url, "db", "migrate")
    assert (again.code, again.stdout) == (0, "0 migrations applied\n")
    assert (await run_cli("--database-url", empty_database_url, "db", "verify")).code == 0


async def test_a_newer_database_exits_1(database_url: str) -> None:
    query(
        database_url,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)"
        " VALUES (9999, 'from the future', true, '\\x00', 1)",
    )
    refused(await run_cli("--database-url", database_url, "run"), FAILED, "9999")
    assert (await run_cli("--database-url", database_url, "db", "status")).code == FAILED


async def test_a_changed_migration_exits_1(database_url: str) -> None:
    query(database_url, "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1")
    refused(await run_cli("--database-url", database_url, "run"), FAILED, "changed after it was applied")


async def test_another_network_exits_1(database_url: str, node: LocalNode) -> None:
    write_cursor(database_url, program=str(DEFAULT_PROGRAM_ID))
    outcome = await run_cli("--database-url", database_url, "--url", node.http_url, "run")
    refused(outcome, FAILED, node.genesis_hash, HASH, "SOLANA_RPC_URL")


async def test_another_program_exits_1(database_url: str, node: LocalNode) -> None:
    write_cursor(database_url, program=HASH)
    outcome = await run_cli("--database-url", database_url, "--url", node.http_url, "run")
    refused(outcome, FAILED, HASH, str(DEFAULT_PROGRAM_ID), "[program] id")


async def test_a_daemon_whose_role_lacks_rights_exits_1(database_url: str) -> None:
    apply_roles(database_url)
    query(database_url, "REVOKE INSERT ON indexer.slots FROM gridtokenx_service")
    outcome = await run_cli("--database-url", as_role(database_url, SERVICE), "run")
    refused(outcome, FAILED, SERVICE, "INSERT on indexer.slots", "db roles")


async def test_a_program_that_is_not_there_exits_1(database_url: str, node: LocalNode) -> None:
    outcome = await run_cli("--database-url", database_url, "--url", node.http_url, "run")
    refused(outcome, FAILED, str(DEFAULT_PROGRAM_ID), "initialize")


def write_cursor(url: str, *, program: str) -> None:
    query(
        url,
        "INSERT INTO indexer.cursors (name, genesis_hash, program_id, anchor_slot, head_slot, head_blockhash,"
        " head_block_height, finalized_slot, finalized_blockhash, finalized_block_height, lease_term)"
        " VALUES ('chain', %s, %s, 1, 1, %s, 1, 1, %s, 1, 1)",
        (HASH, program, HASH, HASH),
    )
