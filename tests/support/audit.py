"""Sealing in tests: the horizon is the whole server's, so a test beside us may hold it back for a moment."""

from __future__ import annotations

import time

from tests.support.postgres import query

_DEADLINE_S = 60.0


def covered(url: str) -> int:
    """Audit rows under a seal."""
    return int(query(url, "SELECT coalesce(sum(row_count), 0) FROM indexer.audit_seals")[0][0])


def seal_everything(url: str) -> None:
    """Seals until every row written so far is covered."""
    ((rows,),) = query(url, "SELECT count(*) FROM audit_logs")
    deadline = time.monotonic() + _DEADLINE_S
    while covered(url) < rows:
        assert time.monotonic() < deadline, "some transaction has been open on this server for a minute"
        query(url, "SELECT indexer.seal_audit_logs()")
