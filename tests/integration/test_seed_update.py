"""The schema update document (blockchain, trading, grid, monitoring): columns, types, checks, indexes."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from gridtokenx_indexer.decode.facts import EventSource, SupplyKind
from gridtokenx_indexer.decode.watch import WatchKind
from gridtokenx_indexer.domain.statuses.columns import STATUS_COLUMNS
from gridtokenx_indexer.market.clearing.book import Side
from gridtokenx_indexer.market.clearing.result import MarginalSide
from gridtokenx_indexer.market.clearing.rules import Rationing
from gridtokenx_indexer.market.epochs import EpochStatus
from gridtokenx_indexer.mint.status import ErrorClass, OperationStatus
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.tx.lifecycle import AttemptStatus
from tests.support.postgres import DatabaseServer, query
from tests.support.seed_cases import case
from tests.support.seed_catalog import ForeignKey, SeedCatalog

SCHEMAS = ("blockchain", "trading", "grid", "monitoring", "governance")
TOKENS = "numeric(78,0)"
ENERGY = "numeric(15,6)"
JSON = "jsonb"
TEXT = re.compile(r"character varying(\(\d+\))?|text")
COLUMNS = {
    "S1-C001": ("blockchain.account_balances.account_id", "character varying(100)"),
    "S1-C002": ("blockchain.account_balances.total_balance", TOKENS),
    "S1-C003": ("blockchain.account_balances.nonce", "bigint"),
    "S1-C004": ("blockchain.account_balances.energy_balances", JSON),
    "S1-C005": ("trading.trades.buyer_id", "uuid"),
    "S1-C006": ("trading.trades.seller_id", "uuid"),
    "S1-C007": ("trading.trades.grid_fee", "numeric(24,6)"),
    "S1-C008": ("trading.trades.carbon_offset", ENERGY),
    "S1-C009": ("trading.trades.energy_amount", ENERGY),
    "S1-C010": ("trading.trades.executed_at", "timestamp with time zone"),
    "S1-C012": ("grid.energy_production.producer_id", "character varying(100)"),
    "S1-C013": ("grid.energy_production.energy_amount", ENERGY),
    "S1-C014": ("grid.energy_production.energy_source", "character varying(20)"),
    "S1-C015": ("grid.energy_production.verified", "boolean"),
    "S1-C016": ("grid.energy_production.timestamp", "timestamp with time zone"),
    "S1-C017": ("grid.energy_consumption.consumer_type", "character varying(20)"),
    "S1-C018": ("grid.energy_consumption.appliance_breakdown", JSON),
    "S1-C019": ("monitoring.grid_health.grid_code", "character varying(20)"),
    "S1-C020": ("monitoring.grid_health.health_score", "numeric(5,4)"),
    "S1-C021": ("monitoring.grid_health.congestion_level", "character varying(20)"),
    "S1-C022": ("monitoring.grid_health.recorded_at", "timestamp with time zone"),
    "S1-C023": ("grid.locations.location_data", JSON),
    "S1-C024": ("grid.locations.coordinates", "point"),
    "S1-C025": ("grid.locations.grid_code", "character varying(20)"),
}
ENERGY_COLUMNS = (
    "public.erc_certificates.energy_amount",
    "public.generation_claims.energy_amount",
    "public.meter_readings.energy_consumed",
    "public.meter_readings.energy_generated",
    "public.order_matches.matched_amount",
    "public.settlements.energy_amount",
    "public.trading_orders.energy_amount",
    "public.trading_orders.filled_amount",
    "trading.trades.carbon_offset",
    "trading.trades.energy_amount",
    "grid.carbon_credits.energy_amount",
    "grid.carbon_credits.offset_amount",
    "grid.energy_consumption.energy_amount",
    "grid.energy_production.energy_amount",
    "grid.energy_storage.capacity_mwh",
    "grid.energy_storage.current_charge",
    "grid.storage_operations.energy_amount",
    "blockchain.registered_consumers.avg_consumption_kwh",
    "blockchain.registered_consumers.peak_demand_kw",
    "blockchain.registered_producers.capacity_kw",
    "monitoring.grid_health.energy_flow_in",
    "monitoring.grid_health.energy_flow_out",
    "monitoring.transaction_metrics.energy_traded",
)
ENERGY_NAME = re.compile(r"energy|(?<!_per)_(kwh|mwh|kw)$|offset|charge|matched_amount|filled_amount")
PRICES = (
    "public.market_epoch_zones.clearing_price",
    "public.market_epochs.clearing_price",
    "public.trading_orders.price_per_kwh",
    "public.order_matches.match_price",
    "public.settlements.price_per_kwh",
    "trading.trades.price_per_unit",
    "grid.storage_operations.price_per_unit",
)
RATES = (
    "indexer.fee_schedules.grid_fee_per_kwh",
    "indexer.fee_schedules.wheeling_per_kwh",
    "indexer.market_rules.price_cap",
    "indexer.market_rules.price_floor",
    "indexer.market_rules.price_tick",
    "public.market_epoch_zones.grid_fee_per_kwh",
    "public.market_epoch_zones.price_cap",
    "public.market_epoch_zones.price_floor",
    "public.market_epoch_zones.price_tick",
    "public.market_epoch_zones.wheeling_per_kwh",
)
"""What prices are made of or bounded by."""


@pytest.mark.parametrize(
    ("column", "kind"), [case(identity, *values) for identity, values in COLUMNS.items()]
)
def test_column(seeds: SeedCatalog, column: str, kind: str) -> None:
    assert seeds.columns[column].kind == kind


@pytest.mark.requirement("S1-C011")
def test_a_trade_can_be_settled(seeds: SeedCatalog) -> None:
    assert seeds.columns["trading.trades.settlement_status"].kind == "character varying(20)"
    assert "settled" in (seeds.words("trading.trades.settlement_status") or ())


def stored(seeds: SeedCatalog, schemas: tuple[str, ...]) -> dict[str, str]:
    """Columns of the tables there, with their types."""
    return {
        name: column.kind
        for name, column in seeds.columns.items()
        if name.startswith(schemas) and seeds.tables[name.rpartition(".")[0]].relation != "view"
    }


@pytest.mark.requirement("S1-K01", "S1-Y01")
def test_no_energy_amount_is_missing_below(seeds: SeedCatalog) -> None:
    amounts = {
        name
        for name, kind in stored(
            seeds, ("public.", "trading.", "grid.", "blockchain.", "monitoring.")
        ).items()
        if kind.startswith(("numeric", "double", "real")) and ENERGY_NAME.search(name.rpartition(".")[2])
    }
    # Base units count tokens, and a lot is what amounts are multiples of.
    others = {name for name in amounts if name.endswith(("_base_units", ".lot_kwh"))}
    assert amounts - others <= {*ENERGY_COLUMNS}


@pytest.mark.requirement("S1-K01")
@pytest.mark.parametrize("column", ENERGY_COLUMNS)
def test_an_energy_amount_has_a_check(seeds: SeedCatalog, column: str) -> None:
    table, _, name = column.rpartition(".")
    texts = [text for (owner, _), text in seeds.checks.items() if owner == table]
    assert any(re.search(rf"\b{name} >=? \(?0\b", text) for text in texts)
    # NaN is above every number, so that a lower bound lets it pass.
    assert any(re.search(rf"\b{name}\b[^<>]*(<> 'NaN'|<= )", text) for text in texts)


@pytest.mark.requirement("S1-Y01")
def test_energy_has_15_digits_with_6_decimals(seeds: SeedCatalog) -> None:
    assert {name: seeds.columns[name].kind for name in ENERGY_COLUMNS} == dict.fromkeys(
        ENERGY_COLUMNS, ENERGY
    )


@pytest.mark.requirement("S1-Y02")
def test_token_balances_have_78_digits(seeds: SeedCatalog) -> None:
    tokens = {
        name: kind
        for name, kind in stored(seeds, ("public.", "blockchain.", "indexer.")).items()
        if re.search(r"_base_units$|_balance$|(after|before)_amount$", name)
    }
    assert len(tokens) > 10
    assert tokens == dict.fromkeys(tokens, TOKENS)


@pytest.mark.requirement("S1-Y03")
def test_prices_have_15_digits_with_6_decimals(seeds: SeedCatalog) -> None:
    found = {
        name: kind
        for name, kind in stored(seeds, ("public.", "trading.", "grid.", "indexer.")).items()
        if re.search(r"price|_per_(kwh|unit)$", name.rpartition(".")[2]) and kind != "bigint"
    }
    assert found == dict.fromkeys(PRICES + RATES, ENERGY)


@pytest.mark.requirement("S1-Y04")
def test_no_column_is_plain_json(seeds: SeedCatalog) -> None:
    assert [name for name, column in seeds.columns.items() if column.kind == "json"] == []
    searched = {
        f"{index.table}.{index.columns[0]}" for index in seeds.indexes.values() if index.method == "gin"
    }
    documents = {name for name, kind in stored(seeds, SCHEMAS).items() if kind == JSON}
    assert len(documents) > 10
    # What a call returned is read by its transaction, never searched.
    assert documents - searched == {"blockchain.contract_executions.output_data"}


@pytest.mark.requirement("S1-Y05")
def test_coordinates_are_points_with_an_index(seeds: SeedCatalog) -> None:
    assert seeds.columns["grid.locations.coordinates"].kind == "point"
    index = seeds.indexes["grid.locations_coordinates_idx"]
    assert (index.table, index.columns, index.method) == ("grid.locations", ("coordinates",), "gist")


@pytest.mark.requirement("S1-Y06")
def test_grid_codes_have_one_width_and_form(seeds: SeedCatalog) -> None:
    codes = {name: column.kind for name, column in seeds.columns.items() if name.endswith(".grid_code")}
    assert {name.rpartition(".")[0] for name in codes} >= {"grid.locations", "monitoring.grid_health"}
    assert set(codes.values()) == {"character varying(20)"}
    forms = {
        table: text for (table, _), text in seeds.checks.items() if re.search(r"\(grid_code\)::text ~ ", text)
    }
    assert {*forms} == {name.rpartition(".")[0] for name in codes if ".api_" not in name}
    assert len({*forms.values()}) == 1


@pytest.mark.requirement("S1-K02")
def test_chain_and_trading_are_tied_by_keys(seeds: SeedCatalog) -> None:
    wanted = {
        ForeignKey(
            "blockchain.contract_executions", ("contract_address",), "blockchain.smart_contracts", "RESTRICT"
        ),
        ForeignKey("grid.energy_production", ("producer_id",), "blockchain.registered_producers", "RESTRICT"),
        ForeignKey(
            "grid.energy_consumption", ("consumer_id",), "blockchain.registered_consumers", "RESTRICT"
        ),
        ForeignKey("grid.storage_operations", ("storage_id",), "grid.energy_storage", "RESTRICT"),
        ForeignKey("blockchain.registered_producers", ("user_id",), "public.users", "SET NULL"),
        ForeignKey("blockchain.registered_consumers", ("user_id",), "public.users", "SET NULL"),
    }
    assert wanted <= seeds.foreign_keys


@pytest.mark.requirement("S1-K03")
def test_every_state_column_has_a_check(seeds: SeedCatalog) -> None:
    states = [
        name
        for name, column in seeds.columns.items()
        if re.search(r"(?<!mining_)(status|stage|state)$", name)
        and seeds.tables[name.rpartition(".")[0]].relation != "view"
        and TEXT.fullmatch(column.kind)
    ]
    assert len(states) > 30
    assert [name for name in states if not seeds.words(name)] == []


@pytest.mark.parametrize("column", sorted(STATUS_COLUMNS))
def test_a_state_has_the_same_words_in_code_and_database(seeds: SeedCatalog, column: str) -> None:
    assert seeds.words(column) == [str(word) for word in STATUS_COLUMNS[column]]


def test_no_state_column_is_without_its_words_in_code(seeds: SeedCatalog) -> None:
    elsewhere: dict[str, type[StrEnum]] = {
        "indexer.epoch_books.side": Side,
        "public.trading_orders.order_type": Side,
        "public.market_epoch_zones.marginal_side": MarginalSide,
        "public.market_epoch_zones.rationing": Rationing,
        "public.market_epochs.status": EpochStatus,
        "public.minting_retry_queue.status": OperationStatus,
        "public.minting_retry_queue.error_class": ErrorClass,
        "indexer.tx_attempts.status": AttemptStatus,
        "indexer.watched_accounts.kind": WatchKind,
        "indexer.supply_changes.kind": SupplyKind,
        "public.blockchain_events.source": EventSource,
    }
    with_words = {
        name
        for name in seeds.columns
        if seeds.tables[name.rpartition(".")[0]].relation != "view" and seeds.words(name)
    }
    assert with_words == {*STATUS_COLUMNS, *elsewhere}
    for column, enumeration in elsewhere.items():
        assert set(seeds.words(column) or ()) == {str(word) for word in enumeration}, column


@pytest.mark.requirement("S1-X01")
def test_there_are_more_than_35_indexes(seeds: SeedCatalog) -> None:
    keys = {name for name in seeds.indexes if name.endswith(("_pkey", "_key"))}
    own = [
        name for name, index in seeds.indexes.items() if index.table.startswith(SCHEMAS) and name not in keys
    ]
    assert len(own) >= 35


@pytest.mark.requirement("S1-X03")
def test_locations_have_gin_indexes(seeds: SeedCatalog) -> None:
    places = {
        name
        for name, kind in stored(seeds, SCHEMAS).items()
        if name.rpartition(".")[2].startswith("location") and kind == JSON
    }
    assert len(places) == 6
    indexed = {f"{each.table}.{each.columns[0]}" for each in seeds.indexes.values() if each.method == "gin"}
    assert places - indexed == set()


@pytest.mark.requirement("S1-F05")
def test_governance_has_indexes_and_keys(seeds: SeedCatalog) -> None:
    wanted = {
        "governance.proposals": ("proposer_id", "status", "voting_start", "voting_end", "created_at"),
        "governance.votes": ("proposal_id", "voter_id", "created_at"),
        "governance.comments": ("proposal_id", "user_id", "parent_id", "created_at"),
    }
    for table, columns in wanted.items():
        assert [each for each in columns if not seeds.index_starting_with(table, each)] == []
    keys = {(key.table, key.columns[-1], key.referred) for key in seeds.foreign_keys if key.table in wanted}
    assert keys == {
        ("governance.proposals", "proposer_id", "public.users"),
        ("governance.votes", "voter_id", "public.users"),
        ("governance.votes", "proposal_id", "governance.proposals"),
        ("governance.comments", "user_id", "public.users"),
        ("governance.comments", "proposal_id", "governance.proposals"),
        ("governance.comments", "parent_id", "governance.comments"),
    }


def migrations() -> dict[str, str]:
    folder: Path = resource("sql/migrations")
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}


def of_this_document() -> dict[str, str]:
    """The files that bring the update document, two of them early, and everything after it."""
    return {
        name: text for name, text in migrations().items() if int(name[:4]) in (16, 17) or int(name[:4]) >= 22
    }


@pytest.mark.requirement("S1-M01")
def test_tables_are_created_only_if_missing() -> None:
    bare = [
        name
        for name, text in of_this_document().items()
        if re.search(r"CREATE TABLE (?!IF NOT EXISTS|%)", text)
    ]
    assert bare == []


@pytest.mark.requirement("S1-M02")
def test_columns_are_added_only_if_missing() -> None:
    bare = [
        name for name, text in of_this_document().items() if re.search(r"ADD COLUMN (?!IF NOT EXISTS)", text)
    ]
    assert bare == []


@pytest.mark.requirement("S1-M05")
def test_indexes_are_created_only_if_missing() -> None:
    pattern = r"CREATE (UNIQUE )?INDEX (?!IF NOT EXISTS)"
    assert [name for name, text in of_this_document().items() if re.search(pattern, text)] == []


@pytest.mark.requirement("S1-M01", "S1-M02", "S1-M05")
def test_a_file_may_run_again(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        before = objects(url)
        for name, text in of_this_document().items():
            query(url, text)
            assert objects(url) == before, name


def objects(url: str) -> list[tuple[Any, ...]]:
    """Tables, columns, indexes, constraints and triggers by name, partitions included."""
    return query(
        url,
        "SELECT c.oid::regclass::text, a.attname::text"
        "  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace > 11"
        " UNION ALL SELECT conrelid::regclass::text, conname::text FROM pg_constraint"
        " UNION ALL SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger WHERE NOT tgisinternal"
        " ORDER BY 1, 2",
    )


@pytest.mark.requirement("S1-M04")
def test_an_update_only_adds() -> None:
    # What a function may do later is not what the update does.
    functions = re.compile(r"CREATE OR REPLACE FUNCTION.*?\$\$;", re.DOTALL)
    code = {name: functions.sub("", re.sub(r"--.*", "", text)) for name, text in of_this_document().items()}
    taking = (
        r"\b(DROP (TABLE|COLUMN|INDEX|SCHEMA|VIEW|CONSTRAINT|FUNCTION)|ALTER COLUMN \w+ (TYPE|SET NOT NULL)"
        r"|RENAME )"
    )
    assert [name for name, text in code.items() if re.search(taking, text)] == []


@pytest.mark.requirement("S1-P05")
def test_migrations_are_numbered_and_the_second_document_comes_after_the_first() -> None:
    numbers = [int(name[:4]) for name in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
    names = list(migrations())
    assert (
        names.index("0017_trades.sql")
        < names.index("0025_smart_contracts.sql")
        < names.index("0031_monitoring.sql")
    )
