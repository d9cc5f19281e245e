"""The schema as one text that is the same on every machine: pg_dump without what differs between runs."""

from __future__ import annotations

import os
import re
import subprocess
from urllib.parse import urlsplit, urlunsplit

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.store.catalogue_text import word_lists
from gridtokenx_indexer.store.embedded_paths import installed_programs
from gridtokenx_indexer.store.pool import masked
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.sync_connection import connect

HEADER = (
    "-- The schema that the migrations produce. Written by `make schema`; a test holds the two together.\n\n"
)
_TIMEOUT_S = 300
_DROPPED = re.compile(
    r"^(\\(un)?restrict\b|SET \w|SELECT pg_catalog\.set_config|--$|-- PostgreSQL database dump|-- Dumped )"
)
_OBJECT_LINE = re.compile(r"^(-- Name: .*); Owner: .*$")


def normalise(dump: str) -> str:
    """Takes sessions' settings, versions and owners out of a plain-text dump; keeps every object."""
    lines: list[str] = []
    for line in dump.splitlines():
        if _DROPPED.match(line):
            continue
        found = _OBJECT_LINE.match(line)
        text = word_lists(found.group(1) if found else line.rstrip())
        if text or (lines and lines[-1]):
            lines.append(text)
    return HEADER + "\n".join(lines).strip() + "\n"


def dump_schema(url: str) -> str:
    """The normalised schema of a database without its partitions; raises `StopError` in pg_dump's words."""
    with connect(url, application_name="gridtokenx-dump") as connection:
        partitions = [row[0] for row in connection.execute(load("catalog")["partitions"]).fetchall()]
    command = [
        str(installed_programs() / "bin" / "pg_dump"),
        "--schema-only",
        "--no-owner",
        "--no-privileges",
        "--restrict-key=none",
        *(f"--exclude-table={partition}" for partition in partitions),
    ]
    # The address without its password: arguments are public on the machine, the environment is not.
    parts = urlsplit(url)
    password = parts.password
    if password:
        parts = parts._replace(netloc=parts.netloc.replace(f":{password}@", "@", 1))
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(
            [*command, urlunsplit(parts)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RetryableError(f"pg_dump of {masked(url)} took longer than {_TIMEOUT_S} s") from error
    if done.returncode != 0:
        raise StopError(f"pg_dump of {masked(url)} failed: {done.stderr.strip()}")
    return normalise(done.stdout)
