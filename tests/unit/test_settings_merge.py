from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.settings.merge import merge
from gridtokenx_indexer.ops.settings.setting import Kind, Setting, Value

LISTEN = Setting(section="api", name="listen", kind=Kind.TEXT, default="127.0.0.1:1", help="where")
LAG = Setting(section="api", name="lag", kind=Kind.INTEGER, default=5, minimum=1, help="how far")
URLS = Setting(section="solana", name="urls", kind=Kind.LIST, env="SOLANA_RPC_URL", help="nodes")
PRICE = Setting(section="market", name="price", kind=Kind.DECIMAL, help="money")
ON = Setting(section="market", name="on", kind=Kind.BOOLEAN, default=False, help="switch")
DIR = Setting(section="market", name="dir", kind=Kind.PATH, help="folder")
DATABASE = Setting(
    section="database",
    name="url",
    kind=Kind.TEXT,
    env="DATABASE_URL",
    prefixes=("postgresql://",),
    secret=True,
    help="db",
)
LEVEL = Setting(section="log", name="level", kind=Kind.TEXT, choices=("info", "debug"), help="level")
ALL = (LISTEN, LAG, URLS, PRICE, ON, DIR, DATABASE, LEVEL)


def test_each_layer_wins_over_the_one_below_and_names_itself() -> None:
    nothing = merge(ALL)
    assert (nothing["api.lag"], nothing.origin("api.lag")) == (5, "default")
    file = {"api": {"lag": 6}}
    from_file = merge(ALL, file=file, file_name="x.toml")
    assert (from_file["api.lag"], from_file.origin("api.lag")) == (6, "x.toml")
    environment = {"GRIDTOKENX_API_LAG": "7"}
    from_env = merge(ALL, file=file, environment=environment)
    assert (from_env["api.lag"], from_env.origin("api.lag")) == (7, "$GRIDTOKENX_API_LAG")
    from_flag = merge(ALL, file=file, environment=environment, flags={"api.lag": ("--lag", "8")})
    assert (from_flag["api.lag"], from_flag.origin("api.lag")) == (8, "--lag")


@pytest.mark.parametrize(
    ("setting", "raw", "value"),
    [
        (URLS, " a , b,", ("a", "b")),
        (URLS, ["a", "b"], ("a", "b")),
        (PRICE, "2.20", Decimal("2.20")),
        (ON, "yes", True),
        (ON, False, False),
        (DIR, "/tmp/x", Path("/tmp/x")),
        (LAG, 3, 3),
    ],
)
def test_texts_become_values(setting: Setting, raw: object, value: Value) -> None:
    settings = merge(ALL, file={setting.section: {setting.name: raw}})
    assert settings[setting.key] == value


@pytest.mark.parametrize(
    ("setting", "raw"),
    [
        (LAG, "many"),
        (LAG, True),
        (LAG, 1.5),
        (LAG, 0),
        (PRICE, "NaN"),
        (PRICE, 2.2),
        (ON, "maybe"),
        (URLS, 4),
        (LISTEN, 4),
        (LEVEL, "loud"),
    ],
)
def test_a_wrong_value_is_refused_with_name_and_origin(setting: Setting, raw: object) -> None:
    with pytest.raises(UsageError) as refused:
        merge(ALL, file={setting.section: {setting.name: raw}}, file_name="my.toml")
    assert setting.key in refused.value.message
    assert "my.toml" in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("file", "environment", "nearest"),
    [
        ({"api": {"listten": "x"}}, {}, "api.listen"),
        ({"apis": {"listen": "x"}}, {}, "api"),
        ({"zzzz": 4}, {}, "config show"),
        ({}, {"GRIDTOKENX_API_LAGG": "3"}, "GRIDTOKENX_API_LAG"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(
    file: dict[str, object], environment: dict[str, str], nearest: str
) -> None:
    with pytest.raises(UsageError) as refused:
        merge(ALL, file=file, environment=environment)
    assert refused.value.remedy
    assert nearest in refused.value.remedy


def test_an_empty_variable_counts_as_unset() -> None:
    assert merge(ALL, environment={"GRIDTOKENX_API_LAG": ""}).origin("api.lag") == "default"


class _Market(msgspec.Struct, frozen=True, kw_only=True):
    price: Decimal = Decimal(1)
    on: bool = True


def test_a_section_becomes_the_package_s_own_configuration() -> None:
    configured = merge(ALL, file={"market": {"price": "2.5"}}).section("market")
    configured.pop("on")
    assert msgspec.convert(configured, _Market) == _Market(price=Decimal("2.5"))
    assert merge((PRICE, ON)).struct("market", _Market) == _Market(on=False)


def test_a_text_of_another_form_is_refused_without_showing_it() -> None:
    with pytest.raises(UsageError) as refused:
        merge(ALL, environment={"DATABASE_URL": "host=h password=word"})
    assert "postgresql://" in str(refused.value)
    assert "word" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GRIDTOKENX_INDEXER_SERVICE_HOST", "10.0.0.1"),
        ("GRIDTOKENX_INDEXER_SERVICE_PORT", "8080"),
        ("GRIDTOKENX_INDEXER_SERVICE_PORT_HTTP", "8080"),
        ("GRIDTOKENX_INDEXER_PORT", "tcp://10.0.0.1:8080"),
        ("GRIDTOKENX_INDEXER_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
        ("GRIDTOKENX_INDEXER_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("GRIDTOKENX_SERVICE_HOST", "10.0.0.1"),
        ("GRIDTOKENX_SERVICE_PORT_HTTP", "8080"),
        ("GRIDTOKENX_PORT", "tcp://10.0.0.1:8080"),
        ("GRIDTOKENX_PORT_8080_TCP_PROTO", "tcp"),
    ],
)
def test_variables_of_kubernetes_services_are_not_settings(variable: str, value: str) -> None:
    merge(ALL, environment={variable: value})


def test_a_misspelt_port_is_no_service() -> None:
    with pytest.raises(UsageError):
        merge(ALL, environment={"GRIDTOKENX_API_PORT": "8080"})
