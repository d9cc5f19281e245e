"""The one list of what differs from the documents: nothing joins or leaves it unnoticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.integration import test_seed_columns as columns
from tests.support.postgres import query
from tests.support.seed_catalog import SeedCatalog, seen_by

LIST = Path(__file__).parents[1] / "support" / "deviations.txt"
DEVIATIONS = """
SELECT pg_describe_object(classoid, objoid, objsubid) || ': '
       || (regexp_match(description, 'Deviation: (.*)'))[1]
  FROM pg_description WHERE description LIKE '%Deviation:%' ORDER BY 1
"""


def test_the_list_of_deviations_is_that_of_the_database(database_url: str) -> None:
    found = sorted(row[0] for row in query(database_url, DEVIATIONS))
    assert found == LIST.read_text(encoding="utf-8").splitlines()


def test_each_deviation_has_a_reason(database_url: str) -> None:
    spoken = "SELECT description FROM pg_description WHERE description ~ 'Deviation|differs from'"
    assert [text for (text,) in query(database_url, spoken) if "Deviation: " not in text] == []
    assert [line for line in LIST.read_text().splitlines() if len(line.partition(": ")[2]) < 12] == []


def noticed(seeds: SeedCatalog) -> set[str]:
    """Drawn columns whose proof fails."""
    wrong = set()
    for drawn in columns.DRAWN.values():
        try:
            columns.test_column(seeds, drawn)
        except (AssertionError, KeyError):
            wrong.add(drawn.column)
    return wrong


@pytest.mark.parametrize(
    ("column", "change"),
    [
        (
            "investment.user_profiles.full_name",
            "ALTER TABLE investment.user_profiles ALTER full_name TYPE varchar(300)",
        ),
        (
            "investment.user_profiles.full_name",
            "ALTER TABLE investment.user_profiles ALTER full_name TYPE varchar(200)",
        ),
        (
            "investment.user_profiles.document_number",
            "ALTER TABLE investment.user_profiles ALTER document_number TYPE text",
        ),
        ("investment.assets.status", "ALTER TABLE investment.assets ALTER status DROP DEFAULT"),
        ("investment.assets.name", "ALTER TABLE investment.assets ALTER name SET DEFAULT 'x'"),
        ("investment.assets.name", "ALTER TABLE investment.assets ALTER name DROP NOT NULL"),
        ("investment.assets.capacity_kw", "ALTER TABLE investment.assets ALTER capacity_kw SET NOT NULL"),
        ("investment.assets.token_id", "ALTER TABLE investment.assets DROP CONSTRAINT assets_token_id_key"),
        ("community.wallets.user_id", "ALTER TABLE community.wallets DROP CONSTRAINT wallets_user_id_fkey"),
        (
            "hosting.hosting_miners.cgminer_port",
            "ALTER TABLE hosting.hosting_miners ALTER cgminer_port DROP DEFAULT",
        ),
        (
            "crm.crm_leads.score",
            "ALTER TABLE crm.crm_leads DROP CONSTRAINT crm_leads_score_check,"
            " ADD CONSTRAINT crm_leads_score_check CHECK (score BETWEEN 0 AND 1000)",
        ),
        ("hosting.hosting_sites.id", "COMMENT ON COLUMN hosting.hosting_sites.id IS 'a number'"),
    ],
)
def test_a_change_of_a_drawn_column_is_noticed(database_url: str, column: str, change: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(change.encode())
        assert noticed(seen_by(connection)) == {column}
        connection.rollback()


def test_an_unchanged_database_has_nothing_to_notice(seeds: SeedCatalog) -> None:
    assert noticed(seeds) == set()
    bare = {name: replace(each, comment="") for name, each in seeds.columns.items()}
    assert len(noticed(replace(seeds, columns=bare))) == 65
