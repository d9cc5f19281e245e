"""Errors of drivers and of the system, as members of our own tree."""

from __future__ import annotations

import asyncpg
import httpx
import psycopg

from gridtokenx_indexer.domain.errors import GridTokenXError, RetryableError, StopError
from gridtokenx_indexer.store.refusals import REFUSALS, refusal

_RACES = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)
_IN_USE = (asyncpg.LockNotAvailableError, psycopg.errors.LockNotAvailable)
_DATABASE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # A connection that died while its statement was being cancelled leaves the driver in this state.
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    # Terminated by a limit on transactions that are idle or too long.
    asyncpg.InvalidTransactionStateError,
    psycopg.OperationalError,
)
# What a connection has prepared no longer fits tables that were changed; the next one prepares anew.
_STALE = (asyncpg.InvalidCachedStatementError,)
# Disk, memory, connections, temporary files.
_EXHAUSTED = (asyncpg.InsufficientResourcesError, psycopg.errors.InsufficientResources)
_NOT_ALLOWED = (asyncpg.InsufficientPrivilegeError, psycopg.errors.InsufficientPrivilege)
_READ_ONLY = (asyncpg.ReadOnlySQLTransactionError, psycopg.errors.ReadOnlySqlTransaction)


def as_own(error: BaseException) -> GridTokenXError | None:
    """`error` as a member of the tree, or None when nothing in the design expects it."""
    if isinstance(error, GridTokenXError):
        return error
    if isinstance(error, _RACES):
        return RetryableError(f"a concurrent change won: {one_line(error)}")
    if isinstance(error, _IN_USE):
        return RetryableError(
            f"a table or row of the database is in use: {one_line(error)}",
            remedy="try again when the transactions that hold it have ended",
        )
    if isinstance(error, _READ_ONLY):
        # A server that takes over, or one that protects a full disk: what waits goes on by itself afterwards.
        return RetryableError(
            f"the database takes no writes: {refusal(error).message}",
            remedy="give the server that takes writes in DATABASE_URL, or free its disk",
        )
    if isinstance(error, _EXHAUSTED):
        return RetryableError(
            f"the database has run out of something: {one_line(error)}", remedy="give the server more of it"
        )
    if isinstance(error, _STALE):
        return RetryableError(f"the schema has changed meanwhile: {one_line(error)}")
    if isinstance(error, _DATABASE) and not _is_wrong_call(error):
        return RetryableError(
            f"the database is unreachable: {one_line(error)}", remedy="check DATABASE_URL and the server"
        )
    if isinstance(error, _NOT_ALLOWED):
        return StopError(
            f"the database refuses: {refusal(error).message}",
            remedy="connect as a role that may: the owner migrates, gridtokenx_service runs the daemon",
        )
    if isinstance(error, httpx.TransportError):
        return RetryableError(
            f"the RPC endpoint is unreachable: {one_line(error)}", remedy="check SOLANA_RPC_URL and the node"
        )
    if isinstance(error, ConnectionError | TimeoutError):
        return RetryableError(f"a connection failed: {one_line(error)}")
    return None


def as_refusal(error: BaseException) -> GridTokenXError | None:
    """A write that broke a rule of the database, for whoever asked for it; None for other errors."""
    if not isinstance(error, REFUSALS):
        return None
    return refusal(error).as_error(
        "the database refused to write", otherwise="docs/database.md lists the rules"
    )


def _is_wrong_call(error: BaseException) -> bool:
    """A statement and its arguments that do not fit: the driver reports them as it does lost connections."""
    return isinstance(error, asyncpg.DataError) or (
        isinstance(error, asyncpg.InterfaceError) and "the server expects" in str(error)
    )


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
