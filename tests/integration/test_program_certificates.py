"""The life of a certificate: issued, transferred, retired or revoked."""

from __future__ import annotations

from typing import Any

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair

from gridtokenx_indexer.tx.gridtokenx import accounts, instructions, pda
from gridtokenx_indexer.tx.gridtokenx.values import NOBODY, CertificateStatus
from tests.support.svm import EPOCH_START_UNIX, NOW_UNIX, key
from tests.support.svm_events import decode_account
from tests.support.svm_instructions import CERTIFICATE_ID, issue, issued
from tests.support.svm_market import Market

OWNER, NEW_OWNER = key("owner"), key("new owner")
BENEFICIARY = key("beneficiary").pubkey()


@pytest.fixture
def market() -> Market:
    return issued()


def certificate(market: Market, certificate_id: str = CERTIFICATE_ID) -> accounts.Certificate:
    address = pda.certificate(market.program_id, certificate_id)[0]
    return accounts.certificate(market.chain.data(address))


def revoke(market: Market) -> Instruction:
    return instructions.revoke_certificate(
        program_id=market.program_id, issuer=market.issuer.pubkey(), certificate_id=CERTIFICATE_ID
    )


def transfer(market: Market, owner: Keypair = OWNER) -> Instruction:
    return instructions.transfer_certificate(
        program_id=market.program_id,
        owner=owner.pubkey(),
        certificate_id=CERTIFICATE_ID,
        new_owner=NEW_OWNER.pubkey(),
    )


def retire(market: Market, owner: Keypair = OWNER) -> Instruction:
    return instructions.retire_certificate(
        program_id=market.program_id,
        owner=owner.pubkey(),
        certificate_id=CERTIFICATE_ID,
        beneficiary=BENEFICIARY,
    )


def test_an_issued_certificate_says_what_it_stands_for() -> None:
    market = Market()
    issuing = issue(market, market.chain.payer.pubkey())
    landed = market.chain.send(issuing, signers=[market.issuer])
    said = {
        "certificate_id": CERTIFICATE_ID,
        "owner": OWNER.pubkey(),
        "issuer": market.issuer.pubkey(),
        "energy": 7 * 10**9,
        "period_start": EPOCH_START_UNIX - 86_400,
        "period_end": EPOCH_START_UNIX,
    }
    assert market.events(landed) == [("CertificateIssued", said)]
    state = certificate(market)
    assert (state.certificate_id, state.owner) == (CERTIFICATE_ID, OWNER.pubkey())
    assert (state.status, state.beneficiary) == (CertificateStatus.ACTIVE, NOBODY)
    data = market.chain.data(pda.certificate(market.program_id, CERTIFICATE_ID)[0])
    assert decode_account(data) == (
        "Certificate",
        {**said, "beneficiary": NOBODY, "status": "Active"},
    )


def test_an_id_is_issued_once(market: Market) -> None:
    again = issue(market, market.chain.payer.pubkey(), owner=NEW_OWNER.pubkey())
    assert market.chain.refuse(again, signers=[market.issuer]).error == "CertificateExists"


@pytest.mark.parametrize("certificate_id", ["x", "ä" * 50, "y" * 100])
def test_ids_of_every_allowed_length(certificate_id: str) -> None:
    market = Market()
    issuing = issue(market, market.chain.payer.pubkey(), certificate_id=certificate_id)
    market.chain.send(issuing, signers=[market.issuer])
    assert certificate(market, certificate_id).certificate_id == certificate_id


@pytest.mark.parametrize("certificate_id", ["", "z" * 101, "ä" * 51])
def test_ids_of_another_length_are_refused(certificate_id: str) -> None:
    market = Market()
    issuing = issue(market, market.chain.payer.pubkey(), certificate_id=certificate_id)
    refused = market.chain.refuse(issuing, signers=[market.issuer])
    assert refused.error == "InvalidCertificateId"


def test_an_id_that_is_not_utf8_is_refused() -> None:
    market = Market()
    issuing = issue(market, market.chain.payer.pubkey(), certificate_id="xy")
    data = bytes(issuing.data).replace(b"xy", b"\xff\xfe")
    broken = Instruction(market.program_id, data, issuing.accounts)
    assert market.chain.refuse(broken, signers=[market.issuer]).error == "InvalidCertificateId"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"energy_base_units": 0}, "ZeroAmount"),
        ({"period_start_unix": EPOCH_START_UNIX}, "InvalidPeriod"),
        ({"period_start_unix": -900}, "InvalidPeriod"),
        ({"period_end_unix": EPOCH_START_UNIX - 2 * 86_400}, "InvalidPeriod"),
        ({"period_end_unix": EPOCH_START_UNIX + 1_800}, "InvalidPeriod"),
        ({"period_start_unix": EPOCH_START_UNIX - 899}, "UnalignedPeriod"),
        ({"period_end_unix": EPOCH_START_UNIX - 1}, "UnalignedPeriod"),
    ],
)
def test_an_absurd_certificate_is_refused(changes: dict[str, Any], error: str) -> None:
    market = Market()
    assert EPOCH_START_UNIX < NOW_UNIX < EPOCH_START_UNIX + 1_800
    issuing = issue(market, market.chain.payer.pubkey(), **changes)
    assert market.chain.refuse(issuing, signers=[market.issuer]).error == error


def test_a_transfer_moves_it_and_the_old_owner_is_out(market: Market) -> None:
    landed = market.chain.send(transfer(market), signers=[OWNER])
    moved = {"from_owner": OWNER.pubkey(), "to_owner": NEW_OWNER.pubkey()}
    assert market.events(landed) == [("CertificateTransferred", {"certificate_id": CERTIFICATE_ID, **moved})]
    assert certificate(market).owner == NEW_OWNER.pubkey()
    for attempt in (transfer(market), retire(market)):
        assert market.chain.refuse(attempt, signers=[OWNER]).error == "Unauthorized"
    market.chain.send(retire(market, NEW_OWNER), signers=[NEW_OWNER])


def test_retiring_names_the_beneficiary(market: Market) -> None:
    landed = market.chain.send(retire(market), signers=[OWNER])
    said = {
        "certificate_id": CERTIFICATE_ID,
        "owner": OWNER.pubkey(),
        "beneficiary": BENEFICIARY,
        "energy": 7 * 10**9,
    }
    assert market.events(landed) == [("CertificateRetired", said)]
    state = certificate(market)
    assert (state.status, state.beneficiary) == (CertificateStatus.RETIRED, BENEFICIARY)


def test_revoking_leaves_the_owner(market: Market) -> None:
    landed = market.chain.send(revoke(market), signers=[market.issuer])
    said = {"certificate_id": CERTIFICATE_ID, "owner": OWNER.pubkey()}
    assert market.events(landed) == [("CertificateRevoked", said)]
    assert certificate(market).status is CertificateStatus.REVOKED


@pytest.mark.parametrize("ending", ["retire", "revoke"])
def test_terminal_states_stay_terminal(market: Market, ending: str) -> None:
    last = (retire(market), OWNER) if ending == "retire" else (revoke(market), market.issuer)
    market.chain.send(last[0], signers=[last[1]])
    before = certificate(market)
    for attempt, signer in (
        (retire(market), OWNER),
        (transfer(market), OWNER),
        (revoke(market), market.issuer),
    ):
        refused = market.chain.refuse(attempt, signers=[signer])
        assert refused.error == "CertificateNotActive"
    again = issue(market, market.chain.payer.pubkey())
    assert market.chain.refuse(again, signers=[market.issuer]).error == "CertificateExists"
    assert certificate(market) == before
