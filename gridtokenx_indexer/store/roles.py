"""The four database roles and what each may do, from the explicit lists in `sql/grants.toml`.

gridtokenx_owner    owns schemas and objects, migrates, moves the market clock; cannot log in
gridtokenx_service  the daemon: reads and writes rows, owns nothing
gridtokenx_app      other applications: reads, and writes the listed columns
gridtokenx_reader   reads the listed columns
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import msgspec
import psycopg
from psycopg import sql

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.sync_connection import SyncConnection, connect

OWNER = "gridtokenx_owner"
SERVICE = "gridtokenx_service"
APP = "gridtokenx_app"
READER = "gridtokenx_reader"
_LOCK_KEY = 0x67747872


class Writes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns another application may set in new rows and in old ones, and whether it may delete rows."""

    insert: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    delete: bool = False


class Grants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lists; tables are named `schema.table`."""

    schemas: tuple[str, ...]
    readable: dict[str, tuple[str, ...]]
    app_reads: dict[str, tuple[str, ...]]
    """Columns that other applications read and the reader does not."""
    withheld: dict[str, tuple[str, ...]]
    service_reads_only: tuple[str, ...]
    app_writes: dict[str, Writes]
    service_functions: tuple[str, ...]
    service_partitions: tuple[str, ...] = ()
    """Partitions that the service's statements name themselves: a right on the table is none on them."""

    def tables(self) -> set[str]:
        """Every table and view on a list."""
        return {*self.readable, *self.withheld, *self.service_reads_only, *self.app_writes}

    def decided(self, table: str) -> tuple[str, ...]:
        """The columns of `table` about which the lists say who reads them."""
        lists = (self.readable, self.app_reads, self.withheld)
        return tuple(column for listed in lists for column in listed.get(table, ()))


@cache
def shipped_grants() -> Grants:
    """The lists of this release; raises `StopError` when the file is malformed."""
    try:
        content = tomllib.loads(resource("sql/grants.toml").read_text(encoding="utf-8"))
        return msgspec.convert(content, Grants)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StopError(f"sql/grants.toml: {error}", remedy="reinstall the package") from error


def missing(tables: Mapping[str, Sequence[str]], grants: Grants) -> list[str]:
    """Listed tables and columns that the database does not have."""
    problems = []
    for table in sorted(grants.tables()):
        listed = set(grants.decided(table))
        found = tables.get(table)
        if found is None:
            problems.append(table)
        else:
            problems += [f"{table}.{column}" for column in sorted(listed.difference(found))]
    return problems


def unlisted(tables: Mapping[str, Sequence[str]], grants: Grants) -> list[str]:
    """Columns of the database that are neither readable nor withheld: nobody has decided about them."""
    return [
        f"{table}.{column}"
        for table, columns in tables.items()
        for column in columns
        if column not in grants.decided(table)
    ]


def role_statements(grants: Grants, database: str) -> Iterator[sql.Composed]:
    """Everything `db roles` executes, in order; running it again changes nothing."""
    schemas = sql.SQL(", ").join(map(sql.Identifier, grants.schemas))
    yield from _create_roles(database)
    yield sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER))
    yield sql.SQL("GRANT CREATE, CONNECT ON DATABASE {} TO {}").format(
        sql.Identifier(database), sql.Identifier(OWNER)
    )
    yield sql.SQL("GRANT CREATE, USAGE ON SCHEMA public TO {}").format(sql.Identifier(OWNER))
    users = sql.SQL(", ").join(map(sql.Identifier, (SERVICE, APP, READER)))
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schemas, users)
    # From nothing, so that a right taken off a list is gone.
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(schemas, users)
    writers = sql.SQL(", ").join(map(sql.Identifier, (SERVICE, APP)))
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}").format(schemas, writers)
    for table in sorted(grants.tables()):
        rights = "SELECT" if table in grants.service_reads_only else "SELECT, INSERT, UPDATE, DELETE"
        yield sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), _table(table), sql.Identifier(SERVICE))
    for partition in grants.service_partitions:
        yield sql.SQL("GRANT SELECT ON {} TO {}").format(_table(partition), sql.Identifier(SERVICE))
    for function in grants.service_functions:
        yield sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), writers)
    readers = sql.SQL(", ").join(map(sql.Identifier, (READER, APP)))
    for table, columns in grants.readable.items():
        yield sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(_columns(columns), _table(table), readers)
    for table, columns in grants.app_reads.items():
        yield sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(
            _columns(columns), _table(table), sql.Identifier(APP)
        )
    for table, writes in grants.app_writes.items():
        yield from _app_grants(table, writes)


def _create_roles(database: str) -> Iterator[sql.Composed]:
    for role, login in ((OWNER, "NOLOGIN"), (SERVICE, "LOGIN"), (APP, "LOGIN"), (READER, "LOGIN")):
        yield sql.SQL(
            "DO $$BEGIN CREATE ROLE {} {}; EXCEPTION WHEN duplicate_object THEN NULL; END$$"
        ).format(sql.Identifier(role), sql.SQL(login))
        yield sql.SQL("ALTER ROLE {} IN DATABASE {} SET timezone = 'UTC'").format(
            sql.Identifier(role), sql.Identifier(database)
        )


def _app_grants(table: str, writes: Writes) -> Iterator[sql.Composed]:
    app = sql.Identifier(APP)
    if writes.insert:
        yield sql.SQL("GRANT INSERT ({}) ON {} TO {}").format(_columns(writes.insert), _table(table), app)
    if writes.update:
        yield sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(_columns(writes.update), _table(table), app)
    if writes.delete:
        yield sql.SQL("GRANT DELETE ON {} TO {}").format(_table(table), app)


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split(".", 1))


def _columns(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def table_columns(connection: SyncConnection, grants: Grants) -> dict[str, list[str]]:
    """Tables and views of our schemas with their columns."""
    rows = connection.execute(load("catalog")["table_columns"], (list(grants.schemas),)).fetchall()
    return dict(rows)


def apply_roles(url: str, *, dry_run: bool = False) -> tuple[str, ...]:
    """Creates the roles and sets their rights; returns the statements.

    Raises `StopError` when the lists do not fit the database or the right to do it is missing: it takes a
    superuser, or the owner of the database with CREATEROLE.
    """
    grants = shipped_grants()
    with connect(url, application_name="gridtokenx-roles") as connection:
        problems = missing(table_columns(connection, grants), grants)
        if problems:
            raise StopError(
                f"this database lacks what sql/grants.toml lists: {', '.join(problems[:5])}",
                remedy="run db migrate with this release first",
            )
        statements = [*role_statements(grants, connection.info.dbname)]
        if not dry_run:
            _execute(connection, statements, grants)
        return tuple(statement.as_string(connection) for statement in statements)


def _execute(connection: SyncConnection, statements: Sequence[sql.Composed], grants: Grants) -> None:
    try:
        with connection.transaction():
            connection.execute(load("roles")["take_transaction_lock"], (_LOCK_KEY,))
            for statement in statements:
                connection.execute(statement)
            # Names only exist in the answers of the server, which quotes them.
            for name in ("ownership_statements", "closing_statements"):
                found = connection.execute(
                    load("roles")[name], {"owner": OWNER, "schemas": list(grants.schemas)}
                )
                for (statement_text,) in found.fetchall():
                    connection.execute(statement_text)
    except psycopg.errors.InsufficientPrivilege as error:
        raise StopError(
            f"the roles cannot be set up: {error.diag.message_primary}",
            remedy="run db roles as a superuser or as the owner of the database with CREATEROLE",
        ) from error
