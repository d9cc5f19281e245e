"""The sample fills every domain, the same way each time, and breaks no rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import StopError, UsageError
from gridtokenx_indexer.store.sample.load import seed_database
from tests.support.postgres import DatabaseServer, query
from tests.support.seed_catalog import SCHEMAS

NOW = datetime.now(UTC) - timedelta(hours=2)
DOMAINS = [schema for schema in SCHEMAS if schema != "indexer"]
TABLES = """
SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


def tables(url: str) -> list[str]:
    return [row[0] for row in query(url, TABLES, (DOMAINS,))]


def fingerprint(url: str, table: str) -> list[tuple[object, ...]]:
    """Rows without when and by which transaction they were written: the sample ends two hours before."""
    fields = (
        "SELECT jsonb_object_agg(key, value)::text FROM jsonb_each_text(to_jsonb(t))"
        " WHERE NOT (value ~ '^20..-..-..T' AND value::timestamptz > now() - interval '1 h')"
        " AND key NOT IN ('seq', 'transaction_id') OR value IS NULL"
    )
    return query(
        url,
        "SELECT count(*), md5(string_agg(r, '' ORDER BY r))"
        f" FROM (SELECT ({fields}) AS r FROM {table} AS t) AS x",
    )


@pytest.fixture(scope="module")
def sample(postgres: DatabaseServer) -> Iterator[str]:
    with postgres.database() as url:
        seed_database(url, scale="small", seed=7, now=NOW)
        yield url


def test_a_dry_run_counts_what_is_then_written(database_url: str) -> None:
    expected = seed_database(database_url, scale="small", seed=7, now=NOW, dry_run=True)
    assert [
        table for table in expected if query(database_url, f"SELECT count(*) FROM {table}") != [(0,)]
    ] == []
    assert seed_database(database_url, scale="small", seed=7, now=NOW) == expected


def test_every_table_of_every_domain_has_rows(sample: str) -> None:
    empty = [table for table in tables(sample) if query(sample, f"SELECT count(*) FROM {table}") == [(0,)]]
    assert empty == []


def test_the_rows_agree_with_one_another(sample: str) -> None:
    assert query(sample, "SELECT * FROM indexer.broken_audit_seals()") == []
    balances = (
        "SELECT (SELECT sum(total_balance) FROM blockchain.account_balances) = (SELECT sum(amount_base_units)"
        " FROM minting_retry_queue WHERE status = 'done'), (SELECT sum((data ->> 'amount')::numeric)"
        " FROM blockchain_events) = (SELECT sum(total_balance) FROM blockchain.account_balances)"
    )
    assert query(sample, balances) == [(True, True)]
    trades = (
        "SELECT count(*), count(*) FILTER (WHERE paid_by_buyer = total_value + fees) FROM trading.api_trades"
    )
    ((count, right),) = query(sample, trades)
    assert count == right > 0
    assert query(sample, "SELECT DISTINCT status FROM trading_orders ORDER BY 1") == [
        ("pending",),
        ("settled",),
    ]
    payouts = (
        "SELECT count(*) FROM investment.revenue_distributions AS d WHERE total_amount <>"
        " (SELECT sum(amount) FROM investment.revenue_payouts AS p WHERE p.distribution_id = d.id)"
    )
    assert query(sample, payouts) == [(0,)]
    assert query(sample, "SELECT count(*) > 0 FROM governance.proposals WHERE status = 'passed'") == [(True,)]


def test_new_rows_come_after_the_given_ids(sample: str) -> None:
    with psycopg.connect(sample) as connection:
        added = connection.execute("INSERT INTO hosting.hosting_sites (name) VALUES ('own') RETURNING id")
        assert added.fetchone() == (4,)
        connection.rollback()


def test_the_same_seed_gives_the_same_rows(postgres: DatabaseServer) -> None:
    with postgres.database() as one, postgres.database() as other, postgres.database() as different:
        for url, seed in ((one, 7), (other, 7), (different, 8)):
            seed_database(url, scale="small", seed=seed, now=NOW)
        for table in tables(one):
            if table not in ("public._sqlx_migrations", "public.audit_logs"):
                assert fingerprint(one, table) == fingerprint(other, table), table
        assert fingerprint(one, "users") != fingerprint(different, "users")


def test_a_database_in_use_is_left_alone(sample: str) -> None:
    with pytest.raises(StopError, match="has users already"):
        seed_database(sample, scale="small", seed=1)
    with pytest.raises(UsageError, match="no scale huge"):
        seed_database(sample, scale="huge", seed=1)
