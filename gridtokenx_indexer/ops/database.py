"""The database that the settings name, or an embedded one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.store.backup_hook import BackupBeforeMigration
from gridtokenx_indexer.store.embedded import EmbeddedPostgres
from gridtokenx_indexer.store.embedded_paths import chosen_data_dir
from gridtokenx_indexer.store.migrate import migrate, migration_status
from gridtokenx_indexer.store.migration_plan import objections, pending
from gridtokenx_indexer.store.roles import SERVICE, apply_roles

log = logging.getLogger(__name__)


@contextmanager
def database(settings: Settings, *, share: bool) -> Iterator[str]:
    """The URL of the database. An embedded server is stopped at the end, unless another process owns it.

    `share=True` (commands) uses a running daemon's server.
    """
    given = settings["database.url"]
    if given:
        yield str(given)
        return
    configured = settings["database.data_dir"]
    assert isinstance(configured, Path)
    data_dir = chosen_data_dir(configured)
    log.info(
        "embedded_database_chosen", extra={"reason": "DATABASE_URL is not set", "data_dir": str(data_dir)}
    )
    with EmbeddedPostgres(data_dir, share=share) as server:
        yield server.url()


def backup_hook(settings: Settings, url: str) -> BackupBeforeMigration | None:
    """What the migration runner calls first, when the settings ask for a backup."""
    directory, program = settings["database.backup_dir"], settings["database.pg_dump"]
    if not directory:
        return None
    return BackupBeforeMigration(url, Path(str(directory)), Path(str(program)) if program else None)


def require_schema(url: str, *, apply: bool, before_change: BackupBeforeMigration | None = None) -> None:
    """The schema is the one this version needs, brought up to it when `apply` is set.

    Raises `StopError` for a database that is older (without `apply`), newer or changed.
    """
    if apply:
        migrate(url, before_change=before_change)
        return
    statuses = migration_status(url)
    for objection in objections(statuses):
        raise objection
    missing = pending(statuses)
    if missing:
        raise StopError(
            f"the database lacks {len(missing)} migrations of this version",
            remedy="gridtokenx-indexer db migrate",
        )


def service_url(settings: Settings, url: str) -> str:
    """How the daemon connects: as given, or to an embedded server as the role that owns nothing."""
    if settings["database.url"]:
        return url
    apply_roles(url)
    return as_role(url, SERVICE)


def as_role(url: str, role: str) -> str:
    """The embedded server's URL for another role; it asks nobody for a password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}"))
