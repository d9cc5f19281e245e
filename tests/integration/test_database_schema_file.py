"""`sql/schema.sql` is what the migrations make, and `db verify` notices when a database is not."""

from __future__ import annotations

import pytest

from gridtokenx_indexer.store.db_verify import verify_database
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.schema_dump import HEADER, dump_schema, normalise, shipped_schema
from tests.support.postgres import query

COMPARABLE = "SELECT current_setting('server_version_num')::int / 10000"


def test_schema_file_is_what_the_migrations_make(database_url: str) -> None:
    if query(database_url, COMPARABLE) == [(18,)]:
        assert dump_schema(database_url) == shipped_schema(), "run: make schema"
    else:
        (text,) = [each for each in verify_database(database_url) if each.name == "schema_matches_release"]
        assert (text.ok, text.detail) == (True, "compared on PostgreSQL 18 only")


def test_partitions_do_not_show(database_url: str) -> None:
    before = dump_schema(database_url)
    query(database_url, "SELECT indexer.ensure_partition('meter_readings', now())")
    query(database_url, "SELECT indexer.ensure_partition('blockchain_events', 7)")
    assert dump_schema(database_url) == before


def test_normalised_text_keeps_objects_and_drops_what_differs_between_runs() -> None:
    raw = (
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n-- Dumped from database version 18.6\n"
        "SET row_security = off;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n\n"
        "--\n-- Name: t; Type: TABLE; Schema: public; Owner: ann\n--\n\n"
        "CREATE TABLE public.t (\n    id int\n);\n\n"
        "\\unrestrict abc\n"
    )
    assert normalise(raw) == HEADER + (
        "-- Name: t; Type: TABLE; Schema: public\n\nCREATE TABLE public.t (\n    id int\n);\n"
    )


def test_verify_is_content_with_a_fresh_database(database_url: str) -> None:
    assert [check for check in verify_database(database_url) if not check.ok] == []


@pytest.mark.parametrize(
    ("damage", "check", "words"),
    [
        ("DROP INDEX idx_users_email_verified", "schema_matches_release", "idx_users_email_verified"),
        (
            "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 2",
            "migrations_match_files",
            "0002_users",
        ),
        ("DELETE FROM _sqlx_migrations WHERE version = 3", "migrations_applied", "pending: 3"),
        (
            "INSERT INTO _sqlx_migrations SELECT 900, 'later', now(), true, '', 1",
            "migrations_match_files",
            "newer",
        ),
    ],
)
def test_verify_names_what_differs(database_url: str, damage: str, check: str, words: str) -> None:
    if check == "schema_matches_release" and query(database_url, COMPARABLE) != [(18,)]:
        pytest.skip("the text is compared on 18 only; test_schema_catalogue compares here")
    query(database_url, damage)
    failed = {each.name: each.detail for each in verify_database(database_url) if not each.ok}
    assert words in failed[check]


def test_verify_of_an_empty_database_lists_all_as_pending(empty_database_url: str) -> None:
    failed = {each.name: each.detail for each in verify_database(empty_database_url) if not each.ok}
    assert failed["migrations_applied"].startswith("pending: 1, 2, 3")
    migrate(empty_database_url)
    assert [each for each in verify_database(empty_database_url) if not each.ok] == []
