"""Reads what the retention plan needs and carries out its deletions; what is to be archived stays."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from psycopg import sql

from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.retention_plan import (
    RULES,
    Action,
    Disposal,
    ExistingPartition,
    RetentionRule,
    RetentionStep,
    plan_retention,
)
from gridtokenx_indexer.store.sync_connection import SyncConnection, connect

log = logging.getLogger(__name__)

_APPLICATION = "gridtokenx-retention"
_BATCH_ROWS = 10_000
"""Rows per transaction: a deletion of years must not hold one snapshot for hours."""


def retention_plan(url: str, *, now: datetime | None = None) -> tuple[RetentionStep, ...]:
    """The plan for this database at `now` (default: its own clock); changes nothing."""
    queries = load("retention")
    with connect(url, application_name=_APPLICATION) as connection:
        moment = now or connection.execute(queries["now"]).fetchall()[0][0]
        cut = [rule.table for rule in RULES if rule.disposal is Disposal.ARCHIVE_PARTITIONS]
        # Nothing is archived until there is an archive, so nothing is dropped.
        partitions = [
            ExistingPartition(table, name, upper, archived=False)
            for table, name, upper in connection.execute(queries["partitions"], (cut,)).fetchall()
        ]
        oldest = {}
        for rule in RULES:
            if rule.disposal in (Disposal.ARCHIVE_ROWS, Disposal.DELETE_ROWS):
                found = connection.execute(_oldest(rule)).fetchone()
                if found is not None and found[0] is not None:
                    oldest[rule.table] = found[0]
    return plan_retention(RULES, now=moment, partitions=partitions, oldest=oldest)


def delete_expired(url: str, plan: Sequence[RetentionStep]) -> dict[str, int]:
    """Carries out the deletions of a plan, in batches; returns the number of rows by table.

    Rows that somebody else is changing are left to the next time.
    """
    rules = {rule.table: rule for rule in RULES}
    deleted = {}
    with connect(url, application_name=_APPLICATION) as connection:
        connection.execute(load("retention")["wait_briefly"])
        for step in plan:
            if step.action is Action.DELETE and step.before is not None:
                deleted[step.table] = _delete(connection, rules[step.table], step.before)
                log.info("rows_expired", extra={"table": step.table, "rows": deleted[step.table]})
    return deleted


def _parts(rule: RetentionRule) -> dict[str, sql.Composable]:
    return {
        "table": sql.Identifier(*rule.table.split(".")),
        "column": sql.Identifier(rule.column),
        "only": sql.SQL(rule.only),
    }


def _oldest(rule: RetentionRule) -> sql.Composed:
    return sql.SQL(load("retention")["oldest"]).format(**_parts(rule))


def _delete(connection: SyncConnection, rule: RetentionRule, before: datetime) -> int:
    statement = sql.SQL(load("retention")["delete_batch"]).format(**_parts(rule))
    total = 0
    while True:
        count = connection.execute(statement, (before, _BATCH_ROWS)).rowcount
        total += count
        if count < _BATCH_ROWS:
            return total
