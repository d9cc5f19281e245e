"""Indexes, unique keys, extensions and types that the later documents name."""

from __future__ import annotations

import pytest

from tests.support.postgres import DatabaseServer, query
from tests.support.seed_cases import case, located, matches
from tests.support.seed_catalog import SeedCatalog

TWELVE = (
    "public.users",
    "community.profiles",
    "community.wallets",
    "community.tokens",
    "community.user_tokens",
    "governance.proposals",
    "governance.votes",
    "governance.comments",
    "community.notifications",
    "community.transactions",
    "public.audit_logs",
    "community.settings",
)
"""The tables behind the twelve of the community document."""
NAMED = {
    "S2-X01": ("public.idx_users_email", "public.users", ("email",)),
    "S2-X02": ("public.idx_users_wallet", "public.users", ("wallet_address",)),
    "S2-X03": ("investment.idx_assets_location", "investment.assets", (None,)),
    "S2-X04": ("investment.idx_assets_status", "investment.assets", ("status",)),
    "S2-X05": ("investment.idx_investments_user", "investment.investments", ("user_id",)),
    "S2-X06": ("investment.idx_investments_asset", "investment.investments", ("asset_id",)),
    "S2-X07": ("investment.idx_production_asset_time", "investment.energy_production", ("asset_id", "time")),
    "S2-X08": ("investment.idx_weather_asset_time", "investment.weather_data", ("asset_id", "time")),
}
HOSTING = {
    "S3-X01": ("hosting.miner_telemetry", ("miner_id", "recorded_at"), False),
    "S3-X02": ("hosting.hosting_miners", ("serial_number",), True),
    "S3-X03": ("public.users", ("email",), True),
    "S3-X04": ("hosting.curtailment_plans", ("status", "scheduled_time"), False),
}
COMPOSITE = {
    "S4-X35": ("community.user_tokens", ("user_id", "token_id")),
    "S4-X36": ("governance.votes", ("proposal_id", "voter_id")),
    "S4-X37": ("governance.comments", ("proposal_id", "created_at")),
    "S4-X38": ("community.notifications", ("user_id", "is_read")),
    "S4-X39": ("community.user_tokens", ("voting_power",)),
    "S4-X40": ("governance.proposals", ("status",)),
}
CHECKS = {
    "S4-K07": ("public.users.role", ["user", "moderator", "admin"]),
    "S4-K08": ("governance.votes.vote_type", ["yes", "no", "abstain"]),
    "S4-K09": ("governance.proposals.status", ["draft", "active", "passed", "rejected", "expired"]),
    "S4-K10": ("community.transactions.type", ["deposit", "withdrawal", "transfer", "vote"]),
}


def behind(table: str) -> str:
    """The table that a view of the community shows."""
    shown = {"community.users": "public.users", "community.audit_logs": "public.audit_logs"}
    return shown.get(table, table)


def per_table() -> list[tuple[str, str, tuple[str, ...], bool]]:
    rows = []
    for identity, found in matches("S4", "X", r"(\w+): ([\w +]+?)(?: \((.*)\))?|.*"):
        if found.group(1) is not None:
            columns = tuple(found.group(2).split(" + "))
            rows.append(
                (identity, behind(located("S4", found.group(1))), columns, found.group(3) == "unique")
            )
    return rows


@pytest.mark.parametrize(
    ("name", "table", "columns"), [case(identity, *values) for identity, values in NAMED.items()]
)
def test_named_index(seeds: SeedCatalog, name: str, table: str, columns: tuple[str | None, ...]) -> None:
    index = seeds.indexes[name]
    assert (index.table, index.columns, index.partial) == (table, columns, None)
    assert index.method == ("gist" if columns == (None,) else "btree")
    if columns == (None,):
        assert "ll_to_earth(location_lat, location_lon)" in index.definition
    if columns[-1] == "time":
        assert index.definition.endswith('(asset_id, "time" DESC)')


@pytest.mark.parametrize(
    ("table", "columns", "unique"), [case(identity, *values) for identity, values in HOSTING.items()]
)
def test_hosting_index(seeds: SeedCatalog, table: str, columns: tuple[str, ...], unique: bool) -> None:
    names = seeds.index_starting_with(table, *columns)
    assert [name for name in names if seeds.indexes[name].columns == columns]
    assert seeds.unique(table, *columns) is unique


@pytest.mark.parametrize(("table", "columns", "unique"), [case(*row) for row in per_table()])
def test_community_index(seeds: SeedCatalog, table: str, columns: tuple[str, ...], unique: bool) -> None:
    assert seeds.index_starting_with(table, *columns)
    if unique:
        assert seeds.unique(table, *columns)


def test_all_31_indexes_per_table_are_covered() -> None:
    assert [row[0] for row in per_table()] == [f"S4-X{number:02}" for number in range(1, 32)]


@pytest.mark.parametrize(
    ("table", "columns"), [case(identity, *values) for identity, values in COMPOSITE.items()]
)
def test_composite_and_performance_index(seeds: SeedCatalog, table: str, columns: tuple[str, ...]) -> None:
    names = seeds.index_starting_with(table, *columns)
    assert [name for name in names if seeds.indexes[name].columns == columns]


@pytest.mark.requirement("S4-X41", "S4-Y12")
def test_created_at_is_indexed_on_all_twelve_tables(seeds: SeedCatalog) -> None:
    bare = [table for table in TWELVE if not seeds.index_starting_with(table, "created_at")]
    assert bare == []


