"""Processes that live and die together; `config` and `idl` stand in for long-running commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.ops.demo.processes import ChildProcess
from gridtokenx_indexer.ops.demo.workspace import Workspace, clean_environment, workspace


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            [
                '{"level":"error","event":"service_failed","error":"port taken"}',
                '{"level":"info","event":"stopped"}',
            ],
            "service_failed port taken",
        ),
        (["error: no key; make one", ""], "no key; make one"),
        (["something else"], "something else"),
        ([], "no output"),
    ],
)
def test_a_process_is_quoted_with_its_last_error(tmp_path: Path, lines: list[str], words: str) -> None:
    path = tmp_path / "x.log"
    path.write_text("\n".join(lines))
    child = ChildProcess("x", [], environment={}, log_path=path, restarts=False)
    assert child.last_words() == words


async def test_an_unexpected_end_is_a_failure_with_the_process_s_words(tmp_path: Path) -> None:
    child = ChildProcess(
        "check",
        ["idl", "check", str(tmp_path / "none.json")],
        environment=clean_environment(),
        log_path=tmp_path / "check.log",
        restarts=True,
    )
    await child.start()
    with pytest.raises(StopError, match=r"the check ended with code 2: the IDL .*none.json cannot be read"):
        await child.watch()
    assert child.restarts == 0


async def test_a_folder_of_the_same_name_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gridtokenx_indexer"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    child = ChildProcess(
        "help", ["--help"], environment=clean_environment(), log_path=tmp_path / "help.log", restarts=False
    )
    await child.start()
    assert await child.ended() == 0


def test_the_remedy_names_a_log_only_where_it_stays(tmp_path: Path) -> None:
    with workspace(tmp_path / "mine") as kept:
        assert kept.where_to_look("daemon") == f"see {tmp_path / 'mine' / 'daemon.log'}"
    with workspace(None) as passing:
        assert "--folder" in passing.where_to_look("daemon")
    assert not passing.path.exists()


def test_no_setting_of_the_caller_reaches_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRIDTOKENX_MINT_GRACE_S", "DATABASE_URL", "SOLANA_RPC_URL", "LOG_LEVEL", "PGHOST"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("UNRELATED", "y")
    environment = clean_environment()
    assert environment["UNRELATED"] == "y"
    assert "x" not in {environment.get(name) for name in ("DATABASE_URL", "LOG_LEVEL", "PGHOST")}
    assert not any(name.startswith(("GRIDTOKENX_", "SOLANA_")) for name in environment)


def test_keys_are_written_for_their_owner_alone(tmp_path: Path) -> None:
    from gridtokenx_indexer.ops.demo.identities import demo_keypair
    from gridtokenx_indexer.tx.keyfile import signer_from_file

    path = Workspace(tmp_path).write_key("minter", demo_keypair("minter"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert signer_from_file(path).pubkey() == demo_keypair("minter").pubkey()
