"""Definitions that mean the same are equal, whatever server printed them; others stay different."""

from __future__ import annotations

import pytest

from gridtokenx_indexer.store.catalogue_text import normal, normal_view


@pytest.mark.parametrize(
    ("ours", "restored"),
    [
        (
            "CHECK ((s = ANY ((ARRAY['it''s'::character varying, 'b'::character varying])::text[])))",
            "CHECK ((s = ANY (ARRAY[('it''s'::character varying)::text, ('b'::character varying)::text])))",
        ),
        ("CHECK ((((a > 0) AND (b > 0)) AND (c > 0)))", "CHECK (((a > 0) AND (b > 0) AND (c > 0)))"),
        ("WHEN (((a OR (b OR c)) OR d))", "WHEN ((a OR b OR c OR d))"),
        ("CASE\n        WHEN a THEN 1\n    END", "CASE WHEN a THEN 1 END"),
    ],
)
def test_what_a_restore_changes_is_no_difference(ours: str, restored: str) -> None:
    assert normal(ours) == normal(restored)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CHECK ((a AND (b OR c)))", "CHECK (((a AND b) OR c))"),
        ("CHECK ((NOT (a AND b)))", "CHECK (((NOT a) AND b))"),
        ("((a + b) * c)", "(a + (b * c))"),
        ("'two  spaces'", "'two spaces'"),
        ("'(a AND (b AND c))'", "'(a AND b AND c)'"),
        ("'UPPER'::text", "'upper'::text"),
        ('"Quoted".x', "quoted.x"),
        ("ANY (ARRAY[('a'::character varying)::text])", "ANY (ARRAY[('b'::character varying)::text])"),
    ],
)
def test_what_means_something_else_stays_different(one: str, other: str) -> None:
    assert normal(one) != normal(other)
    assert normal_view(one) != normal_view(other)


@pytest.mark.parametrize(
    ("before_16", "since_16"),
    [
        (
            " SELECT users.id,\n    users.email\n   FROM public.users;",
            " SELECT id,\n    email\n   FROM public.users;",
        ),
        (
            "SELECT c.id FROM governance.comments c WHERE c.x;",
            "SELECT id FROM governance.comments c WHERE x;",
        ),
        (
            "SELECT u.n FROM unnest(ARRAY[1]) u(n) ORDER BY u.n;",
            "SELECT n FROM unnest(ARRAY[1]) u(n) ORDER BY n;",
        ),
        (
            'SELECT t."time", ( SELECT max(o.y) FROM other o WHERE (o.id = t.id)) FROM investment.t;',
            'SELECT "time", ( SELECT max(o.y) FROM other o WHERE (o.id = t.id)) FROM investment.t;',
        ),
    ],
)
def test_a_view_of_one_table_may_name_it_before_its_columns(before_16: str, since_16: str) -> None:
    assert normal_view(before_16) == normal_view(since_16)


@pytest.mark.parametrize(
    "view",
    [
        "SELECT a.id, b.id FROM (a JOIN b ON ((a.x = b.x)));",
        "SELECT a.id FROM a, b WHERE (a.id = b.id);",
        "SELECT a.id FROM a UNION ALL SELECT b.id FROM b;",
        "SELECT 1;",
    ],
)
def test_names_before_columns_stay_where_there_are_several_tables(view: str) -> None:
    assert normal_view(view) == normal(view)


def test_text_in_quotes_is_kept_where_a_table_s_name_is_taken_away() -> None:
    assert (
        normal_view("SELECT 'users.id' AS x FROM public.users;")
        == "SELECT 'users.id' AS x FROM public.users;"
    )
