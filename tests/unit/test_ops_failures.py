from __future__ import annotations

import asyncpg
import httpx
import psycopg
import pytest

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.ops.cli.main import call
from gridtokenx_indexer.ops.cli.tables import table
from gridtokenx_indexer.ops.failures import as_own


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.SerializationError("lost"),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.AdminShutdownError("bye"),
        asyncpg.QueryCanceledError("user request"),
        asyncpg.InternalClientError("state 15"),
        asyncpg.DiskFullError("no space left"),
        asyncpg.OutOfMemoryError("out of memory"),
        asyncpg.ConfigurationLimitExceededError("temp_file_limit"),
        asyncpg.TooManyConnectionsError("too many clients already"),
        asyncpg.InvalidCachedStatementError("cached statement plan is invalid"),
        asyncpg.exceptions.IdleInTransactionSessionTimeoutError("terminated"),
        psycopg.errors.DiskFull("no space left"),
        asyncpg.InterfaceError("connection is closed"),
        psycopg.OperationalError("refused\nis it up?"),
        httpx.ConnectError("refused"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
def test_what_may_go_away_is_temporary(error: Exception) -> None:
    own = as_own(error)
    assert isinstance(own, RetryableError)
    assert "\n" not in own.message


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (asyncpg.LockNotAvailableError("lock timeout"), "a table or row of the database is in use"),
        (psycopg.errors.LockNotAvailable("lock timeout"), "a table or row of the database is in use"),
        (psycopg.errors.DeadlockDetected("deadlock"), "a concurrent change won"),
        (psycopg.errors.SerializationFailure("conflict"), "a concurrent change won"),
    ],
)
def test_a_database_whose_rows_are_in_use_is_not_called_unreachable(error: Exception, message: str) -> None:
    own = as_own(error)
    assert isinstance(own, RetryableError)
    assert own.message.startswith(message)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.InsufficientPrivilegeError("permission denied for table users"),
        psycopg.errors.InsufficientPrivilege("permission denied for table users"),
    ],
)
def test_what_a_role_may_not_do_needs_a_person(error: Exception) -> None:
    own = as_own(error)
    assert isinstance(own, StopError)
    assert str(own).startswith(
        "the database refuses: permission denied for table users; connect as a role that"
    )


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ReadOnlySQLTransactionError("cannot execute UPDATE in a read-only transaction"),
        psycopg.errors.ReadOnlySqlTransaction("cannot execute UPDATE in a read-only transaction"),
    ],
)
def test_a_server_that_takes_no_writes_may_take_them_later(error: Exception) -> None:
    own = as_own(error)
    assert isinstance(own, RetryableError)
    assert "read-only transaction; give the server that takes writes in DATABASE_URL" in str(own)


def test_our_own_errors_stay_what_they_are() -> None:
    error = StopError("wrong network")
    assert as_own(error) is error


@pytest.mark.parametrize(
    "error",
    [
        KeyError("bug"),
        asyncpg.UniqueViolationError("twice"),
        PermissionError(),
        asyncpg.InterfaceError("the server expects 4 arguments for this query, 3 were passed"),
        asyncpg.DataError("invalid input for query argument $1"),
    ],
)
def test_nothing_else_is_explained_away(error: Exception) -> None:
    assert as_own(error) is None


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), (["--version"], 0), (["--nope"], 2), ([], 2)]
)
def test_the_command_line_answers_with_codes(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(arguments) == code
    printed = capsys.readouterr()
    assert printed.out or printed.err


def test_tables_are_aligned_and_empty_ones_say_so() -> None:
    assert table([]) == "nothing to list"
    rows: list[dict[str, object]] = [
        {"name": "a", "hash": b"\x01", "n": None},
        {"name": "longer", "hash": b"\xff\x00", "n": 5},
    ]
    assert table(rows).splitlines() == ["name    hash  n", "a       01    -", "longer  ff00  5"]
    assert table(rows, ("n",)) == "n\n-\n5"
