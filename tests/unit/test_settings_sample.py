from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from gridtokenx_indexer.api.config import ApiConfig
from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.ops.settings.catalog import CATALOG, SECTIONS
from gridtokenx_indexer.ops.settings.load import load_settings
from gridtokenx_indexer.ops.settings.merge import merge
from gridtokenx_indexer.ops.settings.reference import reference
from gridtokenx_indexer.ops.settings.sample import sample
from gridtokenx_indexer.ops.settings.setting import Setting
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.store.leases import LeaseConfig
from gridtokenx_indexer.tx.config import TxConfig


def test_the_committed_file_is_what_the_list_says() -> None:
    assert resource("config.toml").read_text(encoding="utf-8") == sample()


def test_the_sample_read_back_gives_the_defaults() -> None:
    settings = merge(CATALOG, file=tomllib.loads(sample()))
    for entry in settings:
        if entry.setting.default is not None and entry.setting.key != "database.data_dir":
            assert entry.value == entry.setting.default, entry.setting.key


def test_every_section_is_named_and_no_key_or_variable_is_used_twice() -> None:
    assert {setting.section for setting in CATALOG} == set(SECTIONS)
    assert len({setting.key for setting in CATALOG}) == len(CATALOG)
    assert len({setting.variable for setting in CATALOG}) == len(CATALOG)
    assert all(setting.help.endswith(".") for setting in CATALOG)


def test_the_documentation_lists_every_setting() -> None:
    page = Path(__file__).parents[2] / "docs" / "configuration.md"
    assert reference() in page.read_text(encoding="utf-8")


COMPUTED = {
    RpcConfig: {"urls", "ws_urls"},
    FollowerConfig: {"program", "anchor_address", "energy_mint", "signers"},
    TxConfig: set(),
    LeaseConfig: set(),
    MintConfig: {"retry"},
    MarketConfig: set(),
    ApiConfig: set(),
}


@pytest.mark.parametrize("config", COMPUTED)
def test_every_tunable_of_a_package_is_a_setting_with_the_same_default(config: type[msgspec.Struct]) -> None:
    by_field: dict[str, list[Setting]] = {}
    for setting in CATALOG:
        by_field.setdefault(setting.name, []).append(setting)
    for field in msgspec.structs.fields(config):
        if field.name not in COMPUTED[config]:
            defaults = [setting.default for setting in by_field[field.name]]
            assert field.default in defaults, field.name


def test_a_named_file_must_exist_and_be_toml(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings(config=tmp_path / "none.toml", environment={})
    broken = tmp_path / "broken.toml"
    broken.write_text("[api\n")
    with pytest.raises(UsageError, match="is not TOML"):
        load_settings(config=broken, environment={})
    named = tmp_path / "named.toml"
    named.write_text('[api]\nlisten = "127.0.0.1:9"\n')
    settings = load_settings(config=None, environment={"GRIDTOKENX_CONFIG": str(named)})
    assert (settings["api.listen"], settings.origin("api.listen")) == ("127.0.0.1:9", str(named))
