"""Is this database the one that this release expects?"""

from __future__ import annotations

from dataclasses import dataclass

from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.catalogue import catalogue_differences
from gridtokenx_indexer.store.migrate import migration_status
from gridtokenx_indexer.store.migration_plan import MigrationState, objections
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.sync_connection import connect

_SHOWN_SEALS = 10


@dataclass(frozen=True, slots=True)
class DatabaseCheck:
    """One question and its answer: what is wrong, what to do about it, and each object it is about."""

    name: str
    ok: bool
    detail: str = ""
    differences: tuple[str, ...] = ()


def verify_database(url: str) -> tuple[DatabaseCheck, ...]:
    """Checks ledger, file checksums, numbering, schema and audit seals; changes nothing."""
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
        checks.append(_seal_check(url))
    return tuple(checks)


def _seal_check(url: str) -> DatabaseCheck:
    with connect(url, application_name="gridtokenx-verify") as connection:
        broken = connection.execute(load("audit")["broken_seals"]).fetchall()
    shown = [f"seal {number}: {reason}" for number, reason in broken[:_SHOWN_SEALS]]
    return DatabaseCheck("audit_seals_hold", not broken, "; ".join(shown))


def _schema_check(url: str) -> DatabaseCheck:
    found = catalogue_differences(url)
    if not found:
        return DatabaseCheck("schema_matches_release", True)
    return DatabaseCheck(
        "schema_matches_release",
        False,
        f"{len(found)} objects are not as this release makes them; put them back as they stand in"
        f" {resource('sql/schema.sql')}, or restore a backup",
        tuple(map(str, found)),
    )


def _listed(what: str, versions: list[int]) -> str:
    return f"{what}: {', '.join(map(str, versions))}" if versions else ""
