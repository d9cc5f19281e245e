"""Executing published trades: money, energy, proofs, once each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain import merkle
from gridtokenx_indexer.tx.gridtokenx import instructions, pda
from gridtokenx_indexer.tx.gridtokenx.values import Limits, TradeTerms
from tests.support import svm_tokens as tokens
from tests.support.svm import EPOCH
from tests.support.svm_instructions import two_trades, with_account
from tests.support.svm_market import (
    DEADLINE_UNIX,
    PRICE,
    ZONE,
    Market,
    Result,
    Trade,
    Trader,
    leaf,
    terms,
)

KWH = 10**9
PROGRAMS = [tokens.SPL_TOKEN, tokens.TOKEN_2022]


@pytest.fixture
def market() -> Market:
    return Market()


def holdings(market: Market, *traders: Trader) -> list[tuple[int, int]]:
    chain = market.chain
    return [(tokens.amount(chain, t.energy), tokens.amount(chain, t.payment)) for t in traders]


@pytest.mark.parametrize("energy", PROGRAMS)
@pytest.mark.parametrize("payment", PROGRAMS)
def test_energy_payment_and_fee_move_together(energy: Pubkey, payment: Pubkey) -> None:
    market = Market(energy_program=energy, payment_program=payment)
    seller, buyer = market.trader("seller"), market.trader("buyer", payment=20_000_000)
    market.give_energy(seller, 5 * KWH)
    trade = Trade(seller, buyer, terms(2 * KWH, fee_bps=100))
    result = market.publish([trade])
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert holdings(market, seller, buyer, market.operator) == [
        (3 * KWH, 6_000_000),
        (2 * KWH, 20_000_000 - 6_060_000),
        (0, 60_000),
    ]
    amounts = {"energy": 2 * KWH, "payment": 6_060_000, "fee": 60_000}
    said = {
        "epoch": EPOCH,
        "zone": ZONE,
        "part": 0,
        "first_index": 0,
        "results": [{**amounts, "outcome": "Settled"}],
    }
    assert market.events(landed) == [("TradesSettled", said)]
    assert tokens.allowance(market.chain, buyer.payment) == 2**64 - 1 - 6_060_000
    assert market.settlement(result).settled == 1


def test_a_trade_settles_once(market: Market) -> None:
    result = market.publish(two_trades(market))
    landed = market.chain.send(market.settle(result, 0, 1), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled"]
    parties = [party for trade in result.trades for party in (trade.seller, trade.buyer)]
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Skipped", "Settled"]
    after = holdings(market, *parties)
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Skipped", "Skipped"]
    assert holdings(market, *parties) == after
    state = market.settlement(result)
    assert (state.settled, state.bitmap) == (2, b"\x03")


def test_the_same_range_twice_in_one_transaction(market: Market) -> None:
    result = market.publish(two_trades(market))
    settle = market.settle(result)
    landed = market.chain.send(settle, settle, signers=[market.settler])
    outcomes = [[r["outcome"] for r in event["results"]] for _, event in market.events(landed)]
    assert outcomes == [["Settled"] * 2, ["Skipped"] * 2]


def small_trades(market: Market, count: int) -> list[Trade]:
    """Trades between the same two parties, with amounts that differ."""
    seller, buyer = market.trader("seller"), market.trader("buyer", payment=10**12)
    market.give_energy(seller, 90 * KWH)
    return [Trade(seller, buyer, terms(10**6 + n)) for n in range(count)]


@pytest.mark.parametrize("total", [1, 2, 3, 5, 8, 11, 13])
def test_every_range_of_a_part_settles(market: Market, total: int) -> None:
    """One part per range, so that every range is tried on a fresh bitmap."""
    trades = small_trades(market, total)
    part, first_index = 0, 0
    for first in range(total):
        for count in range(1, total - first + 1):
            result = market.publish(trades, part=part, first_index=first_index)
            landed = market.chain.send(market.settle(result, first, count), signers=[market.settler])
            assert market.outcomes(landed) == ["Settled"] * count
            settled = [n for n in range(total) if market.settlement(result).is_settled(first_index + n)]
            assert settled == list(range(first, first + count))
            part, first_index = part + 1, first_index + total


@pytest.mark.parametrize("total", [17, 31, 40, 64, 100])
def test_a_part_settles_in_ranges_of_many_sizes(market: Market, total: int) -> None:
    result = market.publish(small_trades(market, total), first_index=1_000)
    bounds = sorted({0, total, *(n * n % total for n in range(1, 12))})
    steps = [step for low, high in pairwise(bounds) for step in _steps(low, high, 9)]
    for first, count in steps:
        landed = market.chain.send(market.settle(result, first, count), signers=[market.settler])
        assert market.outcomes(landed) == ["Settled"] * count
    assert market.settlement(result).settled == total


def _steps(low: int, high: int, most: int) -> list[tuple[int, int]]:
    return [(first, min(most, high - first)) for first in range(low, high, most)]


def test_first_and_last_bit_of_the_largest_part(market: Market) -> None:
    """A proof in a tree of 65,536 leaves; the trades in between are never touched."""
    first, last = small_trades(market, 2)
    total = merkle.MAX_PART_TRADES
    leaves = [bytes(32)] * total
    for position, trade in ((0, first), (total - 1, last)):
        leaves[position] = leaf(trade, EPOCH, position)
    tree = merkle.MerkleTree(leaves)
    market.chain.send(publication(market, tree), signers=[market.clearer])
    trades = [first, *[first] * (total - 2), last]
    result = Result(epoch=EPOCH, part=0, first_index=0, trades=trades, tree=tree)
    for position in (0, total - 1):
        landed = market.chain.send(market.settle(result, position, 1), signers=[market.settler])
        assert market.outcomes(landed) == ["Settled"]
    state = market.settlement(result)
    assert (state.bitmap[0], state.bitmap[-1], state.settled) == (1, 0x80, 2)
    assert sum(map(int.bit_count, state.bitmap)) == 2


def publication(market: Market, tree: merkle.MerkleTree, price: int = PRICE, zone: int = ZONE) -> Instruction:
    return instructions.open_settlement(
        program_id=market.program_id,
        clearer=market.clearer.pubkey(),
        epoch=EPOCH,
        zone=zone,
        part=0,
        trades=len(tree),
        first_index=0,
        price_base_units=price,
        root=tree.root,
        deadline_unix=DEADLINE_UNIX,
    )


def settle_with(
    market: Market,
    result: Result,
    *,
    first_index: int = 0,
    trades: Sequence[Trade] | None = None,
    proof: Sequence[bytes] | None = None,
    part: int = 0,
) -> Instruction:
    """`settle_trades` with whatever a test wants to claim."""
    chosen = result.trades if trades is None else trades
    return instructions.settle_trades(
        program_id=market.program_id,
        settler=market.settler.pubkey(),
        fee_recipient=market.fee_recipient,
        energy_token_program=market.energy_program,
        payment_token_program=market.payment_program,
        epoch=EPOCH,
        zone=ZONE,
        part=part,
        first_index=first_index,
        trades=[(trade.accounts, trade.terms) for trade in chosen],
        proof=[] if proof is None else proof,
    )


def refusal(market: Market, instruction: Instruction) -> str:
    return market.chain.refuse(instruction, signers=[market.settler]).error


def test_anything_but_the_published_trades_is_refused(market: Market) -> None:
    result = market.publish(small_trades(market, 4))
    trades = result.trades
    proof = result.tree.range_proof(1, 2)
    market_thief = market.trader("thief")
    changed_terms = TradeTerms(energy_base_units=10**6, payment_base_units=3_000, fee_base_units=0)
    stolen = Trade(trades[1].seller, market_thief, trades[1].terms)
    cheaper = Trade(trades[1].seller, trades[1].buyer, changed_terms)
    swapped = Trade(trades[1].buyer, trades[1].seller, trades[1].terms)
    claims = [
        settle_with(market, result, first_index=1, trades=[trade, trades[2]], proof=proof)
        for trade in (stolen, cheaper, swapped, trades[2])
    ]
    claims += [
        settle_with(market, result, first_index=1, trades=trades[1:3], proof=wrong)
        for wrong in ([], proof[:1], proof[::-1], [*proof, bytes(32)], [bytes(32), *proof])
    ]
    claims += [
        settle_with(market, result, first_index=0, trades=trades[1:3], proof=proof),
        settle_with(market, result, first_index=2, trades=trades[1:3], proof=proof),
        settle_with(market, result, first_index=0, trades=trades[:1], proof=proof),
    ]
    for claim in claims:
        assert refusal(market, claim) == "InvalidProof"
    market.chain.send(
        settle_with(market, result, first_index=1, trades=trades[1:3], proof=proof),
        signers=[market.settler],
    )


def test_an_inner_node_is_not_a_leaf(market: Market) -> None:
    """A part with the parent of two leaves in place of a leaf has another root."""
    trades = small_trades(market, 2)
    leaves = [leaf(trade, EPOCH, n) for n, trade in enumerate(trades)]
    assert merkle.root(leaves) != merkle.root([merkle.node_hash(*leaves), leaves[1]])
    result = market.publish(trades)
    lone = settle_with(market, result, trades=trades[:1], proof=[])
    assert refusal(market, lone) == "InvalidProof"


def test_a_range_outside_the_part_is_refused(market: Market) -> None:
    trades = small_trades(market, 3)
    result = market.publish(trades, first_index=10)
    for first_index in (0, 9, 11, 13, 2**32 - 1):
        claim = settle_with(market, result, first_index=first_index)
        assert refusal(market, claim) == "IndexOutOfRange"


def test_the_last_index_that_fits_settles(market: Market) -> None:
    result = market.publish(small_trades(market, 3), first_index=2**32 - 4)
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled"] * 3
    assert market.settlement(result).is_settled(2**32 - 2)


def test_a_batch_without_trades_is_refused(market: Market) -> None:
    result = market.publish(small_trades(market, 3))
    assert refusal(market, settle_with(market, result, trades=[])) == "EmptyBatch"


def test_accounts_and_trades_must_match_in_number(market: Market) -> None:
    result = market.publish(small_trades(market, 3))
    settle = market.settle(result)
    many = settle.accounts * 8
    for metas in (settle.accounts[:-1], settle.accounts[:-4], settle.accounts * 2, many):
        attempt = Instruction(market.program_id, settle.data, metas)
        assert refusal(market, attempt) == "WrongAccountCount"


def test_another_settlement_is_refused(market: Market) -> None:
    trades = small_trades(market, 2)
    result = market.publish(trades)
    other_part = pda.settlement(market.program_id, EPOCH, ZONE, 1)[0]
    other_epoch = pda.settlement(market.program_id, EPOCH + 15, ZONE, 0)[0]
    other_zone = pda.settlement(market.program_id, EPOCH, ZONE + 1, 0)[0]
    market.publish(trades, part=1, first_index=2)
    market.publish(trades, epoch=EPOCH + 15)
    market.chain.send(publication(market, result.tree, zone=ZONE + 1), signers=[market.clearer])
    for address in (other_part, other_epoch, other_zone):
        attempt = with_account(market.settle(result), 2, address=address)
        assert refusal(market, attempt) == "WrongSettlement"


def test_a_claim_of_another_epoch_or_zone_is_refused(market: Market) -> None:
    """The event repeats what the instruction claims, so the claim must be the settlement's."""
    settle = market.settle(market.publish(small_trades(market, 2)))
    data = bytes(settle.data)
    for at in (8, 16, 20):
        claim = Instruction(
            market.program_id, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], settle.accounts
        )
        assert refusal(market, claim) == "WrongSettlement"


