"""Anyone may send lamports to an address before its account exists; no kind of account minds."""

from __future__ import annotations

import pytest
from solders.pubkey import Pubkey
from solders.system_program import (
    CreateAccountParams,
    TransferParams,
    create_account,
    transfer,
)

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import pda
from tests.support.svm import EPOCH, key
from tests.support.svm_instructions import CERTIFICATE_ID, prepare
from tests.support.svm_market import NOW_WINDOW, ZONE, Market

METER = meter_key("meter 1")
PROGRAM = pda.DEFAULT_PROGRAM_ID
CREATED = {
    "config": ("initialize", pda.config(PROGRAM)),
    "participant": ("register_participant", pda.participant(PROGRAM, key("wallet").pubkey())),
    "ledger": ("mint_energy", pda.ledger(PROGRAM, METER, pda.ledger_page(METER, NOW_WINDOW - 1))),
    "zone": ("open_settlement", pda.zone(PROGRAM, ZONE)),
    "settlement": ("open_settlement", pda.settlement(PROGRAM, EPOCH, ZONE, 0)),
    "certificate": ("issue_certificate", pda.certificate(PROGRAM, CERTIFICATE_ID)),
}


def fund(market: Market, address: Pubkey, lamports: int) -> None:
    payer = market.chain.payer.pubkey()
    params = TransferParams(from_pubkey=payer, to_pubkey=address, lamports=lamports)
    market.chain.send(transfer(params))


def payer_of(name: str, market: Market) -> Pubkey:
    roles = {"mint_energy": market.minter, "open_settlement": market.clearer}
    return roles.get(name, key("rent payer")).pubkey()


@pytest.mark.parametrize("kind", CREATED)
@pytest.mark.parametrize("share", ["bare minimum", "half", "exactly", "too much"])
def test_a_funded_address_becomes_the_account(kind: str, share: str) -> None:
    """The payer tops up what is missing, no more; what was sent too much stays in the account."""
    name, (address, _) = CREATED[kind]
    sample = prepare(name)
    sample.market.chain.send(sample.instruction, signers=sample.signers)
    expected = sample.market.chain.account(address)
    assert expected is not None
    rent = expected.lamports

    prepared = prepare(name)
    chain = prepared.market.chain
    amount = {
        "bare minimum": chain.rent(0),
        "half": max(chain.rent(0), rent // 2),
        "exactly": rent,
        "too much": rent + 12_345,
    }[share]
    fund(prepared.market, address, amount)
    payer = payer_of(name, prepared.market)
    sample_paid = rent_paid(name, kind)
    before = chain.lamports(payer)
    landed = chain.send(prepared.instruction, signers=prepared.signers)
    assert len(landed.event_data) == 1
    account = chain.account(address)
    assert account is not None
    assert (account.owner, bytes(account.data)) == (PROGRAM, bytes(expected.data))
    assert account.lamports == max(rent, amount)
    assert before - chain.lamports(payer) == sample_paid - min(rent, amount)


def rent_paid(name: str, kind: str) -> int:
    """What the instruction costs its rent payer when nobody sent anything before."""
    assert CREATED[kind][0] == name
    prepared = prepare(name)
    payer = payer_of(name, prepared.market)
    before = prepared.market.chain.lamports(payer)
    prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
    return before - prepared.market.chain.lamports(payer)


def test_a_stranger_cannot_occupy_the_address() -> None:
    """Only the program signs for its addresses, so nobody can give them data or another owner."""
    prepared = prepare("mint_energy")
    chain = prepared.market.chain
    address = CREATED["ledger"][1][0]
    params = CreateAccountParams(
        from_pubkey=chain.payer.pubkey(),
        to_pubkey=address,
        lamports=chain.rent(10),
        space=10,
        owner=key("stranger").pubkey(),
    )
    with pytest.raises(KeyError, match=str(address)):
        chain.transaction([create_account(params)])


@pytest.mark.parametrize("kind", CREATED)
def test_an_occupied_address_is_refused(kind: str) -> None:
    """It cannot happen on a cluster, and is refused all the same."""
    name, (address, _) = CREATED[kind]
    prepared = prepare(name)
    prepared.market.chain.put(address, b"occupied", owner=key("stranger").pubkey())
    refused = prepared.market.chain.refuse(prepared.instruction, signers=prepared.signers)
    assert refused.error == "WrongAccountOwner"


def test_a_closed_ledgers_address_may_be_funded_again() -> None:
    prepared = prepare("close_ledger")
    market = prepared.market
    market.chain.send(prepared.instruction)
    fund(market, CREATED["ledger"][1][0], 10**9)
    assert market.chain.refuse(prepared.instruction).error == "WrongAccountOwner"