@pytest.mark.requirement("S4-X42")
def test_voting_times_are_indexed(seeds: SeedCatalog) -> None:
    for column in ("voting_start", "voting_end"):
        assert seeds.index_starting_with("governance.proposals", column)


@pytest.mark.requirement("S4-Y02", "S4-Y03")
def test_ids_of_the_community_are_drawn_at_random(seeds: SeedCatalog) -> None:
    defaults = {table: seeds.columns[f"{table}.id"].default for table in TWELVE}
    assert defaults == dict.fromkeys(TWELVE, "gen_random_uuid()")


@pytest.mark.requirement("S4-X32", "S4-Y01")
def test_every_community_table_has_a_uuid_as_its_id(seeds: SeedCatalog) -> None:
    for table in TWELVE:
        assert seeds.columns[f"{table}.id"].kind == "uuid"
        assert {*seeds.primary_keys[table]} == seeds.key_columns(table, "id")
        if seeds.tables[table].cut is not None:
            name = f"{table.rpartition('.')[2]}_pkey"
            assert "Deviation: " in seeds.key_comments[table, name]
    keys = [key for key in seeds.foreign_keys if key.table in TWELVE]
    kinds = {seeds.columns[f"{key.table}.{column}"].kind for key in keys for column in key.columns}
    assert kinds == {"uuid"}


@pytest.mark.requirement("S4-X33", "S1-X02")
def test_every_foreign_key_has_an_index(seeds: SeedCatalog) -> None:
    assert len(seeds.foreign_keys) > 70
    bare = [
        key
        for key in seeds.foreign_keys
        if not any(
            index.table == key.table
            and set(index.columns[: len(key.columns)]) == set(key.columns)
            and index.partial in (None, f"({key.columns[0]} IS NOT NULL)")
            for index in seeds.indexes.values()
        )
    ]
    assert bare == []


@pytest.mark.requirement("S4-X34")
def test_every_unique_key_of_the_community_has_its_index(seeds: SeedCatalog) -> None:
    for table, column in (
        ("public.users", "email"),
        ("public.users", "username"),
        ("community.wallets", "address"),
        ("community.tokens", "symbol"),
        ("community.tokens", "contract_address"),
        ("community.settings", "key"),
    ):
        assert any(
            index.unique and index.columns == (column,) and index.table == table
            for index in seeds.indexes.values()
        )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        case(identity, behind(located("S4", found.group(2))), found.group(1))
        for identity, found in matches("S4", "K", r"unique constraints: (\w+) on (\w+)|.*")
        if found.group(1)
    ],
)
def test_unique_key(seeds: SeedCatalog, table: str, column: str) -> None:
    assert seeds.unique(table, column)


@pytest.mark.parametrize(
    ("column", "words"), [case(identity, *values) for identity, values in CHECKS.items()]
)
def test_words_of_a_check(seeds: SeedCatalog, column: str, words: list[str]) -> None:
    assert seeds.words(column) == words


@pytest.mark.parametrize("names", [case("S2-E01", ()), case("S2-E02", ("cube", "earthdistance"))])
def test_what_the_ddl_calls_is_there(
    seeds: SeedCatalog, postgres: DatabaseServer, names: tuple[str, ...]
) -> None:
    assert seeds.extensions.issuperset(names)
    call = "ll_to_earth(47.5, 19.05)" if names else "uuid_generate_v4()"
    with postgres.database() as url:
        assert query(url, f"SELECT {call} IS NOT NULL") == [(True,)]
        if not names:
            assert query(url, "SELECT count(DISTINCT uuid_generate_v4()) FROM generate_series(1, 9)") == [
                (9,)
            ]


@pytest.mark.requirement("S4-Y04", "S4-Y05")
def test_decimals_of_the_community_keep_18_places(seeds: SeedCatalog) -> None:
    kinds = {
        located("S4", found.group(1)) + "." + found.group(2): None
        for _, found in matches("S4", "C", r"(\w+)\.(\w+): (\w+).*")
        if found.group(3) == "decimal"
    }
    assert len(kinds) == 9
    assert {seeds.columns[name].kind for name in kinds} == {"numeric(38,18)"}


@pytest.mark.requirement("S4-Y07", "S4-Y09")
def test_json_of_the_community_is_indexed(seeds: SeedCatalog) -> None:
    json_columns = [
        located("S4", found.group(1)) + "." + found.group(2)
        for _, found in matches("S4", "C", r"(\w+)\.(\w+): (\w+).*")
        if found.group(3) == "json" and found.group(1) != "audit_logs"
    ]
    assert len(json_columns) == 4
    for name in json_columns:
        table, _, column = name.rpartition(".")
        assert seeds.columns[name].kind == "jsonb"
        assert any(
            index.table == table and index.columns == (column,) and index.method == "gin"
            for index in seeds.indexes.values()
        )


@pytest.mark.requirement("S4-Y10")
def test_every_community_table_has_both_times(seeds: SeedCatalog) -> None:
    for table in TWELVE:
        assert seeds.columns[f"{table}.created_at"].not_null
        assert seeds.columns[f"{table}.created_at"].default in ("now()", "CURRENT_TIMESTAMP")
        if table == "public.audit_logs":
            assert f"{table}.updated_at" not in seeds.columns
            assert "Deviation: no updated_at" in seeds.tables[table].comment
        else:
            assert seeds.columns[f"{table}.updated_at"].not_null
            assert (
                seeds.columns[f"{table}.updated_at"].default == seeds.columns[f"{table}.created_at"].default
            )
