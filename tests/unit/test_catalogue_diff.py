"""Two catalogues are compared object by object, and what hangs on a missing one is not listed beside it."""

from __future__ import annotations

from gridtokenx_indexer.store.catalogue_diff import Catalogue, ObjectId, differences

RELEASE: Catalogue = {
    ObjectId("schema", "crm"): "",
    ObjectId("table", "crm.leads"): "",
    ObjectId("comment", "table crm.leads"): "Those who asked.",
    ObjectId("column", "crm.leads.id"): "bigint not null",
    ObjectId("comment", "column crm.leads.id"): "By the database.",
    ObjectId("index", "crm.leads.leads_pkey"): "CREATE UNIQUE INDEX ...",
    ObjectId("table", "crm.leads_old"): "",
    ObjectId("extension", "cube"): "in public",
    ObjectId("function", "crm.score(a integer, b text)"): "() body 1",
}


def lines(found: Catalogue) -> list[str]:
    return [str(one) for one in differences(RELEASE, found)]


def without(*names: ObjectId) -> Catalogue:
    return {one: text for one, text in RELEASE.items() if one not in names}


def test_equal_catalogues_have_no_differences() -> None:
    assert lines(RELEASE) == []


def test_each_object_is_named_with_its_text() -> None:
    found = {
        **without(ObjectId("index", "crm.leads.leads_pkey")),
        ObjectId("column", "crm.leads.id"): "integer",
        ObjectId("column", "crm.leads.more"): "text",
    }
    assert lines(found) == [
        "different column crm.leads.id: is integer, should be bigint not null",
        "missing index crm.leads.leads_pkey: CREATE UNIQUE INDEX ...",
        "extra column crm.leads.more: text",
    ]


def test_a_missing_table_stands_for_all_that_it_had_but_not_for_its_namesakes() -> None:
    found = {one: text for one, text in RELEASE.items() if "crm.leads" not in one.name}
    assert lines(found) == ["missing table crm.leads", "missing table crm.leads_old"]


def test_a_missing_schema_stands_for_all_that_it_had() -> None:
    assert lines({ObjectId("extension", "cube"): "in public"}) == ["missing schema crm"]


def test_an_extra_table_stands_for_all_that_it_has() -> None:
    found = {
        **RELEASE,
        ObjectId("table", "crm.notes"): "",
        ObjectId("column", "crm.notes.id"): "text",
        ObjectId("comment", "table crm.notes"): "Mine.",
    }
    assert lines(found) == ["extra table crm.notes"]


def test_comments_are_compared_beside_what_they_describe() -> None:
    found = {
        **without(ObjectId("comment", "table crm.leads")),
        ObjectId("comment", "column crm.leads.id"): "Mine.",
    }
    assert lines(found) == [
        "missing comment table crm.leads: Those who asked.",
        "different comment column crm.leads.id: is Mine., should be By the database.",
    ]


def test_more_extensions_are_the_server_owner_s_choice_and_missing_ones_are_not() -> None:
    found = {**without(ObjectId("extension", "cube")), ObjectId("extension", "citext"): "in public"}
    assert lines(found) == ["missing extension cube: in public"]


def test_hypertables_may_be_cut_and_guarded_by_timescaledb_and_differ_in_nothing_else() -> None:
    table, column = (
        ObjectId("table", "investment.weather_data"),
        ObjectId("column", "investment.weather_data.x"),
    )
    index = ObjectId("index", "investment.weather_data.by_x")
    lost = ObjectId("index", "investment.weather_data.by_y")
    trigger = ObjectId("trigger", "investment.weather_data.ts_insert_blocker")
    release = {
        table: "partition by RANGE (time)",
        column: "text",
        index: "CREATE INDEX by_x ON ONLY investment.weather_data USING btree (x)",
        lost: "CREATE INDEX by_y ON ONLY investment.weather_data",
    }
    found = {
        table: "",
        column: "integer",
        index: "CREATE INDEX by_x ON investment.weather_data USING btree (x)",
        trigger: "CREATE TRIGGER ...",
    }
    assert [str(one) for one in differences(release, found, hypertables=True)] == [
        "missing index investment.weather_data.by_y: CREATE INDEX by_y ON investment.weather_data",
        "different column investment.weather_data.x: is integer, should be text",
    ]
    assert len(differences(release, found)) == 5
