"""Runs pg_dump: the package's own, or the one that the settings name."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.domain.masking import masked, scrubbed
from gridtokenx_indexer.store.embedded_paths import installed_programs


def run_pg_dump(url: str, *arguments: str, timeout_s: float, program: Path | None = None) -> str:
    """What it prints. Raises `StopError` in its own words, `RetryableError` when it takes too long."""
    program = program or installed_programs() / "bin" / "pg_dump"
    # The address without its password: arguments are public on the machine, the environment is not.
    address = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    password = address.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(
            [program, *arguments, f"--dbname={make_conninfo(**address)}"],
            env={**environment, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except OSError as error:
        raise StopError(
            f"cannot run {program}: {error.strerror}", remedy="correct database.pg_dump"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise RetryableError(f"pg_dump of {masked(url)} took longer than {timeout_s:.0f} s") from error
    if done.returncode != 0:
        words = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
        raise StopError(f"{program} cannot copy {masked(url)}: {scrubbed(words, url)}")
    return done.stdout