def test_nothing_settles_after_the_deadline(market: Market) -> None:
    result = market.publish(small_trades(market, 2))
    market.chain.set_time(DEADLINE_UNIX)
    market.chain.send(market.settle(result, 0, 1), signers=[market.settler])
    market.chain.set_time(DEADLINE_UNIX + 1)
    assert refusal(market, market.settle(result, 1, 1)) == "SettlementExpired"


def test_another_fee_recipient_is_refused(market: Market) -> None:
    result = market.publish(small_trades(market, 2))
    attempt = with_account(market.settle(result), 4, address=result.trades[0].buyer.payment)
    assert refusal(market, attempt) == "InvalidFeeRecipient"


def amounts(energy: int, payment: int, fee: int) -> TradeTerms:
    return TradeTerms(energy_base_units=energy, payment_base_units=payment, fee_base_units=fee)


@pytest.mark.parametrize(
    ("trade_terms", "error"),
    [
        (amounts(0, 0, 0), "ZeroAmount"),
        (amounts(KWH, 2_999_999, 0), "PaymentNotAtPrice"),
        (amounts(KWH, 3_000_001, 0), "PaymentNotAtPrice"),
        (amounts(KWH, 3_000_000, 3_000_001), "PaymentNotAtPrice"),
        (amounts(KWH, 3_030_001, 30_000), "PaymentNotAtPrice"),
        (amounts(KWH, 3_030_304, 30_304), "FeeAboveLimit"),
        (amounts(KWH, 2**64 - 1, 2**64 - 1), "FeeAboveLimit"),
    ],
)
def test_a_published_payment_must_follow_from_the_price(
    market: Market, trade_terms: TradeTerms, error: str
) -> None:
    """Even a clearer and a settler together cannot move money at another price."""
    seller, buyer = market.trader("seller"), market.trader("buyer", payment=10**12)
    market.give_energy(seller, 5 * KWH)
    result = market.publish([Trade(seller, buyer, trade_terms)])
    assert refusal(market, market.settle(result)) == error


