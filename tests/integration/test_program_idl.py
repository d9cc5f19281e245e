"""The Rust sources, the IDL and the Python client say the same."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.tx.gridtokenx import pda
from tests.support.svm import idl
from tests.support.svm_events import legacy_idl
from tests.support.svm_instructions import SCENARIOS, prepare

SOURCES = resource("programs/gridtokenx/src")
TESTS = Path(__file__).parent


def camel_to_upper(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()


def rust_constants(text: str) -> dict[str, list[int]]:
    found = re.findall(r"pub const (\w+): \[u8; 8\] = \[([\d, ]+)\];", text)
    return {name: [int(byte) for byte in values.split(",")] for name, values in found}


def test_discriminators_follow_from_names_everywhere() -> None:
    text = (SOURCES / "discriminator.rs").read_text()
    head, rest = text.split("pub mod account {")
    account_text, event_text = rest.split("pub mod event {")
    instructions = rust_constants(head)
    assert bytes(instructions.pop("EVENT")) == sha256(b"anchor:event").digest()[:8][::-1]
    for section, prefix, constants in (
        ("instructions", "global", instructions),
        ("accounts", "account", rust_constants(account_text)),
        ("events", "event", rust_constants(event_text)),
    ):
        entries: list[dict[str, Any]] = idl()[section]
        assert len(constants) == len(entries)
        for entry in entries:
            expected = list(sha256(f"{prefix}:{entry['name']}".encode()).digest()[:8])
            assert entry["discriminator"] == expected, entry["name"]
            rust = entry["name"].upper() if section == "instructions" else camel_to_upper(entry["name"])
            assert constants[rust] == expected, entry["name"]


def test_errors_have_the_same_names_in_the_same_order() -> None:
    body = (SOURCES / "error.rs").read_text().split("pub enum GridError {")[1].split("\n}")[0]
    rust = re.findall(r"^    (\w+)(?: = 6000)?,$", body, re.MULTILINE)
    assert [error["name"] for error in idl()["errors"]] == rust
    assert [error["code"] for error in idl()["errors"]] == list(range(6000, 6000 + len(rust)))


def test_every_error_is_provoked_by_some_test() -> None:
    provoked = "".join(path.read_text() for path in TESTS.glob("test_program_*.py"))
    provoked += (TESTS.parent / "support" / "svm_instructions.py").read_text()
    missing = [error["name"] for error in idl()["errors"] if f'"{error["name"]}"' not in provoked]
    assert missing == []


def test_default_program_id_is_the_address_of_the_idl() -> None:
    address: Any = idl()["address"]
    assert str(pda.DEFAULT_PROGRAM_ID) == address


@pytest.mark.parametrize("name", SCENARIOS)
def test_builders_pass_the_accounts_of_the_idl(name: str) -> None:
    entry = next(entry for entry in idl()["instructions"] if entry["name"] == name)
    expected: Any = entry["accounts"]
    instruction = prepare(name).instruction
    metas = instruction.accounts[: len(expected)]
    assert len(metas) == len(expected)
    assert len(instruction.accounts) == len(expected) or name == "settle_trades"
    for meta, account in zip(metas, expected, strict=True):
        assert meta.is_signer == account.get("signer", False), account["name"]
        assert meta.is_writable == account.get("writable", False), account["name"]
        seeds = account.get("pda", {}).get("seeds", [{"kind": "none"}])
        if all(seed["kind"] == "const" for seed in seeds):
            values = [bytes(seed["value"]) for seed in seeds]
            derived = Pubkey.find_program_address(values, pda.DEFAULT_PROGRAM_ID)[0]
            assert meta.pubkey == derived, account["name"]


def test_every_instruction_of_the_idl_has_a_scenario() -> None:
    assert sorted(SCENARIOS) == sorted(str(entry["name"]) for entry in idl()["instructions"])


def test_legacy_form_keeps_every_name() -> None:
    legacy = legacy_idl()
    assert [account.name for account in legacy.accounts] == [a["name"] for a in idl()["accounts"]]
    assert legacy.events is not None
    assert [event.name for event in legacy.events] == [event["name"] for event in idl()["events"]]
    assert len(legacy.instructions) == len(idl()["instructions"])


def test_an_instruction_that_the_program_does_not_have_is_refused() -> None:
    prepared = prepare("set_paused")
    for data in (b"", b"1234567", b"12345678"):
        instruction = Instruction(prepared.market.program_id, data, prepared.instruction.accounts)
        refused = prepared.market.chain.refuse(instruction, signers=[prepared.market.authority])
        assert refused.error == "101"


@pytest.mark.parametrize("name", SCENARIOS)
def test_arguments_too_short_or_too_long_are_refused(name: str) -> None:
    prepared = prepare(name)
    instruction = prepared.instruction
    data = bytes(instruction.data)
    for changed in (data + b"\x00", data[:-1]):
        if len(changed) < 8:
            continue
        broken = Instruction(instruction.program_id, changed, instruction.accounts)
        refused = prepared.market.chain.refuse(broken, signers=prepared.signers)
        assert refused.error == "InvalidArguments", changed


def test_a_boolean_or_enum_out_of_range_is_refused() -> None:
    for name, tail in (("set_paused", b"\x02"), ("register_participant", b"\x02" + bytes(16))):
        prepared = prepare(name)
        head = bytes(prepared.instruction.data)[:8]
        broken = Instruction(prepared.market.program_id, head + tail, prepared.instruction.accounts)
        refused = prepared.market.chain.refuse(broken, signers=prepared.signers)
        assert refused.error == "InvalidArguments", name
