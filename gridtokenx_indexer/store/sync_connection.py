"""Synchronous connections for commands: the same session settings as the service's pool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from gridtokenx_indexer.domain.errors import StopError, UsageError
from gridtokenx_indexer.domain.masking import masked, scrubbed
from gridtokenx_indexer.store.pool import SINCE_17, connection_failure, session_settings
from gridtokenx_indexer.store.queries import load

SyncConnection = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def connect(url: str, *, application_name: str) -> Iterator[SyncConnection]:
    """An autocommit connection; raises `RetryableError` for an unreachable server, `StopError` on refusal.

    `UsageError` for a text that is no database URL.
    """
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise _connect_error(url, error) from error
    except psycopg.ProgrammingError as error:
        reason = scrubbed(str(error).strip(), url)
        raise UsageError(
            f"{masked(url)} is no database URL: {reason}", remedy="correct DATABASE_URL"
        ) from error
    try:
        settings = {**session_settings(application_name), **SINCE_17}
        connection.execute(load("sessions")["set"], (list(settings), list(settings.values())))
        yield connection
    finally:
        connection.close()


def _connect_error(url: str, error: psycopg.OperationalError) -> Exception:
    text = str(error)
    # libpq reports refusals of the server without an SQLSTATE.
    if "does not exist" in text or "authentication failed" in text or "no pg_hba.conf entry" in text:
        return StopError(
            f"the database {masked(url)} refuses the connection: {scrubbed(text.strip(), url)}",
            remedy="check DATABASE_URL: user, password, database name",
        )
    return connection_failure(url, error)
