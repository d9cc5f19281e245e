"""The most that a thief gets out of one key, at its limits."""

from __future__ import annotations

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import instructions
from gridtokenx_indexer.tx.gridtokenx.values import TradeTerms
from tests.support import svm_tokens as tokens
from tests.support.svm import EPOCH, key
from tests.support.svm_instructions import issue, two_trades, with_account
from tests.support.svm_market import DEADLINE_UNIX, LIMITS, NOW_WINDOW, Market, Trade, terms

KWH = 10**9


@pytest.fixture
def market() -> Market:
    return Market()


def test_a_minter_mints_the_limit_per_meter_and_recent_window_and_no_more(market: Market) -> None:
    thief = market.trader("thief")
    most = LIMITS.max_mint_base_units
    for meter in range(3):
        invented = meter_key(f"invented {meter}")
        for age in (0, 1, LIMITS.max_window_age):
            mint = market.mint(thief.energy, most, meter=invented, window=NOW_WINDOW - age)
            market.chain.send(mint, signers=[market.minter])
    assert tokens.supply(market.chain, market.energy_mint) == 9 * most
    for attempt in (
        market.mint(thief.energy, most + 1, window=NOW_WINDOW),
        market.mint(thief.energy, most, window=NOW_WINDOW + 1),
        market.mint(thief.energy, most, window=NOW_WINDOW - LIMITS.max_window_age - 1),
    ):
        market.chain.refuse(attempt, signers=[market.minter])
    assert tokens.supply(market.chain, market.energy_mint) == 9 * most


def test_a_minter_does_nothing_else(market: Market) -> None:
    result, opening = market.open(two_trades(market))
    market.chain.send(opening, signers=[market.clearer])
    minter = market.minter.pubkey()
    metas = [
        (opening, 0),
        (market.settle(result), 0),
        (issue(market, market.chain.payer.pubkey()), 1),
        (pause(market, market.authority.pubkey()), 0),
    ]
    for instruction, index in metas:
        attempt = with_account(instruction, index, address=minter)
        assert market.chain.refuse(attempt, signers=[market.minter]).error == "Unauthorized"


def pause(market: Market, authority: Pubkey) -> Instruction:
    return instructions.set_paused(program_id=market.program_id, authority=authority, paused=True)


def test_a_clearer_alone_moves_nothing(market: Market) -> None:
    """He publishes a theft within the price limits; without the settler nothing moves."""
    victim = market.trader("victim", payment=10**9)
    thief = market.trader("thief")
    loot = TradeTerms(energy_base_units=1, payment_base_units=0, fee_base_units=0)
    result = market.publish([Trade(thief, victim, loot)], price=LIMITS.max_price)
    attempt = instructions.settle_trades(
        program_id=market.program_id,
        settler=market.clearer.pubkey(),
        fee_recipient=market.fee_recipient,
        energy_token_program=market.energy_program,
        payment_token_program=market.payment_program,
        epoch=EPOCH,
        zone=7,
        part=0,
        first_index=0,
        trades=[(trade.accounts, trade.terms) for trade in result.trades],
        proof=[],
    )
    assert market.chain.refuse(attempt, signers=[market.clearer]).error == "Unauthorized"


def test_clearer_and_settler_together_pay_the_highest_price_for_real_energy(market: Market) -> None:
    """Owners lose at most their allowance, and get its worth in energy at the highest price."""
    victim = market.trader("victim", payment=10**9, payment_allowance=25_000_000)
    thief = market.trader("thief")
    market.give_energy(thief, 90 * KWH)
    price = LIMITS.max_price
    trades = [Trade(thief, victim, terms(KWH, fee_bps=0, price=price)) for _ in range(4)]
    result = market.publish(trades, price=price)
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    rejected = {"Rejected": {"reason": "InsufficientAllowance"}}
    assert market.outcomes(landed) == ["Settled", "Settled", rejected, rejected]
    assert tokens.amount(market.chain, thief.payment) == 2 * price
    assert tokens.amount(market.chain, victim.energy) == 2 * KWH
    _, dearer = market.open(trades, part=1, first_index=4, price=price + 1)
    assert market.chain.refuse(dearer, signers=[market.clearer]).error == "PriceOutOfLimits"
    overpaid = TradeTerms(energy_base_units=1, payment_base_units=10**6, fee_base_units=0)
    bad = market.publish([Trade(thief, victim, overpaid)], part=2, first_index=4, price=price)
    attempt = market.settle(bad)
    assert market.chain.refuse(attempt, signers=[market.settler]).error == "PaymentNotAtPrice"


def test_a_settler_executes_only_what_was_published(market: Market) -> None:
    result = market.publish(two_trades(market))
    thief = market.trader("thief")
    trade = result.trades[0]
    redirected = Trade(trade.seller, thief, trade.terms)
    attempt = instructions.settle_trades(
        program_id=market.program_id,
        settler=market.settler.pubkey(),
        fee_recipient=market.fee_recipient,
        energy_token_program=market.energy_program,
        payment_token_program=market.payment_program,
        epoch=EPOCH,
        zone=7,
        part=0,
        first_index=0,
        trades=[(redirected.accounts, redirected.terms)],
        proof=result.tree.range_proof(0, 1),
    )
    assert market.chain.refuse(attempt, signers=[market.settler]).error == "InvalidProof"
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled", "Settled"]
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Skipped", "Skipped"]
    market.chain.set_time(DEADLINE_UNIX + 1)
    late = market.chain.refuse(market.settle(result), signers=[market.settler])
    assert late.error == "SettlementExpired"


def test_a_clearer_cannot_lock_a_zone_for_later_epochs(market: Market) -> None:
    """The furthest he gets is the last part of the epoch that runs."""
    trades = two_trades(market)
    market.publish(trades, epoch=EPOCH + 15, part=65_535)
    _, future = market.open(trades, epoch=EPOCH + 30)
    assert market.chain.refuse(future, signers=[market.clearer]).error == "EpochInFuture"
    market.chain.set_time(DEADLINE_UNIX - 1)
    market.publish(trades, epoch=EPOCH + 30)


def test_an_issuer_takes_nobodys_certificate(market: Market) -> None:
    market.chain.send(issue(market, market.chain.payer.pubkey()), signers=[market.issuer])
    thief = key("thief").pubkey()
    attempt = instructions.transfer_certificate(
        program_id=market.program_id,
        owner=market.issuer.pubkey(),
        certificate_id="TH-REC-2016-000001",
        new_owner=thief,
    )
    assert market.chain.refuse(attempt, signers=[market.issuer]).error == "Unauthorized"


def test_a_role_removed_by_the_authority_is_out_at_once(market: Market) -> None:
    seller = market.trader("seller")
    thief = market.minter
    market.minter = key("new minter")
    market.chain.svm.airdrop(market.minter.pubkey(), 10**10)
    change = instructions.set_roles(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        fee_recipient=market.fee_recipient,
        roles=market.roles,
    )
    market.chain.send(change, signers=[market.authority])
    market.chain.send(market.mint(seller.energy), signers=[market.minter])
    market.minter = thief
    assert market.chain.refuse(market.mint(seller.energy), signers=[thief]).error == "Unauthorized"
    assert market.config().roles.minter == key("new minter").pubkey()
