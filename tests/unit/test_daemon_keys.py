"""Signing keys as files or as text of the environment; whichever it is, nobody sees it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from solders.keypair import Keypair

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.masking import MASK
from gridtokenx_indexer.ops.daemon.keys import SERVICE_ROLES, load_keys
from gridtokenx_indexer.ops.settings.catalog import CATALOG
from gridtokenx_indexer.ops.settings.masking import shown
from gridtokenx_indexer.ops.settings.merge import merge
from gridtokenx_indexer.tx.errors import SignerError
from gridtokenx_indexer.tx.signer import Role

SHARED, OWN = (Keypair.from_seed(bytes([number]) * 32) for number in (1, 2))
SHARED_TEXT, OWN_TEXT = (json.dumps(list(bytes(key))) for key in (SHARED, OWN))


def key_file(folder: Path, text: str) -> str:
    path = folder / "key.json"
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


@pytest.mark.parametrize("text", [SHARED_TEXT, str(SHARED)])
def test_one_key_in_the_environment_serves_every_role(text: str) -> None:
    keys = load_keys(merge(CATALOG, environment={"SOLANA_KEYPAIR_JSON": text}))
    assert {role: keys.pubkey(role) for role in SERVICE_ROLES} == dict.fromkeys(
        SERVICE_ROLES, SHARED.pubkey()
    )


@pytest.mark.parametrize("role", SERVICE_ROLES)
def test_a_role_s_own_text_wins_over_the_shared_file(role: Role, tmp_path: Path) -> None:
    environment = {
        "SOLANA_KEYPAIR": key_file(tmp_path, SHARED_TEXT),
        f"GRIDTOKENX_{role.upper()}_KEYPAIR_JSON": OWN_TEXT,
    }
    keys = load_keys(merge(CATALOG, environment=environment))
    expected = {each: (OWN if each is role else SHARED).pubkey() for each in SERVICE_ROLES}
    assert {each: keys.pubkey(each) for each in SERVICE_ROLES} == expected


def test_a_role_s_own_file_wins_over_the_shared_text(tmp_path: Path) -> None:
    environment = {
        "SOLANA_KEYPAIR_JSON": SHARED_TEXT,
        "GRIDTOKENX_MINTER_KEYPAIR": key_file(tmp_path, OWN_TEXT),
    }
    keys = load_keys(merge(CATALOG, environment=environment))
    assert keys.pubkey(Role.MINTER) == OWN.pubkey()
    assert keys.pubkey(Role.SETTLER) == SHARED.pubkey()


def test_without_any_key_no_role_is_held() -> None:
    keys = load_keys(merge(CATALOG))
    assert not any(keys.holds(role) for role in Role)


def test_the_same_key_as_file_and_as_text_is_refused(tmp_path: Path) -> None:
    environment = {
        "GRIDTOKENX_MINTER_KEYPAIR": key_file(tmp_path, OWN_TEXT),
        "GRIDTOKENX_MINTER_KEYPAIR_JSON": OWN_TEXT,
    }
    with pytest.raises(UsageError, match=r"\$GRIDTOKENX_MINTER_KEYPAIR and .*_JSON"):
        load_keys(merge(CATALOG, environment=environment))


def test_a_damaged_text_is_named_by_its_variable_and_not_shown() -> None:
    damaged = OWN_TEXT[:-4]
    with pytest.raises(SignerError, match=r"\$GRIDTOKENX_MINTER_KEYPAIR_JSON") as refused:
        load_keys(merge(CATALOG, environment={"GRIDTOKENX_MINTER_KEYPAIR_JSON": damaged}))
    assert damaged not in str(refused.value)


def test_keys_are_masked_wherever_settings_are_shown() -> None:
    settings = merge(CATALOG, environment={"SOLANA_KEYPAIR_JSON": SHARED_TEXT})
    texts = [entry for entry in settings if entry.setting.key.endswith("_json")]
    assert {entry.setting.key for entry in texts} == {
        f"keys.{name}_json" for name in ("keypair", "minter", "clearer", "settler")
    }
    assert [shown(entry.setting, entry.value) for entry in texts if entry.value] == [MASK]


def test_a_key_of_the_wrong_type_in_the_file_is_refused_without_showing_it() -> None:
    with pytest.raises(UsageError) as refused:
        merge(CATALOG, file={"keys": {"keypair_json": list(bytes(SHARED))}})
    assert "keys.keypair_json" in refused.value.message
    assert str(bytes(SHARED)[0]) + ", " not in str(refused.value)
