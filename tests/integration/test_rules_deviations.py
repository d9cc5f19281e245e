"""What a document draws otherwise says so, with its reason, on the object itself."""

from __future__ import annotations

import re

import pytest

from tests.support.breaking import refused, run
from tests.support.postgres import DatabaseServer, query
from tests.support.rule_world import NAMES, Connection

COLUMNS = (
    "public.erc_certificates.user_id",
    "public.erc_certificate_transfers.from_user_id",
    "public.erc_certificate_transfers.to_user_id",
    "public.blockchain_transactions.status",
    "public.blockchain_events.processed_at",
    "grid.storage_operations.price_per_unit",
    "monitoring.system_metrics.id",
    "monitoring.transaction_metrics.id",
    "monitoring.grid_health.id",
)
# Columns that a document names and the table has not.
TABLES = {
    "public.erc_certificates": ("vintage_year",),
    "public.blockchain_transactions": (
        "id",
        "program_id",
        "instruction_name",
        "fee",
        "submitted_at",
        "confirmed_at",
        "error_message",
        "created_at",
        "updated_at",
    ),
    "blockchain.account_balances": ("id",),
    "governance.proposals": ("proposer", "voting_deadline", "execution_deadline", "voting_results"),
    "governance.votes": ("voter", "choice", "signature"),
}
# The investment document writes REFERENCES and nothing more.
OTHER_KEYS = """
SELECT conrelid::regclass || '.' || conname, coalesce(obj_description(oid, 'pg_constraint'), '')
  FROM pg_constraint
 WHERE contype = 'f' AND confdeltype <> 'a' AND conparentid = 0 AND conrelid = ANY (ARRAY[
       'investment.user_profiles', 'investment.asset_documents', 'investment.investments',
       'investment.revenue_distributions']::regclass[])
"""
COMMENTS = """
SELECT coalesce(col_description('{0}'::regclass, a.attnum), '') FROM pg_attribute AS a
 WHERE a.attrelid = '{0}'::regclass AND a.attname = '{1}'
"""


def test_another_column_says_why(database_url: str) -> None:
    silent = [
        column
        for column in COLUMNS
        if "Deviation: " not in query(database_url, COMMENTS.format(*column.rsplit(".", 1)))[0][0]
    ]
    assert silent == []


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_column_is_named_with_its_reason(postgres: DatabaseServer, table: str) -> None:
    with postgres.database() as url:
        ((comment,),) = query(url, f"SELECT coalesce(obj_description('{table}'::regclass), '')")
        here = {
            name
            for (name,) in query(
                url, f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass"
            )
        }
    assert "Deviation: " in comment
    assert [name for name in TABLES[table] if name not in re.findall(r"\w+", comment)] == []
    assert here & {*TABLES[table]} == set()


def test_a_key_that_deletes_otherwise_says_why(database_url: str) -> None:
    keys = query(database_url, OTHER_KEYS)
    assert len(keys) == 5
    assert [name for name, comment in keys if "Deviation: " not in comment] == []


@pytest.mark.parametrize(
    "content_id",
    [
        "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA",
        "BAFKREIFJJCIE6LYPI6NY7AMXNFFTAGCLBUXNDQONFIPMB64F2KM2DEVEI4",
        "k2jmtxw8rjh1z69c6not3wtdxb0u3urbzhyll1t9jg6ox26dhi5sfi1m",
        "mAXASIKlIkE8vD0ebj4GXaUswGEsNLtHBzSsewPuF0pmhkpRH",
    ],
)
def test_a_content_id_may_be_written_in_any_base(connection: Connection, content_id: str) -> None:
    document = (
        f"INSERT INTO investment.asset_documents (asset_id, ipfs_hash) VALUES ('{NAMES['asset']}', '{{}}')"
    )
    run(connection, document.format(content_id))
    for broken in (content_id[:-12], f"x{content_id[1:]}", f"{content_id[:-1]} "):
        assert refused(connection, document.format(broken)) == ("23514", "asset_documents_ipfs_hash_check")


@pytest.mark.parametrize(
    ("start", "end"), [("'2026-03-01'", "NULL"), ("NULL", "'2026-01-01'"), ("'2025-12-01'", "NULL")]
)
def test_a_period_without_an_end_goes_on(connection: Connection, start: str, end: str) -> None:
    """January is distributed already."""
    period = (
        "INSERT INTO investment.revenue_distributions (asset_id, period_start, period_end, total_amount)"
        f" VALUES ('{NAMES['asset']}', {{}}, {{}}, 1)"
    )
    overlap = ("23P01", "revenue_distributions_periods_apart")
    if start != "'2026-03-01'":
        assert refused(connection, period.format(start, end)) == overlap
        return
    run(connection, period.format(start, end))
    assert refused(connection, period.format("'2027-01-01'", "'2027-01-31'")) == overlap
    run(connection, period.format("'2026-02-01'", "'2026-02-28'"))
