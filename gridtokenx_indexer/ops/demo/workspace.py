"""The folder of one demo: keys, settings, logs and the embedded server's files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
from solders.keypair import Keypair

from gridtokenx_indexer.ops.demo.chain_setup import Cast

_INHERITED_PREFIXES = ("GRIDTOKENX_", "SOLANA_", "DATABASE_", "LOG_", "PG")


class Workspace:
    def __init__(self, path: Path, *, kept: bool = True) -> None:
        self.path = path
        self._kept = kept

    def log(self, name: str) -> Path:
        return self.path / f"{name}.log"

    def where_to_look(self, name: str) -> str:
        """What a person may do when the process of that log has failed."""
        return f"see {self.log(name)}" if self._kept else "give --folder to keep its log, and try again"

    @property
    def state_path(self) -> Path:
        """Process ids and addresses of the running stack, as JSON."""
        return self.path / "demo.json"

    def write_state(self, state: Mapping[str, object]) -> None:
        """Replaces the file at once, so that a reader never sees half of it."""
        draft = self.state_path.with_suffix(".draft")
        draft.write_bytes(msgspec.json.encode(state))
        draft.replace(self.state_path)

    def write_key(self, name: str, keypair: Keypair) -> Path:
        path = self.path / f"{name}.json"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(list(bytes(keypair))))
        return path

    def daemon_environment(
        self, cast: Cast, *, database_url: str, rpc_url: str, listen: str, settings: Mapping[str, str]
    ) -> dict[str, str]:
        """The environment of the daemon: nothing of the caller's own settings reaches it."""
        (self.path / "config.toml").write_text("", encoding="utf-8")
        return {
            **clean_environment(),
            "GRIDTOKENX_CONFIG": str(self.path / "config.toml"),
            "DATABASE_URL": database_url,
            "SOLANA_RPC_URL": rpc_url,
            "GRIDTOKENX_PROGRAM_ID": str(cast.program_id),
            "GRIDTOKENX_API_LISTEN": listen,
            "GRIDTOKENX_MINTER_KEYPAIR": str(self.write_key("minter", cast.minter)),
            "GRIDTOKENX_CLEARER_KEYPAIR": str(self.write_key("clearer", cast.clearer)),
            "GRIDTOKENX_SETTLER_KEYPAIR": str(self.write_key("settler", cast.settler)),
            "LOG_FORMAT": "json",
            **settings,
        }


def clean_environment() -> dict[str, str]:
    """This process's environment without settings of ours, of Solana's tools or of Postgres."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_INHERITED_PREFIXES)}


@contextmanager
def workspace(given: Path | None) -> Iterator[Workspace]:
    """A folder that the caller named and keeps, or a temporary one that goes away."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield Workspace(given)
        return
    path = Path(tempfile.mkdtemp(prefix="gridtokenx-demo-"))
    try:
        yield Workspace(path, kept=False)
    finally:
        shutil.rmtree(path, ignore_errors=True)
