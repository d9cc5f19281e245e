"""Full transactions of each kind, and the compute bounds that packers rely on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from solders.compute_budget import set_compute_unit_price
from solders.instruction import Instruction
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import limits, pda
from tests.support import svm_tokens as tokens
from tests.support.svm import Landed, key
from tests.support.svm_instructions import prepare
from tests.support.svm_market import NOW_WINDOW, Market, Result, Trade, Trader, terms
from tests.support.svm_packing import Full, fill

PRICE = set_compute_unit_price(1_000)
BUDGET = 2
"""Instructions of the compute budget in every transaction of the daemon."""
MOST = 28


@pytest.fixture(params=[tokens.SPL_TOKEN, tokens.TOKEN_2022], ids=["spl", "2022"])
def market(request: pytest.FixtureRequest) -> Market:
    market = Market(energy_program=request.param, payment_program=request.param)
    market.chain.svm.airdrop(market.settler.pubkey(), 10**10)
    return market


def meters(count: int) -> list[bytes]:
    return [meter_key(f"meter {n}") for n in range(count)]


def misses(addresses: list[tuple[Pubkey, int]]) -> int:
    """How many addresses on the curve the program tried before these."""
    return sum(255 - bump for _, bump in addresses)


def ledgers(market: Market, count: int) -> list[tuple[Pubkey, int]]:
    window = NOW_WINDOW - 1
    return [pda.ledger(market.program_id, m, pda.ledger_page(m, window)) for m in meters(count)]


def mints(market: Market, sellers: list[Trader]) -> Callable[[int], list[Instruction]]:
    return lambda count: [
        PRICE,
        *(
            market.mint(seller.energy, 10**9 + n, meter=meter)
            for n, (seller, meter) in enumerate(list(zip(sellers, meters(len(sellers)), strict=True))[:count])
        ),
    ]


def open_pages(market: Market, sellers: list[Trader]) -> None:
    for seller, meter in zip(sellers, meters(len(sellers)), strict=True):
        mint = market.mint(seller.energy, meter=meter, window=NOW_WINDOW - 2)
        market.chain.send(mint, signers=[market.minter])


@pytest.mark.parametrize(
    ("with_table", "expected"),
    [(True, limits.MAX_MINTS_WITH_TABLE), (False, limits.MAX_MINTS_WITHOUT_TABLE)],
)
def test_mints_fill_a_transaction_by_bytes(market: Market, with_table: bool, expected: int) -> None:
    sellers = [market.trader(f"seller {n}") for n in range(MOST + 1)]
    open_pages(market, sellers)
    full = fill(market.chain, mints(market, sellers), [market.minter], with_table=with_table, most=MOST)
    assert (full.items, full.limited_by) == (expected, "bytes")
    assert full.landed.trace == BUDGET + expected * limits.MINT_TRACE_ENTRIES
    bound = limits.TRANSACTION_COMPUTE_UNITS + expected * limits.MINT_COMPUTE_UNITS
    assert 0.7 * bound < full.landed.units <= bound
    assert [name for name, _ in market.events(full.landed)] == ["EnergyMinted"] * expected


def test_mints_with_new_ledgers_fill_the_trace(market: Market) -> None:
    sellers = [market.trader(f"seller {n}") for n in range(MOST + 1)]
    full = fill(market.chain, mints(market, sellers), [market.minter], with_table=True, most=MOST)
    assert (full.items, full.limited_by) == (limits.MAX_NEW_LEDGERS, "trace")
    assert full.landed.trace == BUDGET + full.items * limits.MINT_NEW_LEDGER_TRACE_ENTRIES
    tried = misses(ledgers(market, full.items)) * limits.BUMP_MISS_COMPUTE_UNITS
    without_misses = (full.landed.units - tried) / full.items
    allowed = limits.ALLOWED_BUMP_MISSES * limits.BUMP_MISS_COMPUTE_UNITS
    bound = limits.MINT_NEW_LEDGER_COMPUTE_UNITS - allowed
    assert 0.7 * bound < without_misses <= bound


@pytest.mark.parametrize("funded", [False, True])
def test_creating_the_destination_in_the_same_transaction(market: Market, funded: bool) -> None:
    owner = key("new owner of an account").pubkey()
    program, minter = market.energy_program, market.minter.pubkey()
    account, bump = Pubkey.find_program_address(
        [bytes(owner), bytes(program), bytes(market.energy_mint)], tokens.ATA_PROGRAM
    )
    if funded:
        payer = market.chain.payer.pubkey()
        gift = TransferParams(from_pubkey=payer, to_pubkey=account, lamports=market.chain.rent(0))
        market.chain.send(transfer(gift))
    create = tokens.create_associated_account(minter, program, owner, market.energy_mint)
    alone = market.chain.send(create, signers=[market.minter])
    assert alone.trace - 1 == limits.CREATE_TOKEN_ACCOUNT_TRACE_ENTRIES - (0 if funded else 2)
    tried = (255 - bump) * limits.BUMP_MISS_COMPUTE_UNITS
    allowed = limits.ALLOWED_BUMP_MISSES * limits.BUMP_MISS_COMPUTE_UNITS
    assert alone.units - tried <= limits.CREATE_TOKEN_ACCOUNT_COMPUTE_UNITS - allowed
    landed = market.chain.send(create, market.mint(account), signers=[market.minter])
    assert tokens.amount(market.chain, account) == 10**9
    assert landed.trace == 1 + 1 + limits.MINT_NEW_LEDGER_TRACE_ENTRIES


def published(market: Market, pairs: int, trades: int = 1_024) -> Result:
    """A part of trades that go round among `pairs` sellers and buyers."""
    sellers = [market.trader(f"seller {n}") for n in range(pairs)]
    buyers = [market.trader(f"buyer {n}", payment=10**9) for n in range(pairs)]
    for seller in sellers:
        market.give_energy(seller, 10**9)
    return market.publish(
        [Trade(sellers[n % pairs], buyers[(n + n // pairs) % pairs], terms(10**6)) for n in range(trades)]
    )


def settlements(market: Market, result: Result, first: int) -> Callable[[int], list[Instruction]]:
    return lambda count: [PRICE, market.settle(result, first, count)]


def settle_bound(full: Full, proof: int) -> int:
    return (
        limits.TRANSACTION_COMPUTE_UNITS
        + limits.SETTLE_COMPUTE_UNITS
        + full.items * limits.SETTLE_TRADE_COMPUTE_UNITS
        + proof * limits.SETTLE_PROOF_HASH_COMPUTE_UNITS
    )


@pytest.mark.parametrize(
    ("pairs", "first", "trades", "expected", "limited_by"),
    [
        (1, 0, 1_024, limits.MAX_TRADES_PER_INSTRUCTION, "trace"),
        (8, 512, 1_024, limits.MAX_TRADES_PER_INSTRUCTION, "trace"),
        (30, 512, 1_024, 13, "locks"),
        (8, 511, 1_024, 13, "bytes"),
        (1, 511, 1_024, 15, "bytes"),
        (1, 2_047, 4_096, 9, "bytes"),
    ],
)
def test_trades_fill_a_transaction_by_the_first_of_three_limits(
    market: Market, pairs: int, first: int, trades: int, expected: int, limited_by: str
) -> None:
    result = published(market, pairs, trades)
    make = settlements(market, result, first)
    full = fill(market.chain, make, [market.settler], with_table=True, most=24)
    assert (full.items, full.limited_by) == (expected, limited_by)
    assert market.outcomes(full.landed) == ["Settled"] * expected
    trace = limits.SETTLE_TRACE_ENTRIES + expected * limits.SETTLE_TRADE_TRACE_ENTRIES
    assert full.landed.trace == BUDGET + trace
    proof = len(result.tree.range_proof(first, full.items))
    bound = settle_bound(full, proof)
    assert full.landed.units <= bound
    if market.energy_program == tokens.TOKEN_2022:
        assert full.landed.units > 0.7 * bound


def test_trades_without_a_table(market: Market) -> None:
    full = fill(
        market.chain, settlements(market, published(market, 30), 512), [market.settler], with_table=False
    )
    assert (full.items, full.limited_by) == (3, "bytes")


def test_accounts_with_every_known_extension_stay_within_the_bound() -> None:
    """The dearest accounts an owner can make: all three extensions on all four sides."""
    market = Market(energy_program=tokens.TOKEN_2022, payment_program=tokens.TOKEN_2022)
    market.chain.svm.airdrop(market.settler.pubkey(), 10**10)
    result = published(market, 1)
    payer = market.chain.payer.pubkey()
    trade = result.trades[0]
    for trader in (trade.seller, trade.buyer):
        for account in (trader.energy, trader.payment):
            owner = trader.wallet.pubkey()
            program = tokens.TOKEN_2022
            market.chain.send(
                tokens.reallocate(program, account, payer, owner, 8),
                tokens.require_memo(program, account, owner, required=True),
                tokens.require_memo(program, account, owner, required=False),
                tokens.reallocate(program, account, payer, owner, 11),
                tokens.guard_cpi(program, account, owner),
                signers=[trader.wallet],
            )
    make = settlements(market, result, 0)
    full = fill(market.chain, make, [market.settler], with_table=True, most=24)
    assert market.outcomes(full.landed) == ["Settled"] * full.items
    assert full.landed.units <= settle_bound(full, len(result.tree.range_proof(0, full.items)))


def test_a_proof_hash_costs_what_is_allowed_for_it(market: Market) -> None:
    """One trade of a small part, one of a large part: the difference is the longer proof."""
    small = published(market, 1, 2)
    large = market.publish(small.trades[:1] * 4_096, part=1, first_index=2)
    costs: list[tuple[int, Landed]] = []
    for result in (small, large):
        proof = len(result.tree.range_proof(0, 1))
        costs.append((proof, market.chain.send(market.settle(result, 0, 1), signers=[market.settler])))
    (few, cheap), (many, dear) = costs
    per_hash = (dear.units - cheap.units) / (many - few)
    assert per_hash > 0.4 * limits.SETTLE_PROOF_HASH_COMPUTE_UNITS
    assert per_hash <= limits.SETTLE_PROOF_HASH_COMPUTE_UNITS


def test_opening_and_closing_stay_within_their_bounds() -> None:
    for name in ("close_settlement", "close_ledger"):
        prepared = prepare(name)
        landed = prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
        assert 0.4 * limits.CLOSE_COMPUTE_UNITS < landed.units <= limits.CLOSE_COMPUTE_UNITS
    prepared = prepare("open_settlement")
    program_id = prepared.market.program_id
    zone, settlement = pda.zone(program_id, 7), pda.settlement(program_id, 201605121215, 7, 0)
    landed = prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
    tried = misses([zone, settlement]) * limits.BUMP_MISS_COMPUTE_UNITS
    allowed = 2 * limits.ALLOWED_BUMP_MISSES * limits.BUMP_MISS_COMPUTE_UNITS
    assert landed.units - tried <= limits.OPEN_COMPUTE_UNITS - allowed
