"""Whether the role of the daemon may do what its work needs, asked before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.roles import Grants, shipped_grants
from gridtokenx_indexer.store.sync_connection import SyncConnection, connect

WRITES = ("SELECT", "INSERT", "UPDATE", "DELETE")
_NAMED = 5


def needed_rights(grants: Grants) -> Iterator[tuple[str, str]]:
    """Table and privilege, as `db roles` grants them to the service."""
    for table in sorted(grants.tables()):
        for privilege in ("SELECT",) if table in grants.service_reads_only else WRITES:
            yield table, privilege
    for partition in grants.service_partitions:
        yield partition, "SELECT"


def lacking_rights(connection: SyncConnection, grants: Grants) -> list[str]:
    needed = list(needed_rights(grants))
    rows = connection.execute(
        load("roles")["lacking_rights"],
        {
            "schemas": list(grants.schemas),
            "tables": [table for table, _ in needed],
            "privileges": [privilege for _, privilege in needed],
            "functions": list(grants.service_functions),
        },
    )
    return [wanted for (wanted,) in rows.fetchall()]


def require_service_rights(url: str) -> None:
    """Raises `StopError` when the role of `url` lacks something, as after an upgrade without `db roles`."""
    with connect(url, application_name="gridtokenx-rights") as connection:
        lacking = lacking_rights(connection, shipped_grants())
        if not lacking:
            return
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        raise StopError(
            f"the role {connection.info.user} lacks rights in this database: "
            f"{', '.join(lacking[:_NAMED])}{more}",
            remedy="run gridtokenx-indexer db roles as the owner, and the daemon as a member of "
            "gridtokenx_service",
        )
