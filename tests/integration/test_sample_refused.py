"""A sample goes into an empty database only, whole, and by somebody who may write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gridtokenx_indexer.domain.errors import StopError, UsageError
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.roles import APP, apply_roles
from tests.support.postgres import query
from tests.support.sampling import write_sample, written


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("INSERT INTO users (email) VALUES ('a@example.org')", "public.users"),
        ("INSERT INTO hosting.hosting_sites (name) VALUES ('own')", "hosting.hosting_sites"),
        ("INSERT INTO community.settings (key) VALUES ('own')", "community.settings"),
        (
            "INSERT INTO indexer.cursors (name, genesis_hash, program_id, anchor_slot, head_slot,"
            " head_blockhash, head_block_height, finalized_slot, finalized_blockhash, finalized_block_height,"
            " lease_term)"
            " VALUES ('chain', 'g', 'p', 1, 1, 'h', 1, 1, 'h', 1, 1)",
            "indexer.cursors",
        ),
    ],
    ids=lambda value: value if value.count(".") == 1 and " " not in value else "",
)
async def test_a_database_that_holds_anything_is_left_alone(
    database_url: str, statement: str, table: str
) -> None:
    query(database_url, statement)
    before = written(database_url)
    with pytest.raises(StopError, match=rf"not empty: {table} has rows; give db seed a database of its own"):
        await write_sample(database_url)
    assert written(database_url) == before


async def test_every_table_of_the_sample_is_looked_at(database_url: str) -> None:
    told = await write_sample(database_url)
    looked_at = load("sample")["refuse_filled"]
    own = [table.partition(".")[2] for table in told if table.startswith("public.")]
    assert len(own) > 10
    assert [table for table in own if f"'{table}'" not in looked_at] == []
    schemas = {table.partition(".")[0] for table in told} - {"indexer"}
    assert [schema for schema in schemas if f"'{schema}'" not in looked_at] == []


async def test_what_was_emptied_is_empty(database_url: str) -> None:
    query(database_url, "INSERT INTO users (email) VALUES ('a@example.org')")
    query(database_url, "DELETE FROM users")
    assert query(database_url, "SELECT count(*) FROM audit_logs") == [(2,)]
    assert (await write_sample(database_url))["public.users"] == 60


async def test_two_samples_at_once_do_not_wait_for_each_other(database_url: str) -> None:
    with psycopg.connect(database_url) as first:
        assert first.execute(load("sample")["lock"]).fetchone() == (True,)
        with pytest.raises(StopError, match="another db seed is filling this database; wait for its end"):
            await write_sample(database_url)
    assert written(database_url) == {}


async def test_a_role_without_the_rights_is_told(database_url: str) -> None:
    apply_roles(database_url)
    separator = "&" if "?" in database_url else "?"
    with pytest.raises(StopError, match=r"permission denied .*; seed as the owner of the tables"):
        await write_sample(f"{database_url}{separator}role={APP}")
    assert written(database_url) == {}


async def test_unknown_scales_and_times_to_come_are_refused(database_url: str) -> None:
    with pytest.raises(UsageError, match="there is no scale huge; give one of small, large"):
        await write_sample(database_url, scale="huge")
    with pytest.raises(UsageError, match="is to come; let the sample end in the past"):
        await write_sample(database_url, now=datetime.now(UTC) + timedelta(days=1))
