"""The programs that copy databases: those of the server's own version where they are, and the package's."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gridtokenx_indexer.store.embedded_paths import installed_programs
from tests.support.postgres import query

_FIRST_WITH_TRANSACTION_TIMEOUT = 17


@dataclass(frozen=True)
class Clients:
    """pg_dump, pg_restore and psql of one version."""

    folder: Path

    def run(self, name: str, *arguments: str | Path, text: str | None = None) -> str:
        done = subprocess.run(
            [self.folder / name, *arguments],
            check=False,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            input=text,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def major(self) -> int:
        return int(self.run("pg_dump", "--version").split()[-1].partition(".")[0].split("(")[0])

    def dump(self, url: str, file: Path) -> None:
        self.run("pg_dump", "--format=custom", f"--file={file}", url)

    def restore(self, url: str, file: Path) -> None:
        """Every statement succeeds; newer clients set a parameter that servers before 17 do not know."""
        if (
            server_major(url) >= _FIRST_WITH_TRANSACTION_TIMEOUT
            or self.major < _FIRST_WITH_TRANSACTION_TIMEOUT
        ):
            self.run("pg_restore", "--exit-on-error", f"--dbname={url}", file)
            return
        script = self.run("pg_restore", "--file=-", file)
        known = [line for line in script.splitlines(True) if not line.startswith("SET transaction_timeout")]
        self.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url, text="".join(known))


def package_clients() -> Clients:
    """Of PostgreSQL 18."""
    return Clients(installed_programs() / "bin")


def server_clients(url: str) -> Clients:
    """Of the server's own version where they lie beside it on this machine, else the package's."""
    ((folder,),) = query(url, "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
    own = Clients(Path(folder))
    beside = all((own.folder / name).exists() for name in ("pg_dump", "pg_restore", "psql"))
    return own if beside and own.major == server_major(url) else package_clients()


def server_major(url: str) -> int:
    return int(query(url, "SELECT current_setting('server_version_num')::int / 10000")[0][0])


def leave_uuid_ossp(url: str) -> None:
    """What the page of the database says to do before a dump for a server that lacks the extension."""
    if query(url, "SELECT 1 FROM pg_extension WHERE extname = 'uuid-ossp'"):
        page = (Path(__file__).parents[2] / "docs" / "database.md").read_text(encoding="utf-8")
        (statements,) = re.findall(r"```sql\n(ALTER EXTENSION \"uuid-ossp\".*?)```", page, re.DOTALL)
        query(url, statements)
