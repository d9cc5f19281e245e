"""Relationships, unique keys and delete rules of the hosting and community documents."""

from __future__ import annotations

import pytest

from tests.support.seed_cases import case, cases, key_target, located, matches
from tests.support.seed_catalog import ForeignKey, SeedCatalog

USERS = "public.users"


def key(table: str, column: str, referred: str, on_delete: str) -> ForeignKey:
    return ForeignKey(table, (column,), referred, on_delete)


RELATIONSHIPS = {
    "S3-R01": key("hosting.user_access", "user_id", USERS, "CASCADE"),
    "S3-R03": key("crm.crm_leads", "owner_id", USERS, "SET NULL"),
    "S3-R04": key("crm.crm_deals", "owner_id", USERS, "SET NULL"),
    "S3-R05": key("hosting.hosting_miners", "client_id", USERS, "SET NULL"),
    "S3-R06": key("hosting.miner_operation_log", "performed_by", USERS, "SET NULL"),
    "S3-R07": key("hosting.curtailment_plans", "created_by", USERS, "SET NULL"),
    "S3-R08": key("crm.crm_deals", "lead_id", "crm.crm_leads", "RESTRICT"),
    "S3-R09": key("crm.crm_invoices", "deal_id", "crm.crm_deals", "RESTRICT"),
    "S3-R10": key("crm.crm_activities", "deal_id", "crm.crm_deals", "RESTRICT"),
    "S3-R11": key("hosting.hosting_miners", "site_id", "hosting.hosting_sites", "RESTRICT"),
    "S3-R12": key("hosting.curtailment_plans", "site_id", "hosting.hosting_sites", "RESTRICT"),
    "S3-R13": key("hosting.hosting_miners", "miner_model_id", "hosting.miner_models", "RESTRICT"),
    "S3-R14": key("hosting.miner_telemetry", "miner_id", "hosting.hosting_miners", "RESTRICT"),
    "S3-R15": key("hosting.miner_operation_log", "miner_id", "hosting.hosting_miners", "RESTRICT"),
    "S3-R16": key("hosting.curtailment_plan_miners", "miner_id", "hosting.hosting_miners", "RESTRICT"),
    "S3-R17": key("hosting.curtailment_plan_miners", "plan_id", "hosting.curtailment_plans", "CASCADE"),
    "S3-R18": key("analytics.technical_indicators", "analytics_id", "analytics.market_analytics", "RESTRICT"),
    "S4-R01": key("community.profiles", "user_id", USERS, "CASCADE"),
    "S4-R02": key("community.wallets", "user_id", USERS, "CASCADE"),
    "S4-R03": key("community.user_tokens", "user_id", USERS, "CASCADE"),
    "S4-R04": key("governance.proposals", "proposer_id", USERS, "RESTRICT"),
    "S4-R05": key("governance.votes", "voter_id", USERS, "RESTRICT"),
    "S4-R06": key("governance.comments", "user_id", USERS, "CASCADE"),
    "S4-R07": key("community.notifications", "user_id", USERS, "CASCADE"),
    "S4-R08": key("community.transactions", "user_id", USERS, "RESTRICT"),
    "S4-R10": key("community.user_tokens", "token_id", "community.tokens", "RESTRICT"),
    "S4-R11": key("governance.votes", "proposal_id", "governance.proposals", "RESTRICT"),
    "S4-R12": key("governance.comments", "proposal_id", "governance.proposals", "CASCADE"),
    "S4-R13": ForeignKey(
        "governance.comments", ("proposal_id", "parent_id"), "governance.comments", "SET NULL"
    ),
}
ONE_TO_MANY = {
    "S4-R15": RELATIONSHIPS["S4-R02"],
    "S4-R16": RELATIONSHIPS["S4-R03"],
    "S4-R17": RELATIONSHIPS["S4-R04"],
    "S4-R18": RELATIONSHIPS["S4-R05"],
    "S4-R19": RELATIONSHIPS["S4-R06"],
    "S4-R20": RELATIONSHIPS["S4-R07"],
    "S4-R21": RELATIONSHIPS["S4-R08"],
    "S4-R23": RELATIONSHIPS["S4-R10"],
    "S4-R24": RELATIONSHIPS["S4-R11"],
    "S4-R25": RELATIONSHIPS["S4-R12"],
    "S4-R26": RELATIONSHIPS["S4-R13"],
}
MANY_TO_MANY = {
    "S4-R27": (RELATIONSHIPS["S4-R03"], RELATIONSHIPS["S4-R10"]),
    "S4-R28": (RELATIONSHIPS["S4-R05"], RELATIONSHIPS["S4-R11"]),
}
CHAINS = {
    "S3-L01": ("S3-R11",),
    "S3-L02": ("S3-R13",),
    "S3-L03": ("S3-R14",),
    "S3-L04": ("S3-R17", "S3-R16"),
    "S3-L05": ("S3-R03", "S3-R08", "S3-R09"),
    "S3-L06": ("S3-R10",),
}
CASCADING = ("S4-R01", "S4-R02", "S4-R03", "S4-R06", "S4-R07", "S4-R12")
RESTRICTING = ("S4-R04", "S4-R05", "S4-R08", "S4-R11")


