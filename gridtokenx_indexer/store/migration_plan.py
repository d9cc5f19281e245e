"""What the files and the ledger together ask for; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.migration_files import Migration


class MigrationState(StrEnum):
    INSTALLED = "installed"
    PENDING = "pending"
    CHANGED = "changed"
    """Applied from a file with other bytes than the one at hand."""
    UNFINISHED = "unfinished"
    """Recorded as not successful."""
    MISSING = "missing"
    """Applied from a file that is not at hand."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of `_sqlx_migrations`; `execution_time_ns` stays -1 when the runner dies after its commit."""

    version: int
    description: str
    installed_on: datetime
    success: bool
    checksum: bytes
    execution_time_ns: int


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """One version as the files and the ledger see it; at least one of the two is present."""

    version: int
    state: MigrationState
    migration: Migration | None
    ledger: LedgerRow | None

    @property
    def description(self) -> str:
        if self.migration is not None:
            return self.migration.description
        assert self.ledger is not None
        return self.ledger.description


def _state(migration: Migration | None, row: LedgerRow | None) -> MigrationState:
    if row is None:
        return MigrationState.PENDING
    if not row.success:
        return MigrationState.UNFINISHED
    if migration is None:
        return MigrationState.MISSING
    return MigrationState.INSTALLED if migration.checksum == row.checksum else MigrationState.CHANGED


def compare(migrations: Iterable[Migration], ledger: Iterable[LedgerRow]) -> tuple[MigrationStatus, ...]:
    """Every version of either side, in order."""
    files = {migration.version: migration for migration in migrations}
    rows = {row.version: row for row in ledger}
    return tuple(
        MigrationStatus(
            version, _state(files.get(version), rows.get(version)), files.get(version), rows.get(version)
        )
        for version in sorted(files.keys() | rows.keys())
    )


def objections(statuses: Sequence[MigrationStatus]) -> tuple[StopError, ...]:
    """Why the pending migrations must not be applied, one error per version; empty when they may."""
    newest_file = max((s.version for s in statuses if s.migration is not None), default=0)
    found: list[StopError] = []
    gap = _first_gap(statuses)
    if gap is not None:
        found.append(
            StopError(f"there is no migration {gap:04d} among the files", remedy="reinstall the package")
        )
    for status in statuses:
        match status.state:
            case MigrationState.CHANGED:
                assert status.migration is not None
                found.append(
                    StopError(
                        f"migration {status.migration.file_name} was changed after it was applied",
                        remedy="restore the file as released and put the change into a new migration",
                    )
                )
            case MigrationState.UNFINISHED:
                found.append(
                    StopError(
                        f"migration {status.version} ({status.description}) is recorded as not finished",
                        remedy="undo what it left, then delete its row from _sqlx_migrations",
                    )
                )
            case MigrationState.MISSING if status.version > newest_file:
                found.append(
                    StopError(
                        f"the database is newer than this program: it has migration {status.version}"
                        f" ({status.description}), the program ends at {newest_file}",
                        remedy="install the release that made it",
                    )
                )
            case MigrationState.MISSING:
                found.append(
                    StopError(
                        f"migration {status.version} ({status.description}) was applied; its file is missing",
                        remedy="reinstall the package",
                    )
                )
            case MigrationState.INSTALLED | MigrationState.PENDING:
                pass
    return tuple(found)


def _first_gap(statuses: Sequence[MigrationStatus]) -> int | None:
    """The first number that neither side knows before one that is to be applied: numbers run from 1."""
    last = max((s.version for s in statuses if s.state is MigrationState.PENDING), default=0)
    used = [status.version for status in statuses if 0 < status.version <= last]
    return next((number for number, version in enumerate(used, 1) if number != version), None)


def pending(statuses: Iterable[MigrationStatus]) -> tuple[Migration, ...]:
    """What has to be applied, in order."""
    return tuple(
        status.migration
        for status in statuses
        if status.state is MigrationState.PENDING and status.migration is not None
    )
