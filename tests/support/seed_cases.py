"""Test cases from the requirement lists: one per id, with the parts of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
from _pytest.mark.structures import ParameterSet

from tests.support.requirements import read_requirements

SCHEMA_OF = {
    "S2": dict.fromkeys(
        (
            "users",
            "user_profiles",
            "assets",
            "asset_documents",
            "investments",
            "revenue_distributions",
            "energy_production",
            "weather_data",
        ),
        "investment",
    ),
    "S3": {
        **dict.fromkeys(
            (
                "users",
                "user_access",
                "login_records",
                "outbox_events",
                "hosting_sites",
                "miner_models",
                "hosting_miners",
                "miner_telemetry",
                "miner_operation_log",
                "curtailment_plans",
                "curtailment_plan_miners",
            ),
            "hosting",
        ),
        **dict.fromkeys(("crm_leads", "crm_deals", "crm_invoices", "crm_activities"), "crm"),
        **dict.fromkeys(("market_analytics", "technical_indicators"), "analytics"),
    },
    "S4": {
        **dict.fromkeys(
            (
                "users",
                "profiles",
                "wallets",
                "tokens",
                "user_tokens",
                "notifications",
                "transactions",
                "audit_logs",
                "settings",
            ),
            "community",
        ),
        **dict.fromkeys(("proposals", "votes", "comments"), "governance"),
    },
}
"""Table name as a document draws it to the schema that holds it."""

REFERRED = {
    "users": (
        "user_id",
        "verified_by",
        "buyer_id",
        "seller_id",
        "proposer_id",
        "voter_id",
    ),
    "meter_registry": ("meter_id",),
    "market_epochs": ("epoch_id",),
    "trading_orders": ("buy_order_id", "sell_order_id"),
    "tokens": ("token_id",),
    "proposals": ("proposal_id",),
    "comments": ("parent_id",),
}
"""What the keys of the diagrams without notes name, by the lines drawn between the tables."""


def located(document: str, table: str) -> str:
    """`schema.table` of a drawn table."""
    name = table.lower()
    return f"{SCHEMA_OF[document][name]}.{name}"


def key_target(document: str, column: str, note: str) -> str:
    """The table that a column marked FK names: from its note where there is one (`to users.id`)."""
    named = re.match(r"to (\w+)\.id", note)
    table = named[1] if named else next(table for table, keys in REFERRED.items() if column in keys)
    if table == "users" or document == "S0":
        return f"public.{table}"
    return located(document, table)


def drawn_columns_of(document: str) -> dict[str, list[str]]:
    """Table, in lower case, to the columns that the document draws in it."""
    drawn: dict[str, list[str]] = {}
    for _, found in matches(document, "C", r"(\w+)\.(\w+).*"):
        drawn.setdefault(found[1].lower(), []).append(found[2])
    return drawn


def matches(document: str, kind: str, pattern: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Each id of a kind with its text taken apart; a text that does not fit is an error of the pattern."""
    for identity, text in read_requirements(document).items():
        if re.fullmatch(rf"{document}-{kind}\d+", identity):
            found = re.fullmatch(pattern, text)
            assert found is not None, f"{identity}: {text}"
            yield identity, found


def case(identity: str, *values: object) -> ParameterSet:
    """A parameter set that proves one id."""
    return pytest.param(*values, id=identity, marks=pytest.mark.requirement(identity))


def cases(table: Mapping[str, object]) -> list[ParameterSet]:
    """One case per id; a tuple is spread over several parameters."""
    return [
        case(identity, *(value if isinstance(value, tuple) else (value,)))
        for identity, value in table.items()
    ]
