"""The shipped pictures of the schema are what the migrations make, and `db verify` reads the ledger too."""

from __future__ import annotations

import re

import psycopg
import pytest

from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.store.catalogue import catalogue_file
from gridtokenx_indexer.store.db_verify import verify_database
from gridtokenx_indexer.store.migrate import migrate
from gridtokenx_indexer.store.schema_dump import HEADER, dump_schema, normalise
from tests.support.audit import seal_everything
from tests.support.postgres import DatabaseServer, query

SERVER_MAJOR = "SELECT current_setting('server_version_num')::int / 10000"
TEXT_OF = 18
"""pg_dump words a schema by the server's version; the shipped text is of this one."""


def shipped(file: str) -> str:
    return resource(f"sql/{file}").read_text(encoding="utf-8")


def test_catalogue_file_is_what_the_migrations_make(database_url: str) -> None:
    assert catalogue_file(database_url) == shipped("catalogue.jsonl"), "run: make schema"


def test_schema_file_makes_what_the_migrations_make(postgres: DatabaseServer, database_url: str) -> None:
    if query(database_url, SERVER_MAJOR) == [(TEXT_OF,)]:
        assert dump_schema(database_url) == shipped("schema.sql"), "run: make schema"
    with postgres.database(migrated=False) as url:
        # As in a dump, functions may name tables that come later in the text.
        query(url, "SET check_function_bodies = off; SET search_path = '';\n" + shipped("schema.sql"))
        assert catalogue_file(url) == shipped("catalogue.jsonl")


def test_partitions_do_not_show(database_url: str) -> None:
    before = dump_schema(database_url), catalogue_file(database_url)
    query(database_url, "SELECT indexer.ensure_partition('meter_readings', now())")
    query(database_url, "SELECT indexer.ensure_partition('blockchain_events', 7)")
    assert (dump_schema(database_url), catalogue_file(database_url)) == before


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
    checks = verify_database(database_url)
    assert [check for check in checks if not check.ok] == []
    assert [check.name for check in checks] == [
        "migrations_match_files",
        "migrations_applied",
        "migrations_in_sequence",
        "schema_matches_release",
        "audit_seals_hold",
    ]


@pytest.mark.parametrize(
    ("damage", "check", "words"),
    [
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
def test_verify_names_what_differs_in_the_ledger(
    database_url: str, damage: str, check: str, words: str
) -> None:
    query(database_url, damage)
    failed = {each.name: each.detail for each in verify_database(database_url) if not each.ok}
    assert words in failed[check]


def test_a_file_changed_later_does_not_hide_changed_objects(database_url: str) -> None:
    query(
        database_url,
        "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 2; DROP VIEW api_certificates",
    )
    failed = {each.name for each in verify_database(database_url) if not each.ok}
    assert failed == {"migrations_match_files", "schema_matches_release"}


def test_verify_of_an_empty_database_lists_all_as_pending(empty_database_url: str) -> None:
    failed = {each.name: each.detail for each in verify_database(empty_database_url) if not each.ok}
    assert failed["migrations_applied"].startswith("pending: 1, 2, 3")
    migrate(empty_database_url)
    assert [each for each in verify_database(empty_database_url) if not each.ok] == []


def test_verify_names_a_broken_seal(database_url: str) -> None:
    query(database_url, "INSERT INTO users (email) VALUES ('a@example.org')")
    seal_everything(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM audit_logs")
    failed = {check.name: check.detail for check in verify_database(database_url) if not check.ok}
    assert failed.keys() == {"audit_seals_hold"}
    assert re.fullmatch(r"seal 1: row \S+ is gone", failed["audit_seals_hold"])
