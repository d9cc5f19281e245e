"""The schema as one text that is the same on every machine: pg_dump without what differs between runs."""

from __future__ import annotations

import re

from gridtokenx_indexer.store.catalogue_text import word_lists
from gridtokenx_indexer.store.pg_dump import run_pg_dump
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
    dump = run_pg_dump(
        url,
        "--schema-only",
        "--no-owner",
        "--no-privileges",
        "--restrict-key=none",
        *(f"--exclude-table={partition}" for partition in partitions),
        timeout_s=_TIMEOUT_S,
    )
    return normalise(dump)
