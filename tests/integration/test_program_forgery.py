"""Events that the program did not send: top-level, and through another program."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.tx.gridtokenx import pda
from tests.support import svm_tokens as tokens
from tests.support.svm import EVENT_TAG, key
from tests.support.svm_instructions import prepare, two_trades
from tests.support.svm_market import Market

CALLER = key("caller program").pubkey()
FORWARD, FORWARD_SIGNED, LOG = b"\x00", b"\x01", b"\x02"
EVENT = (
    sha256(b"event:EnergyMinted").digest()[:8] + bytes(16 + 4) + (10**18).to_bytes(8, "little") + bytes(32)
)


@cache
def caller_bytes() -> bytes:
    return resource("programs/caller/caller.so").read_bytes()


@pytest.fixture
def market() -> Market:
    market = Market()
    market.chain.install(CALLER, caller_bytes(), None)
    return market


def forged(market: Market, accounts: list[AccountMeta]) -> Instruction:
    return Instruction(market.program_id, EVENT_TAG + EVENT, accounts)


def through_caller(inner: Instruction, mode: bytes = FORWARD) -> Instruction:
    target = AccountMeta(inner.program_id, is_signer=False, is_writable=False)
    return Instruction(CALLER, mode + bytes(inner.data), [target, *inner.accounts])


def meta(address: Pubkey, *, signer: bool = False) -> AccountMeta:
    return AccountMeta(address, is_signer=signer, is_writable=False)


def test_a_top_level_event_is_refused(market: Market) -> None:
    authority = pda.event_authority(market.program_id)[0]
    for accounts in ([], [meta(authority)], [meta(authority), meta(market.program_id)]):
        assert market.chain.refuse(forged(market, accounts)).error == "EventForged"


def test_another_signer_is_not_the_event_authority(market: Market) -> None:
    thief = key("thief")
    attempt = forged(market, [meta(thief.pubkey(), signer=True)])
    assert market.chain.refuse(attempt, signers=[thief]).error == "EventForged"


def test_even_the_roles_cannot_forge(market: Market) -> None:
    for role in (market.authority, market.minter, market.settler, market.chain.payer):
        attempt = forged(market, [meta(role.pubkey(), signer=True)])
        assert market.chain.refuse(attempt, signers=[role]).error == "EventForged"


def test_an_event_through_another_program_is_refused(market: Market) -> None:
    authority = pda.event_authority(market.program_id)[0]
    thief = key("thief")
    attempts: list[tuple[Instruction, list[Keypair]]] = [
        (forged(market, []), []),
        (forged(market, [meta(authority)]), []),
        (forged(market, [meta(thief.pubkey(), signer=True)]), [thief]),
    ]
    for attempt, signers in attempts:
        refused = market.chain.refuse(through_caller(attempt), signers=signers)
        assert refused.error == "EventForged"


def test_another_programs_own_event_authority_is_not_ours(market: Market) -> None:
    authority, bump = pda.event_authority(CALLER)
    attempt = through_caller(forged(market, [meta(authority)]), FORWARD_SIGNED + bytes([bump]))
    assert market.chain.refuse(attempt).error == "EventForged"


def test_a_log_line_is_no_event(market: Market) -> None:
    """Another program may log what it likes; nothing of it stands in the trace as a call of ours."""
    landed = market.chain.send(Instruction(CALLER, LOG + EVENT, []))
    assert any(line.startswith("Program data: ") for line in landed.logs)
    assert landed.event_data == []
    assert landed.trace == 2


def test_every_bump_of_the_event_authority_is_refused_unsigned(market: Market) -> None:
    for bump in (255, 254, 128, 0):
        seeds = [b"__event_authority", bytes([bump])]
        digest = sha256(b"".join(seeds) + bytes(market.program_id) + b"ProgramDerivedAddress").digest()
        attempt = forged(market, [meta(Pubkey(digest))])
        assert market.chain.refuse(attempt).error == "EventForged"


def test_instructions_through_another_program_keep_their_checks(market: Market) -> None:
    """Roles may sign through a program of their own; a stranger's program gains nothing."""
    seller = market.trader("seller")
    landed = market.chain.send(through_caller(market.mint(seller.energy)), signers=[market.minter])
    assert market.events(landed)[0][0] == "EnergyMinted"
    unsigned = market.mint(seller.energy)
    metas = [AccountMeta(m.pubkey, False, m.is_writable) for m in unsigned.accounts]
    attempt = Instruction(unsigned.program_id, unsigned.data, metas)
    assert market.chain.refuse(through_caller(attempt)).error == "MissingSignature"


def test_a_stranger_cannot_use_allowances_through_a_token_call(market: Market) -> None:
    """The delegate signs for nobody: calling the token program with its address fails."""
    result = market.publish(two_trades(market))
    seller, buyer = result.trades[0].seller, result.trades[0].buyer
    delegate = pda.delegate(market.program_id)[0]
    theft = tokens.transfer(market.energy_program, seller.energy, buyer.energy, delegate, 1)
    metas = [AccountMeta(m.pubkey, False, m.is_writable) for m in theft.accounts]
    attempt = through_caller(Instruction(theft.program_id, theft.data, metas))
    refused = market.chain.refuse(attempt)
    assert "MissingRequiredSignature" in refused.error


def test_every_instruction_of_ours_leaves_exactly_one_event() -> None:
    """Two settlements in a transaction leave two events, in the order of their instructions."""
    prepared = prepare("settle_trades")
    landed = prepared.market.chain.send(prepared.instruction, prepared.instruction, signers=prepared.signers)
    assert [name for name, _ in prepared.market.events(landed)] == ["TradesSettled"] * 2
