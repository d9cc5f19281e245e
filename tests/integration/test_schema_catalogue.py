"""`db verify` names each object that is not as released, by the server's own catalogue, on every version."""

from __future__ import annotations

import tomllib
from pathlib import Path

import psycopg
import pytest

from gridtokenx_indexer.store.catalogue import catalogue_differences
from gridtokenx_indexer.store.db_verify import verify_database
from tests.support.postgres import query

FILE = Path(__file__).parents[1] / "support" / "damage.toml"
DAMAGE: list[dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["damage"]
PART = "public.audit_logs_p202401"
HARMLESS = (
    "CREATE SCHEMA mine; CREATE TABLE mine.users (id int)",
    "CREATE EXTENSION citext",
    "GRANT SELECT ON crm.crm_deals TO PUBLIC",
    "SELECT indexer.ensure_partition(table_name, CASE WHEN kind = 'month' THEN '2024-02-01' ELSE '7' END)"
    " FROM indexer.partition_policies",
    "ALTER TABLE users ALTER COLUMN email SET STATISTICS 500",
    "CREATE TEMP TABLE users (id int)",
)
HYPERTABLE = """
SET session_replication_role = replica;
UPDATE indexer.settings SET value = '"timescaledb"' WHERE key = 'timeseries_mode';
CREATE TABLE investment.uncut (LIKE investment.weather_data INCLUDING CONSTRAINTS INCLUDING COMMENTS);
DROP TABLE investment.weather_data;
ALTER TABLE investment.uncut RENAME TO weather_data;
CREATE TRIGGER ts_insert_blocker BEFORE INSERT ON investment.weather_data
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
CREATE INDEX weather_data_time_idx ON investment.weather_data ("time" DESC);
CREATE UNIQUE INDEX idx_weather_asset_time ON investment.weather_data (asset_id, "time" DESC);
COMMENT ON INDEX investment.idx_weather_asset_time IS
    'Deviation: unique, so that a reading sent twice is stored once.';
"""
ODD_SETTINGS = ("quote_all_identifiers = on", "intervalstyle = iso_8601", "bytea_output = escape")


@pytest.fixture
def cut_database_url(database_url: str) -> str:
    """With a month of the audit trail."""
    query(database_url, "SELECT indexer.ensure_partition('audit_logs', '2024-01-01')")
    return database_url


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage["found"].partition(":")[0])
def test_each_changed_object_is_named(cut_database_url: str, damage: dict[str, str]) -> None:
    query(cut_database_url, damage["sql"].replace("$part", PART))
    found = [str(one) for one in catalogue_differences(cut_database_url)]
    assert [line for line in found if line.startswith(damage["found"].replace("$part", PART))], found


@pytest.mark.parametrize("change", ["SELECT 1", *HARMLESS])
def test_what_the_server_s_owner_may_add_is_no_difference(cut_database_url: str, change: str) -> None:
    query(cut_database_url, change)
    assert catalogue_differences(cut_database_url) == ()


def test_the_server_s_settings_make_no_difference(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        ((name,),) = connection.execute("SELECT quote_ident(current_database())").fetchall()
        for setting in ODD_SETTINGS:
            connection.execute(f"ALTER DATABASE {name} SET {setting}".encode())
    assert catalogue_differences(database_url) == ()


def test_verify_says_how_many_objects_differ_and_what_to_do(database_url: str) -> None:
    query(database_url, "DROP INDEX idx_users_email_verified; ALTER TABLE users ADD COLUMN mine text")
    (check,) = [one for one in verify_database(database_url) if not one.ok]
    assert check.name == "schema_matches_release"
    assert check.detail.startswith(
        "2 objects are not as this release makes them; put them back as they stand in "
    )
    assert [line.split(":")[0] for line in check.differences] == [
        "missing index public.users.idx_users_email_verified",
        "extra column public.users.mine",
    ]
    assert "(indexes: db indexes apply)" in check.detail
    query(database_url, "CREATE INDEX idx_users_email_verified ON users (email_verified)")
    (check,) = [one for one in verify_database(database_url) if not one.ok]
    assert "indexes" not in check.detail


def test_verify_goes_on_where_its_own_tables_are_gone(database_url: str) -> None:
    query(database_url, "DROP SCHEMA indexer CASCADE")
    failed = {one.name: one for one in verify_database(database_url) if not one.ok}
    assert set(failed) == {"schema_matches_release", "audit_seals_hold"}
    assert "missing schema indexer" in failed["schema_matches_release"].differences
    assert failed["audit_seals_hold"].detail.startswith("they cannot be computed: ")


def test_hypertables_in_the_place_of_partitioned_tables_are_no_difference(database_url: str) -> None:
    query(database_url, HYPERTABLE)
    assert [str(one) for one in catalogue_differences(database_url)] == []
    query(database_url, "DROP INDEX investment.idx_weather_asset_time")
    (lost,) = catalogue_differences(database_url)
    assert str(lost).startswith("missing index investment.weather_data.idx_weather_asset_time: CREATE UNIQUE")
