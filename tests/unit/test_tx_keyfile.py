"""A key that is missing, exposed or malformed stops the start with a remedy, and is never printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from solders.keypair import Keypair

from gridtokenx_indexer.tx.errors import SignerError
from gridtokenx_indexer.tx.keyfile import signer_from_file, signer_from_text
from gridtokenx_indexer.tx.signer import KeypairSigner, KeyRing, Role

KEYPAIR = Keypair.from_seed(bytes(range(1, 33)))
NUMBERS = list(bytes(KEYPAIR))


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_private_file_of_64_numbers_signs(tmp_path: Path) -> None:
    signer = signer_from_file(write(tmp_path / "minter.json", json.dumps(NUMBERS)))
    assert signer.pubkey() == KEYPAIR.pubkey()
    assert signer.sign(b"message") == bytes(KEYPAIR.sign_message(b"message"))


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660, 0o620, 0o601])
def test_a_file_that_others_may_touch_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    path = write(tmp_path / "minter.json", json.dumps(NUMBERS), mode)
    with pytest.raises(SignerError, match=f"chmod 600 {path}"):
        signer_from_file(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SignerError, match="does not exist; create it"):
        signer_from_file(tmp_path / "none.json")


def test_a_folder_and_binary_content_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    with pytest.raises(SignerError, match="cannot be read"):
        signer_from_file(folder)
    binary = tmp_path / "binary"
    binary.write_bytes(bytes(KEYPAIR) + b"\xff")
    binary.chmod(0o600)
    with pytest.raises(SignerError, match="cannot be read"):
        signer_from_file(binary)


def test_the_environment_may_hold_json_or_base58() -> None:
    for text in (json.dumps(NUMBERS), str(KEYPAIR), f"  {KEYPAIR}\n"):
        assert signer_from_text(text, origin="MINTER_KEYPAIR").pubkey() == KEYPAIR.pubkey()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[1, 2, 3]",
        json.dumps(NUMBERS[:63]),
        json.dumps([*NUMBERS[:63], 256]),
        json.dumps([*NUMBERS[:63], -1]),
        json.dumps([*NUMBERS[:63], 1.5]),
        json.dumps([*NUMBERS[:63], True]),
        json.dumps(NUMBERS[:32] + NUMBERS[:32]),
        "[" + "x" * 10,
        str(KEYPAIR.pubkey()),
        "not base58 0OIl",
    ],
)
def test_anything_else_is_refused_without_showing_it(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SignerError, match="MINTER_KEYPAIR holds no valid keypair") as refusal:
        signer_from_text(text, origin="MINTER_KEYPAIR")
    if len(text) > 10:
        assert text not in str(refusal.value)
        assert text not in capfd.readouterr().err


def test_a_key_ring_names_the_role_it_lacks() -> None:
    ring = KeyRing({Role.MINTER: KeypairSigner(KEYPAIR), Role.SETTLER: KeypairSigner(KEYPAIR)})
    assert ring.pubkey(Role.MINTER) == KEYPAIR.pubkey()
    assert ring.pubkeys() == {KEYPAIR.pubkey()}
    assert not ring.holds(Role.CLEARER)
    with pytest.raises(SignerError, match="no clearer key"):
        ring.signer(Role.CLEARER)


def test_a_signer_shows_only_its_public_key() -> None:
    assert repr(KeypairSigner(KEYPAIR)) == f"KeypairSigner({KEYPAIR.pubkey()})"