@pytest.mark.parametrize("wanted", cases(RELATIONSHIPS))
def test_relationship(seeds: SeedCatalog, wanted: ForeignKey) -> None:
    assert wanted in seeds.foreign_keys
    # Drawn as one to many; the same document says in words that a user has one profile.
    assert seeds.one_row_only(wanted.table, *wanted.columns) is (wanted == RELATIONSHIPS["S4-R01"])


@pytest.mark.requirement("S3-R02")
def test_login_records_name_the_user_by_e_mail(seeds: SeedCatalog) -> None:
    # An attempt may name nobody we know, so this one cannot be a foreign key.
    assert seeds.index_starting_with("hosting.login_records", "email")
    assert seeds.unique(USERS, "email")
    assert seeds.columns["hosting.login_records.email"].not_null
    assert not seeds.one_row_only("hosting.login_records", "email")


@pytest.mark.requirement("S4-R09", "S4-R22")
def test_audit_logs_name_the_user_without_a_key(seeds: SeedCatalog) -> None:
    assert seeds.columns["community.audit_logs.user_id"].kind == "uuid"
    assert seeds.index_starting_with("public.audit_logs", "user_id")
    assert not seeds.one_row_only("public.audit_logs", "user_id")


@pytest.mark.requirement("S4-R14")
def test_a_user_has_one_profile(seeds: SeedCatalog) -> None:
    assert RELATIONSHIPS["S4-R01"] in seeds.foreign_keys
    assert seeds.unique("community.profiles", "user_id")


@pytest.mark.parametrize("many", cases(ONE_TO_MANY))
def test_one_to_many(seeds: SeedCatalog, many: ForeignKey) -> None:
    assert many in seeds.foreign_keys
    assert not seeds.one_row_only(many.table, *many.columns)


@pytest.mark.parametrize("sides", [case(identity, sides) for identity, sides in MANY_TO_MANY.items()])
def test_many_to_many(seeds: SeedCatalog, sides: tuple[ForeignKey, ForeignKey]) -> None:
    assert seeds.foreign_keys.issuperset(sides)
    assert not any(seeds.one_row_only(side.table, *side.columns) for side in sides)
    assert seeds.unique(sides[0].table, *(column for side in sides for column in side.columns))


@pytest.mark.parametrize("links", [case(identity, links) for identity, links in CHAINS.items()])
def test_chain(seeds: SeedCatalog, links: tuple[str, ...]) -> None:
    wanted = [RELATIONSHIPS[link] for link in links]
    assert seeds.foreign_keys.issuperset(wanted)
    assert not any(seeds.one_row_only(each.table, *each.columns) for each in wanted)


def test_the_list_of_relationships_is_that_of_the_documents() -> None:
    drawn = {identity for identity, _ in matches("S3", "R", r".*")} | {
        identity for identity, found in matches("S4", "R", r".*") if "--" in found.group(0)
    }
    assert drawn == set(RELATIONSHIPS) | {"S3-R02", "S4-R09"}


@pytest.mark.requirement("S4-K12")
def test_what_a_user_owns_goes_with_the_user(seeds: SeedCatalog) -> None:
    owned = {RELATIONSHIPS[identity] for identity in CASCADING}
    assert all(each.on_delete == "CASCADE" for each in owned)
    assert owned <= seeds.foreign_keys


@pytest.mark.requirement("S4-K13")
def test_what_must_stay_keeps_its_user(seeds: SeedCatalog) -> None:
    kept = {RELATIONSHIPS[identity] for identity in RESTRICTING}
    assert all(each.on_delete == "RESTRICT" for each in kept)
    assert kept <= seeds.foreign_keys


@pytest.mark.requirement("S4-K11")
def test_every_drawn_foreign_key_of_the_community_is_one(seeds: SeedCatalog) -> None:
    for identity, found in matches("S4", "C", r"(\w+)\.(\w+): \w+(.*)"):
        table, column, mark = found.groups()
        if "[FK]" in mark and table != "audit_logs":
            target = key_target("S4", column, "")
            assert seeds.refers(located("S4", table), column, target), identity
