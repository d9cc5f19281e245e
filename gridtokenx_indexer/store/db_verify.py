"""Is this database the one that this release expects?"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice

from gridtokenx_indexer.store.migrate import migration_status
from gridtokenx_indexer.store.migration_plan import MigrationState, objections
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.schema_dump import COMPARABLE_MAJOR, dump_schema, shipped_schema
from gridtokenx_indexer.store.sync_connection import connect

_SHOWN_DIFFERENCES = 10


@dataclass(frozen=True, slots=True)
class DatabaseCheck:
    """One question and its answer; `detail` names what differs, or why the question was not asked."""

    name: str
    ok: bool
    detail: str = ""


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
    if not wrong and not waiting:
        checks.append(_schema_check(url))
        checks.append(_seal_check(url))
    return tuple(checks)


def _seal_check(url: str) -> DatabaseCheck:
    with connect(url, application_name="gridtokenx-verify") as connection:
        broken = connection.execute(load("audit")["broken_seals"]).fetchall()
    shown = [f"seal {number}: {reason}" for number, reason in broken[:_SHOWN_DIFFERENCES]]
    return DatabaseCheck("audit_seals_hold", not broken, "; ".join(shown))


def _schema_check(url: str) -> DatabaseCheck:
    with connect(url, application_name="gridtokenx-verify") as connection:
        row = connection.execute(load("catalog")["server_major"]).fetchone()
    major = row[0] if row else 0
    if major != COMPARABLE_MAJOR:
        return DatabaseCheck(
            "schema_matches_release", True, f"compared on PostgreSQL {COMPARABLE_MAJOR} only"
        )
    expected, found = _flat(shipped_schema()), _flat(dump_schema(url))
    changed = (
        line for line in unified_diff(expected, found, n=0, lineterm="") if line[:3] not in ("---", "+++")
    )
    shown = [line for line in islice(changed, _SHOWN_DIFFERENCES) if not line.startswith("@@")]
    return DatabaseCheck("schema_matches_release", not shown, "; ".join(shown))


def _flat(schema: str) -> list[str]:
    """Lines without parentheses: a server that read its schema from a dump sets them differently."""
    return schema.translate({ord("("): None, ord(")"): None}).splitlines()


def _listed(what: str, versions: list[int]) -> str:
    return f"{what}: {', '.join(map(str, versions))}" if versions else ""