@pytest.mark.parametrize(
    "trade_terms",
    [
        amounts(KWH, 3_000_000, 0),
        amounts(KWH, 3_000_000, 30_000),
        amounts(KWH, 3_030_303, 30_303),
        amounts(KWH, 3_010_000, 20_000),
        amounts(1, 0, 0),
        amounts(333_333_334, 1_000_000, 0),
    ],
)
def test_charges_may_lie_on_either_side_of_the_price(market: Market, trade_terms: TradeTerms) -> None:
    seller, buyer = market.trader("seller"), market.trader("buyer", payment=10**12)
    market.give_energy(seller, 5 * KWH)
    result = market.publish([Trade(seller, buyer, trade_terms)])
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled"]
    fee = trade_terms.fee_base_units
    assert tokens.amount(market.chain, market.fee_recipient) == fee
    assert tokens.amount(market.chain, seller.payment) == trade_terms.payment_base_units - fee


def test_a_value_beyond_64_bits_is_refused() -> None:
    limits = Limits(
        max_mint_base_units=2**63,
        max_window_age=2_000,
        min_price=1,
        max_price=2**64 - 1,
        max_fee_bps=0,
    )
    market = Market(limits=limits)
    seller, buyer = market.trader("seller"), market.trader("buyer", payment=2**63)
    market.give_energy(seller, 2**63)
    trade = Trade(seller, buyer, amounts(10 * KWH, 2**63, 0))
    tree = merkle.MerkleTree([leaf(trade, EPOCH, 0)])
    market.chain.send(publication(market, tree, price=2**63), signers=[market.clearer])
    result = Result(epoch=EPOCH, part=0, first_index=0, trades=[trade], tree=tree)
    assert refusal(market, market.settle(result)) == "MathOverflow"


