"""The objects of a database by the server's own catalogue, and those of this release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.catalogue_diff import Catalogue, Change, Difference, ObjectId, differences
from gridtokenx_indexer.store.catalogue_text import normal, normal_view
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.sync_connection import SyncConnection, connect

_FILE = "sql/catalogue.jsonl"


def shipped_catalogue() -> Catalogue:
    """What this release's migrations make, on every server version; raises `StopError` for a broken file."""
    try:
        lines = resource(_FILE).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        return {ObjectId(kind, name): definition for kind, name, definition in rows}
    except (OSError, ValueError) as error:
        raise StopError(f"{_FILE} cannot be read: {error}", remedy="reinstall the package") from error


def catalogue_file(url: str) -> str:
    """The text of that file for a freshly migrated database: an object a line, in order."""
    with _reading(url) as connection:
        schemas = [row[0] for row in connection.execute(load("catalog")["schemas"]).fetchall()]
        catalogue = _read(connection, schemas)
    rows = (json.dumps([*one, catalogue[one]], ensure_ascii=False) for one in sorted(catalogue))
    return "".join(f"{row}\n" for row in rows)


def catalogue_differences(url: str) -> tuple[Difference, ...]:
    """What a database has less, more or otherwise than this release; changes nothing."""
    expected = shipped_catalogue()
    schemas = [one.name for one in expected if one.kind == "schema"]
    with _reading(url) as connection:
        found = _read(connection, schemas)
        faults = connection.execute(load("catalog")["partition_faults"], {"schemas": schemas}).fetchall()
        hypertables = _timeseries_mode(connection, found) == "timescaledb"
    return (
        *differences(expected, found, hypertables=hypertables),
        *(Difference(Change.DIFFERENT, ObjectId("table", name), found=fault) for name, fault in faults),
    )


@contextmanager
def _reading(url: str) -> Iterator[SyncConnection]:
    """One read-only transaction in which the server prints names with their schemas."""
    with connect(url, application_name="gridtokenx-catalogue") as connection:
        connection.read_only = True
        with connection.transaction():
            connection.execute(load("catalog")["print_plainly"])
            yield connection


def _read(connection: SyncConnection, schemas: list[str]) -> Catalogue:
    rows = connection.execute(load("catalog")["objects"], {"schemas": schemas}).fetchall()
    return {
        ObjectId(kind, name): _definition(kind, definition, body) for kind, name, definition, body in rows
    }


def _definition(kind: str, definition: str, body: str | None) -> str:
    """Long texts stand as digests: `sql/schema.sql` and `db dump` show them in full."""
    if kind == "comment":
        return definition
    if body is None:
        return normal(definition)
    # A function's text is kept as it was given, a view is printed from its tree.
    text = body if kind == "function" else normal_view(body)
    return f"{normal(definition)} body {sha256(text.encode()).hexdigest()[:32]}".lstrip()


def _timeseries_mode(connection: SyncConnection, found: Catalogue) -> str | None:
    if ObjectId("table", "indexer.settings") not in found:
        return None
    row = connection.execute(load("catalog")["timeseries_mode"]).fetchone()
    return row[0] if row else None
