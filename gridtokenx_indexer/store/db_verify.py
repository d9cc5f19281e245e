"""Is this database the one that this release expects?"""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.catalogue import catalogue_differences
from gridtokenx_indexer.store.catalogue_diff import Change
from gridtokenx_indexer.store.migrate import migration_status
from gridtokenx_indexer.store.migration_plan import MigrationState, objections
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.sync_connection import SyncConnection, connect

_SHOWN_SEALS = 10
_GONE = (
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,
)
_SEAL_VALUE = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DatabaseCheck:
    """One question and its answer: what is wrong, what to do about it, and each object it is about."""

    name: str
    ok: bool
    detail: str = ""
    differences: tuple[str, ...] = ()


def verify_database(url: str, kept_seal: str | None = None) -> tuple[DatabaseCheck, ...]:
    """Checks ledger, file checksums, numbering, schema and audit seals; changes nothing.

    `kept_seal` is a seal as an earlier log line gave it, `number:value`: only who kept one outside the
    database sees that seals were cut off at the end. Raises `UsageError` for one of another form.
    """
    statuses = migration_status(url)
    wrong = objections(statuses)
    waiting = [status.version for status in statuses if status.state is MigrationState.PENDING]
    installed = [status.version for status in statuses if status.ledger is not None]
    holes = sorted(set(range(1, max(installed, default=0) + 1)).difference(installed))
    checks = [
        DatabaseCheck("migrations_match_files", not wrong, "; ".join(map(str, wrong))),
        DatabaseCheck("migrations_applied", not waiting, _listed("pending", waiting)),
        DatabaseCheck("migrations_in_sequence", not holes, _listed("missing numbers", holes)),
    ]
    if not waiting and not any(status.state is MigrationState.MISSING for status in statuses):
        checks.append(_schema_check(url))
        checks.append(_seal_check(url, kept_seal))
    return tuple(checks)


def _seal_check(url: str, kept: str | None) -> DatabaseCheck:
    queries = load("audit")
    try:
        with connect(url, application_name="gridtokenx-verify") as connection:
            broken = connection.execute(queries["broken_seals"]).fetchall()
            wrong = [f"seal {number}: {reason}" for number, reason in broken[:_SHOWN_SEALS]]
            if kept is not None:
                wrong += _differs_from_kept(connection, kept)
            count, newest, value = connection.execute(queries["seal_head"]).fetchall()[0]
    except _GONE as error:
        reason = error.diag.message_primary
        return DatabaseCheck(
            "audit_seals_hold", False, f"they cannot be computed: {reason}; put the schema back first"
        )
    head = f"{count} seals, the newest {newest}:{value}" if count else "nothing is sealed yet"
    return DatabaseCheck("audit_seals_hold", not wrong, "; ".join(wrong) or head)


def _differs_from_kept(connection: SyncConnection, kept: str) -> list[str]:
    number, _, value = kept.strip().lower().partition(":")
    if not number.isdecimal() or _SEAL_VALUE.fullmatch(value) is None:
        raise UsageError(
            f"{kept!r} is no seal",
            remedy="give number:value as in the log line audit_sealed, value 64 hex digits",
        )
    found = connection.execute(load("audit")["seal_value"], (int(number),)).fetchone()
    if found is None:
        return [f"seal {number}: it was {value} and is gone"]
    return [] if found[0] == value else [f"seal {number}: it was {value} and is now {found[0]}"]


def _schema_check(url: str) -> DatabaseCheck:
    found = catalogue_differences(url)
    if not found:
        return DatabaseCheck("schema_matches_release", True)
    indexes = any(one.subject.kind == "index" and one.change is not Change.EXTRA for one in found)
    command = " (indexes: db indexes apply)" if indexes else ""
    return DatabaseCheck(
        "schema_matches_release",
        False,
        f"{len(found)} objects are not as this release makes them; put them back as they stand in"
        f" {resource('sql/schema.sql')}{command}, or restore a backup",
        tuple(map(str, found)),
    )


def _listed(what: str, versions: list[int]) -> str:
    return f"{what}: {', '.join(map(str, versions))}" if versions else ""
