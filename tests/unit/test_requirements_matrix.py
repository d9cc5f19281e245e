from __future__ import annotations

import pytest

from tests.requirements.matrix import lines, may_not_run
from tests.support.requirements import (
    DOCUMENTS,
    Mark,
    all_requirements,
    expand,
    judge,
    read_requirements,
    read_waiting,
    shorten,
)


def test_every_id_of_the_five_documents_is_listed_once() -> None:
    sizes = {document: len(read_requirements(document)) for document in DOCUMENTS}
    assert sizes == {"S0": 138, "S1": 106, "S2": 93, "S3": 202, "S4": 248}
    assert len(all_requirements()) == 787


def test_a_range_of_ids_keeps_its_leading_zeros() -> None:
    assert expand("S2-H06..08") == ["S2-H06", "S2-H07", "S2-H08"]
    assert expand("S3-C009..010") == ["S3-C009", "S3-C010"]
    assert expand("S3-C009") == ["S3-C009"]


@pytest.mark.parametrize(
    "ids", ["S2-H06..08", "S3-C009..010", "S3-C009", "S2-N02, S2-P01..02, S2-P04", "S4-B08..10, S4-C001", ""]
)
def test_ids_in_a_row_are_shown_as_a_range(ids: str) -> None:
    assert shorten([each for entry in ids.split(", ") if entry for each in expand(entry)]) == ids


def test_every_reason_names_ids_of_a_document() -> None:
    assert {*read_waiting()} <= {*all_requirements()}


def test_an_id_is_proved_by_each_test_that_names_it() -> None:
    matrix = judge({"S0-T01": "table"}, [Mark("S0-T01", "a"), Mark("S0-T01", "b"), Mark("S0-T01", "a")], {})
    assert matrix.proved == {"S0-T01": ["a", "b"]}
    assert matrix.errors == []
    assert matrix.count("S0") == (1, 1)


def test_a_skipped_test_proves_nothing() -> None:
    matrix = judge({"S0-T01": "table"}, [Mark("S0-T01", "a", skipped=True)], {"S0-T01": "a server"})
    assert matrix.proved == {}
    assert matrix.errors == ["a claims S0-T01 but is skipped or may fail"]


@pytest.mark.parametrize(
    ("mark", "may_not"),
    [
        (pytest.mark.skip, True),
        (pytest.mark.xfail, True),
        (pytest.mark.skipif(True, reason="here"), True),
        (pytest.mark.skipif(False, reason="here"), False),
        (pytest.mark.skipif(condition=True, reason="here"), True),
        (pytest.mark.timeout(5), False),
    ],
)
def test_a_test_that_may_not_run_is_told_by_its_marks(mark: pytest.MarkDecorator, may_not: bool) -> None:
    assert may_not_run(mark.mark) is may_not


def test_what_is_printed_tells_ids_tests_reasons_and_counts() -> None:
    texts = {"S0-T01": "one", "S0-T02": "two", "S0-T03": "three", "S4-B01": "four"}
    marks = [Mark("S0-T01", "a"), Mark("S0-T01", "b")]
    reasons = dict.fromkeys(("S0-T02", "S0-T03"), "a store") | {"S4-B01": "backups"}
    assert lines(judge(texts, marks, reasons)) == [
        "id        state   what is asked  <- the test that proves it, or what it waits for",
        "S0-T01    proved  one  <- a (+1)",
        "S0-T02    open    two  <- waits for a store",
        "S0-T03    open    three  <- waits for a store",
        "S4-B01    open    four  <- waits for backups",
        "",
        "3 open, by what they wait for:",
        "    2 a store: S0-T02..03",
        "    1 backups: S4-B01",
        "",
        "proved by a test that fails without it:",
        "  S0 gateway schema         1 of 3",
        "  S1 schema update          0 of 0",
        "  S2 tokenised assets       0 of 0",
        "  S3 mining hosting         0 of 0",
        "  S4 governance community   0 of 1",
        "  all                       1 of 4",
    ]


def test_unknown_ids_missing_reasons_and_stale_reasons_are_errors() -> None:
    matrix = judge(
        {"S0-T01": "one", "S0-T02": "two"},
        [Mark("S0-T01", "a"), Mark("S9-T01", "b")],
        {"S0-T01": "c", "S8-T01": "d"},
    )
    assert matrix.errors == [
        "b claims S9-T01, which no document has",
        "S0-T02 is open and open.toml gives no reason",
        "open.toml names S8-T01, which no document has",
        "open.toml names S0-T01, which is proved",
    ]
    assert matrix.waiting == {"S0-T02": ""}
