"""What the authority does after setting up."""

from __future__ import annotations

import msgspec
import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import accounts, instructions, pda
from gridtokenx_indexer.tx.gridtokenx.values import NO_METER, NOBODY, Limits, ParticipantKind, Roles
from tests.support import svm_tokens as tokens
from tests.support.svm import NOW_UNIX, key
from tests.support.svm_events import decode_account
from tests.support.svm_instructions import issue, two_trades
from tests.support.svm_market import LIMITS, Market


@pytest.fixture
def market() -> Market:
    return Market()


def pause(market: Market, *, paused: bool = True) -> Instruction:
    return instructions.set_paused(
        program_id=market.program_id, authority=market.authority.pubkey(), paused=paused
    )


def test_roles_and_fee_recipient_are_replaced(market: Market) -> None:
    roles = Roles(**{name: key(f"new {name}").pubkey() for name in Roles.__struct_fields__})
    recipient = market.trader("new operator").payment
    change = instructions.set_roles(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        fee_recipient=recipient,
        roles=roles,
    )
    landed = market.chain.send(change, signers=[market.authority])
    config = market.config()
    assert (config.roles, config.fee_recipient) == (roles, recipient)
    ((name, event),) = market.events(landed)
    assert name == "RolesSet"
    assert event == {"roles": msgspec.structs.asdict(roles), "fee_recipient": recipient}
    attempt = market.mint(recipient)
    assert market.chain.refuse(attempt, signers=[market.minter]).error == "Unauthorized"


def test_limits_are_replaced(market: Market) -> None:
    limits = Limits(
        max_mint_base_units=2**64 - 1,
        max_window_age=2**32 - 1,
        min_price=1,
        max_price=2**64 - 1,
        max_fee_bps=10_000,
    )
    change = instructions.set_limits(
        program_id=market.program_id, authority=market.authority.pubkey(), limits=limits
    )
    landed = market.chain.send(change, signers=[market.authority])
    assert market.config().limits == limits
    assert market.events(landed) == [("LimitsSet", {"limits": msgspec.structs.asdict(limits)})]


def test_pausing_stops_minting_opening_settling_and_issuing(market: Market) -> None:
    result = market.publish(two_trades(market))
    landed = market.chain.send(pause(market), signers=[market.authority])
    assert market.events(landed) == [("PausedSet", {"paused": True})]
    seller = result.trades[0].seller
    _, opening = market.open(result.trades, part=1, first_index=2)
    stopped = [
        (market.mint(seller.energy), market.minter),
        (opening, market.clearer),
        (market.settle(result), market.settler),
        (issue(market, market.chain.payer.pubkey()), market.issuer),
    ]
    for instruction, signer in stopped:
        assert market.chain.refuse(instruction, signers=[signer]).error == "Paused"
    market.chain.send(pause(market, paused=False), signers=[market.authority])
    for instruction, signer in stopped:
        market.chain.send(instruction, signers=[signer])


def test_pausing_does_not_stop_closing_retiring_and_administration(market: Market) -> None:
    result = market.publish(two_trades(market))
    market.chain.send(issue(market, market.chain.payer.pubkey()), signers=[market.issuer])
    market.chain.send(pause(market), signers=[market.authority])
    market.chain.set_time(NOW_UNIX + 86_400)
    market.chain.send(market.close(result))
    retire = instructions.retire_certificate(
        program_id=market.program_id,
        owner=key("owner").pubkey(),
        certificate_id="TH-REC-2016-000001",
        beneficiary=key("owner").pubkey(),
    )
    market.chain.send(retire, signers=[key("owner")])
    limits = instructions.set_limits(
        program_id=market.program_id, authority=market.authority.pubkey(), limits=LIMITS
    )
    market.chain.send(limits, signers=[market.authority])


def propose(market: Market, successor: Pubkey) -> Instruction:
    return instructions.propose_authority(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        pending_authority=successor,
    )


def accept(market: Market, successor: Pubkey) -> Instruction:
    return instructions.accept_authority(program_id=market.program_id, pending_authority=successor)


def test_the_authority_moves_in_two_steps(market: Market) -> None:
    successor = key("successor")
    landed = market.chain.send(propose(market, successor.pubkey()), signers=[market.authority])
    proposed = {"authority": market.authority.pubkey(), "pending_authority": successor.pubkey()}
    assert market.events(landed) == [("AuthorityProposed", proposed)]
    assert market.config().authority == market.authority.pubkey()
    landed = market.chain.send(accept(market, successor.pubkey()), signers=[successor])
    assert market.events(landed) == [("AuthorityAccepted", {"authority": successor.pubkey()})]
    config = market.config()
    assert (config.authority, config.pending_authority) == (successor.pubkey(), NOBODY)
    refused = market.chain.refuse(pause(market), signers=[market.authority])
    assert refused.error == "Unauthorized"


