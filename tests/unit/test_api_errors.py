"""What a failure of the database becomes for whoever asked."""

from __future__ import annotations

from typing import Any, cast

import asyncpg
import pytest

from gridtokenx_indexer.api.errors import AnyRequest, on_any_error


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
        asyncpg.DiskFullError("no space left"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        TimeoutError(),
    ],
)
def test_a_database_that_cannot_work_now_is_unavailable(error: Exception) -> None:
    answer = on_any_error(cast(AnyRequest, cast(Any, None)), error)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.content.error.code == "unavailable"
