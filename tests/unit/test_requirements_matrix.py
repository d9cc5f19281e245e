from __future__ import annotations

from tests.support.requirements import DOCUMENTS, Mark, all_requirements, expand, judge, read_requirements


def test_every_id_of_the_five_documents_is_listed_once() -> None:
    sizes = {document: len(read_requirements(document)) for document in DOCUMENTS}
    assert sizes == {"S0": 138, "S1": 106, "S2": 93, "S3": 202, "S4": 248}
    assert len(all_requirements()) == 787


def test_a_range_of_ids_keeps_its_leading_zeros() -> None:
    assert expand("S2-H06..08") == ["S2-H06", "S2-H07", "S2-H08"]
    assert expand("S3-C009..010") == ["S3-C009", "S3-C010"]
    assert expand("S3-C009") == ["S3-C009"]


def test_an_id_is_proved_by_each_test_that_names_it() -> None:
    matrix = judge({"S0-T01": "table"}, [Mark("S0-T01", "a"), Mark("S0-T01", "b"), Mark("S0-T01", "a")], {})
    assert matrix.proved == {"S0-T01": ["a", "b"]}
    assert matrix.errors == []
    assert matrix.count("S0") == (1, 1)


def test_a_skipped_test_proves_nothing() -> None:
    matrix = judge({"S0-T01": "table"}, [Mark("S0-T01", "a", skipped=True)], {"S0-T01": "a server"})
    assert matrix.proved == {}
    assert matrix.errors == ["a claims S0-T01 but is skipped"]


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