def test_nobody_can_accept_without_a_proposal(market: Market) -> None:
    thief = key("thief")
    refused = market.chain.refuse(accept(market, thief.pubkey()), signers=[thief])
    assert refused.error == "NoPendingAuthority"


def test_a_withdrawn_proposal_cannot_be_accepted(market: Market) -> None:
    successor = key("successor")
    market.chain.send(propose(market, successor.pubkey()), signers=[market.authority])
    market.chain.send(propose(market, NOBODY), signers=[market.authority])
    refused = market.chain.refuse(accept(market, successor.pubkey()), signers=[successor])
    assert refused.error == "NoPendingAuthority"


def register(market: Market, wallet: Pubkey, kind: ParticipantKind, meter: bytes) -> Instruction:
    return instructions.register_participant(
        program_id=market.program_id,
        payer=market.chain.payer.pubkey(),
        authority=market.authority.pubkey(),
        wallet=wallet,
        kind=kind,
        meter_id=meter,
    )


@pytest.mark.parametrize("kind", ParticipantKind)
@pytest.mark.parametrize("meter", [meter_key("meter 1"), NO_METER])
def test_a_participant_is_recorded_once(market: Market, kind: ParticipantKind, meter: bytes) -> None:
    wallet = key("wallet").pubkey()
    registration = register(market, wallet, kind, meter)
    landed = market.chain.send(registration, signers=[market.authority])
    data = market.chain.data(pda.participant(market.program_id, wallet)[0])
    assert accounts.participant(data) == accounts.Participant(
        wallet=wallet, kind=kind, meter_id=meter, registered_at_unix=NOW_UNIX
    )
    said = {"wallet": wallet, "kind": kind.name.capitalize(), "meter_id": meter}
    assert decode_account(data) == ("Participant", {**said, "registered_at": NOW_UNIX})
    assert market.events(landed) == [("ParticipantRegistered", said)]
    refused = market.chain.refuse(registration, signers=[market.authority])
    assert refused.error == "AlreadyRegistered"


def test_a_fee_recipient_that_broke_is_named(market: Market) -> None:
    """The payment token's issuer freezes the operator's account; the authority can name another."""
    result = market.publish(two_trades(market))
    frozen = tokens.freeze(
        market.payment_program, market.fee_recipient, market.payment_mint, market.bank.pubkey()
    )
    market.chain.send(frozen, signers=[market.bank])
    refused = market.chain.refuse(market.settle(result), signers=[market.settler])
    assert refused.error == "InvalidFeeRecipient"
    market.fee_recipient = market.trader("new operator").payment
    change = instructions.set_roles(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        fee_recipient=market.fee_recipient,
        roles=market.roles,
    )
    market.chain.send(change, signers=[market.authority])
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled", "Settled"]


def test_a_fee_recipient_that_wants_memos_is_refused() -> None:
    """No transfer of the program comes with one, so every fee would fail its batch."""
    market = Market(energy_program=tokens.TOKEN_2022, payment_program=tokens.TOKEN_2022)
    result = market.publish(two_trades(market))
    operator, payer = market.operator, market.chain.payer.pubkey()
    owner = operator.wallet.pubkey()
    market.chain.send(
        tokens.reallocate(tokens.TOKEN_2022, operator.payment, payer, owner, 8),
        tokens.require_memo(tokens.TOKEN_2022, operator.payment, owner, required=True),
        signers=[operator.wallet],
    )
    change = instructions.set_roles(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        fee_recipient=operator.payment,
        roles=market.roles,
    )
    for attempt, signer in ((change, market.authority), (market.settle(result), market.settler)):
        assert market.chain.refuse(attempt, signers=[signer]).error == "InvalidFeeRecipient"


def test_lamports_alone_do_not_make_a_config(market: Market) -> None:
    """An account that the system program owns is not ours, whatever its address."""
    other = Market(initialized=False)
    config = pda.config(other.program_id)[0]
    payer = other.chain.payer.pubkey()
    other.chain.send(transfer(TransferParams(from_pubkey=payer, to_pubkey=config, lamports=10**9)))
    metas = pause(market).accounts
    attempt = Instruction(other.program_id, pause(market).data, metas)
    assert isinstance(metas[0], AccountMeta)
    refused = other.chain.refuse(attempt, signers=[other.authority])
    assert refused.error == "WrongAccountOwner"
