"""Every instruction against every account of it: another account, no signature, read-only, one too few."""

from __future__ import annotations

from typing import Any

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from tests.support.svm import idl, key
from tests.support.svm_instructions import SCENARIOS, prepare, with_account

OWNED = "WrongAccountOwner"
# What an account's place says when some other account stands there. Payers may be anybody with lamports.
STRANGER = {
    "config": OWNED,
    "program_data": "WrongPda",
    "energy_mint": "WrongMint",
    "payment_mint": "InvalidMint",
    "energy_token_program": "WrongTokenProgram",
    "payment_token_program": "WrongTokenProgram",
    "fee_recipient": "InvalidFeeRecipient",
    "system_program": "WrongSystemProgram",
    "event_authority": "WrongPda",
    "program": "WrongProgram",
    "mint_authority": "WrongPda",
    "delegate": "WrongPda",
    "participant": "WrongPda",
    "zone": "WrongPda",
    "destination": "InvalidDestination",
    "ledger": "WrongPda",
    "settlement": OWNED,
    "certificate": OWNED,
    "wallet": "WrongPda",
    "authority": "Unauthorized",
    "pending_authority": "Unauthorized",
    "upgrade_authority": "NotUpgradeAuthority",
    "minter": "Unauthorized",
    "clearer": "Unauthorized",
    "settler": "Unauthorized",
    "issuer": "Unauthorized",
    "owner": "Unauthorized",
}
IN_PARTICULAR = {
    ("initialize", "config"): "WrongPda",
    ("initialize", "energy_mint"): "InvalidMint",
    ("close_ledger", "ledger"): OWNED,
    ("close_ledger", "payer"): "WrongPayer",
    ("close_settlement", "payer"): "WrongPayer",
    ("open_settlement", "settlement"): "WrongPda",
    ("issue_certificate", "certificate"): "WrongPda",
}


def accounts_of(name: str) -> list[dict[str, Any]]:
    entry: Any = next(entry for entry in idl()["instructions"] if entry["name"] == name)
    found: list[dict[str, Any]] = entry["accounts"]
    return found


def is_rent_payer(account: dict[str, Any]) -> bool:
    """Pays for a new account by signing; closing returns rent to a payer who does not sign."""
    return bool(account["name"] == "payer" and account.get("signer"))


PLACES = [(name, index, account) for name in SCENARIOS for index, account in enumerate(accounts_of(name))]
NAMED = [(name, index, account["name"]) for name, index, account in PLACES if not is_rent_payer(account)]
SIGNERS = [(name, index) for name, index, account in PLACES if account.get("signer")]
WRITTEN = [(name, index) for name, index, account in PLACES if account.get("writable")]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_untouched_instruction_succeeds(name: str) -> None:
    prepared = prepare(name)
    landed = prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
    assert len(landed.event_data) == 1


@pytest.mark.parametrize(("name", "index", "place"), NAMED)
def test_another_account_is_refused(name: str, index: int, place: str) -> None:
    prepared = prepare(name)
    stranger = key("stranger")
    changed = with_account(prepared.instruction, index, address=stranger.pubkey())
    refused = prepared.market.chain.refuse(changed, signers=[*prepared.signers, stranger])
    assert refused.error == IN_PARTICULAR.get((name, place), STRANGER.get(place))


@pytest.mark.parametrize(("name", "index"), SIGNERS)
def test_a_missing_signature_is_refused(name: str, index: int) -> None:
    prepared = prepare(name)
    changed = with_account(prepared.instruction, index, signer=False)
    signed = [meta.pubkey for meta in changed.accounts if meta.is_signer]
    signers = [signer for signer in prepared.signers if signer.pubkey() in signed]
    refused = prepared.market.chain.refuse(changed, signers=signers)
    assert refused.error == "MissingSignature"


@pytest.mark.parametrize(("name", "index"), WRITTEN)
def test_a_read_only_account_is_refused(name: str, index: int) -> None:
    prepared = prepare(name)
    changed = with_account(prepared.instruction, index, writable=False)
    refused = prepared.market.chain.refuse(changed, signers=prepared.signers)
    assert refused.error == "NotWritable"


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_account_too_few_or_too_many_is_refused(name: str) -> None:
    prepared = prepare(name)
    old = prepared.instruction
    extra = with_account(old, 0, address=key("extra").pubkey(), signer=False, writable=False).accounts[0]
    for metas in (old.accounts[:-1], [*old.accounts, extra], []):
        changed = Instruction(old.program_id, old.data, metas)
        signed = [meta.pubkey for meta in metas if meta.is_signer]
        signers = [signer for signer in prepared.signers if signer.pubkey() in signed]
        refused = prepared.market.chain.refuse(changed, signers=signers)
        assert refused.error == "WrongAccountCount"


@pytest.mark.parametrize("party", range(4))
def test_a_read_only_party_is_refused(party: int) -> None:
    prepared = prepare("settle_trades")
    shared = len(accounts_of("settle_trades"))
    changed = with_account(prepared.instruction, shared + 4 + party, writable=False)
    refused = prepared.market.chain.refuse(changed, signers=prepared.signers)
    assert refused.error == "NotWritable"


@pytest.mark.parametrize(
    ("name", "place", "stand_in"),
    [
        ("mint_energy", "config", "ledger"),
        ("mint_energy", "ledger", "config"),
        ("close_ledger", "ledger", "config"),
        ("close_settlement", "settlement", "config"),
        ("settle_trades", "settlement", "config"),
        ("settle_trades", "config", "settlement"),
        ("revoke_certificate", "certificate", "config"),
        ("open_settlement", "zone", "config"),
        ("open_settlement", "settlement", "config"),
    ],
)
def test_our_own_account_of_another_kind_is_refused(name: str, place: str, stand_in: str) -> None:
    prepared = prepare(name)
    chain = prepared.market.chain
    if name == "mint_energy":
        chain.send(prepared.instruction, signers=prepared.signers)
    names = [account["name"] for account in accounts_of(name)]
    address: Pubkey = prepared.instruction.accounts[names.index(stand_in)].pubkey
    changed = with_account(prepared.instruction, names.index(place), address=address)
    refused = chain.refuse(changed, signers=prepared.signers)
    assert refused.error == "WrongAccountType"