def test_large_amounts_are_exact() -> None:
    """Energy times price needs more than 64 bits; the quotient fits."""
    limits = Limits(
        max_mint_base_units=2**63,
        max_window_age=2_000,
        min_price=1,
        max_price=2**64 - 1,
        max_fee_bps=10_000,
    )
    market = Market(limits=limits)
    seller, buyer = market.trader("seller"), market.trader("buyer", payment=2**63)
    market.give_energy(seller, 2**63)
    energy, price = 1_234_567_890_123_456_789, 6_999_999_937
    value = energy * price // 10**9
    trade = Trade(seller, buyer, amounts(energy, value + 12_345, 12_345))
    tree = merkle.MerkleTree([leaf(trade, EPOCH, 0)])
    market.chain.send(publication(market, tree, price=price), signers=[market.clearer])
    result = Result(epoch=EPOCH, part=0, first_index=0, trades=[trade], tree=tree)
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled"]
    assert tokens.amount(market.chain, seller.payment) == value


def test_a_trader_may_stand_on_several_sides(market: Market) -> None:
    """Buyer, seller and operator at once: what one trade brings, the next one spends."""
    first, middle = market.trader("first"), market.trader("middle")
    last = market.trader("last", payment=9_030_000)
    market.give_energy(first, 2 * KWH)
    tokens_for_first = tokens.transfer(
        market.payment_program, last.payment, middle.payment, last.wallet.pubkey(), 3_015_000
    )
    market.chain.send(tokens_for_first, signers=[last.wallet])
    delegate = pda.delegate(market.program_id)[0]
    operator = market.operator
    allow = tokens.approve(
        market.payment_program, operator.payment, operator.wallet.pubkey(), delegate, 10**9
    )
    market.chain.send(allow, signers=[operator.wallet])
    trades = [
        Trade(first, middle, terms(KWH)),
        Trade(middle, last, terms(KWH)),
        Trade(first, last, terms(KWH // 2)),
        Trade(last, operator, terms(KWH // 1_000)),
    ]
    result = market.publish(trades)
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled"] * 4
    total = sum(energy for energy, _ in holdings(market, first, middle, last, operator))
    assert total == 2 * KWH


def test_a_trade_with_oneself_only_costs_the_fee(market: Market) -> None:
    trader = market.trader("trader", payment=10_000_000)
    market.give_energy(trader, KWH)
    result = market.publish([Trade(trader, trader, terms(KWH))])
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled"]
    assert holdings(market, trader) == [(KWH, 10_000_000 - 15_000)]
