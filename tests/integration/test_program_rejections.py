"""What an owner does to his account between publication and settlement harms only his own trade."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account

from gridtokenx_indexer.tx.gridtokenx import limits, pda
from gridtokenx_indexer.tx.gridtokenx.accounts import Settlement
from tests.support import svm_tokens as tokens
from tests.support.svm import key
from tests.support.svm_market import Market, Result, Trade, Trader, terms

KWH = 10**9
STRANGER = key("stranger").pubkey()
MEMO_TRANSFER, CPI_GUARD = 8, 11


class Batch:
    """Three trades between six parties; a test spoils the one in the middle."""

    def __init__(self, program: Pubkey) -> None:
        self.program = program
        self.market = Market(energy_program=program, payment_program=program)
        trades = []
        for n in range(3):
            seller = self.market.trader(f"seller {n}")
            buyer = self.market.trader(f"buyer {n}", payment=10 * 10**6)
            self.market.give_energy(seller, 2 * KWH)
            trades.append(Trade(seller, buyer, terms(KWH)))
        self.victim = trades[1]
        self.result: Result = self.market.publish(trades)

    @property
    def settlement(self) -> Settlement:
        return self.market.settlement(self.result)

    def act(self, *instructions: Instruction, signers: list[Keypair]) -> None:
        self.market.chain.send(*instructions, signers=signers)

    def put(self, account: Pubkey, data: bytes, owner: Pubkey) -> None:
        self.market.chain.put(account, data, owner=owner)

    def settle(self) -> list[object]:
        settle = self.market.settle(self.result)
        landed = self.market.chain.send(settle, signers=[self.market.settler])
        return self.market.outcomes(landed)


@pytest.fixture(params=[tokens.SPL_TOKEN, tokens.TOKEN_2022], ids=["spl", "2022"])
def batch(request: pytest.FixtureRequest) -> Batch:
    return Batch(request.param)


@pytest.fixture
def batch_2022() -> Batch:
    return Batch(tokens.TOKEN_2022)


def expect_rejection(batch: Batch, reason: str) -> None:
    rejected = {"Rejected": {"reason": reason}}
    assert batch.settle() == ["Settled", rejected, "Settled"]
    assert (batch.settlement.bitmap, batch.settlement.settled) == (b"\x05", 2)
    assert batch.settle() == ["Skipped", rejected, "Skipped"]


def close_seller_energy(batch: Batch) -> None:
    wallet = batch.victim.seller.wallet
    away = batch.market.trader("elsewhere").energy
    account = batch.victim.seller.energy
    batch.act(
        tokens.transfer(batch.program, account, away, wallet.pubkey(), 2 * KWH),
        tokens.close_account(batch.program, account, wallet.pubkey()),
        signers=[wallet],
    )


def close_buyer_energy(batch: Batch) -> None:
    wallet = batch.victim.buyer.wallet
    account = batch.victim.buyer.energy
    batch.act(tokens.close_account(batch.program, account, wallet.pubkey()), signers=[wallet])


def close_seller_payment(batch: Batch) -> None:
    wallet = batch.victim.seller.wallet
    account = batch.victim.seller.payment
    batch.act(tokens.close_account(batch.program, account, wallet.pubkey()), signers=[wallet])


def close_and_fund_buyer_energy(batch: Batch) -> None:
    close_buyer_energy(batch)
    batch.market.chain.svm.airdrop(batch.victim.buyer.energy, 10**9)


def hand_to_another_program(batch: Batch) -> None:
    batch.put(batch.victim.buyer.energy, b"not a token account", STRANGER)


def hand_to_the_other_token_program(batch: Batch) -> None:
    account = batch.victim.buyer.energy
    other = tokens.TOKEN_2022 if batch.program == tokens.SPL_TOKEN else tokens.SPL_TOKEN
    batch.put(account, batch.market.chain.data(account), other)


def become_a_mint(batch: Batch) -> None:
    data = batch.market.chain.data(batch.market.payment_mint)
    batch.put(batch.victim.seller.payment, data, batch.program)


def become_a_multisig(batch: Batch) -> None:
    """The signers of a multisig are anybody's choice; with these it reads like a token account."""
    data = batch.market.chain.data(batch.victim.seller.payment)
    batch.put(batch.victim.seller.payment, data[:165] + b"\x02" + bytes(189), batch.program)


def uninitialize(batch: Batch) -> None:
    batch.put(batch.victim.seller.payment, bytes(165), batch.program)


def change_mint(batch: Batch) -> None:
    """A new account of another mint under the old key."""
    account = batch.victim.buyer.energy
    data = batch.market.chain.data(account)
    batch.put(account, bytes(batch.market.payment_mint) + data[32:], batch.program)


def freeze_buyer(batch: Batch) -> None:
    bank = batch.market.bank
    freeze = tokens.freeze(
        batch.program, batch.victim.buyer.payment, batch.market.payment_mint, bank.pubkey()
    )
    batch.act(freeze, signers=[bank])


def freeze_seller_payment(batch: Batch) -> None:
    bank = batch.market.bank
    freeze = tokens.freeze(
        batch.program, batch.victim.seller.payment, batch.market.payment_mint, bank.pubkey()
    )
    batch.act(freeze, signers=[bank])


def undelegate_energy(batch: Batch) -> None:
    wallet = batch.victim.seller.wallet
    revoke = tokens.revoke(batch.program, batch.victim.seller.energy, wallet.pubkey())
    batch.act(revoke, signers=[wallet])


def delegate_to_another(batch: Batch) -> None:
    wallet = batch.victim.buyer.wallet
    account = batch.victim.buyer.payment
    approve = tokens.approve(batch.program, account, wallet.pubkey(), STRANGER, 2**64 - 1)
    batch.act(approve, signers=[wallet])


def lower_allowance(batch: Batch) -> None:
    wallet = batch.victim.buyer.wallet
    account = batch.victim.buyer.payment
    most = batch.victim.terms.payment_base_units - 1
    delegate = pda.delegate(batch.market.program_id)[0]
    approve = tokens.approve(batch.program, account, wallet.pubkey(), delegate, most)
    batch.act(approve, signers=[wallet])


def spend_energy(batch: Batch) -> None:
    wallet = batch.victim.seller.wallet
    away = batch.market.trader("elsewhere").energy
    account = batch.victim.seller.energy
    move = tokens.transfer(batch.program, account, away, wallet.pubkey(), KWH + 1)
    batch.act(move, signers=[wallet])


def spend_payment(batch: Batch) -> None:
    wallet = batch.victim.buyer.wallet
    away = batch.market.trader("elsewhere").payment
    account = batch.victim.buyer.payment
    left = batch.victim.terms.payment_base_units - 1
    move = tokens.transfer(batch.program, account, away, wallet.pubkey(), 10 * 10**6 - left)
    batch.act(move, signers=[wallet])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (close_seller_energy, "MissingAccount"),
        (close_buyer_energy, "MissingAccount"),
        (close_seller_payment, "MissingAccount"),
        (close_and_fund_buyer_energy, "MissingAccount"),
        (become_a_mint, "MissingAccount"),
        (become_a_multisig, "MissingAccount"),
        (uninitialize, "MissingAccount"),
        (hand_to_another_program, "ForeignProgram"),
        (hand_to_the_other_token_program, "ForeignProgram"),
        (change_mint, "WrongMint"),
        (freeze_buyer, "Frozen"),
        (freeze_seller_payment, "Frozen"),
        (undelegate_energy, "NotDelegated"),
        (delegate_to_another, "NotDelegated"),
        (lower_allowance, "InsufficientAllowance"),
        (spend_energy, "InsufficientBalance"),
        (spend_payment, "InsufficientBalance"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_spoiled_trade_is_rejected_alone(
    batch: Batch, spoil: Callable[[Batch], None], reason: str
) -> None:
    spoil(batch)
    expect_rejection(batch, reason)


def test_a_new_owner_of_the_account_has_not_delegated() -> None:
    """SPL Token lets even an associated account change hands; the allowance ends with it."""
    batch = Batch(tokens.SPL_TOKEN)
    wallet = batch.victim.seller.wallet
    account = batch.victim.seller.energy
    give = tokens.set_account_owner(batch.program, account, wallet.pubkey(), STRANGER)
    batch.act(give, signers=[wallet])
    expect_rejection(batch, "NotDelegated")


def test_a_receiving_account_that_changed_hands_still_receives() -> None:
    """The leaf names the account's address; whose it is now is not the market's business."""
    batch = Batch(tokens.SPL_TOKEN)
    wallet = batch.victim.seller.wallet
    account = batch.victim.seller.payment
    give = tokens.set_account_owner(batch.program, account, wallet.pubkey(), STRANGER)
    batch.act(give, signers=[wallet])
    assert batch.settle() == ["Settled"] * 3


def test_a_rejected_trade_settles_when_its_cause_is_gone(batch: Batch) -> None:
    lower_allowance(batch)
    expect_rejection(batch, "InsufficientAllowance")
    wallet = batch.victim.buyer.wallet
    delegate = pda.delegate(batch.market.program_id)[0]
    exact = batch.victim.terms.payment_base_units
    account = batch.victim.buyer.payment
    approve = tokens.approve(batch.program, account, wallet.pubkey(), delegate, exact)
    batch.act(approve, signers=[wallet])
    assert batch.settle() == ["Skipped", "Settled", "Skipped"]
    assert tokens.allowance(batch.market.chain, account) == 0


def test_a_balance_is_looked_at_trade_by_trade() -> None:
    """Enough for each trade, not for both: the second one is rejected."""
    market = Market()
    seller, buyer = market.trader("seller"), market.trader("buyer", payment=10**9)
    market.give_energy(seller, KWH + KWH // 2)
    result = market.publish([Trade(seller, buyer, terms(KWH)) for _ in range(2)])
    landed = market.chain.send(market.settle(result), signers=[market.settler])
    assert market.outcomes(landed) == ["Settled", {"Rejected": {"reason": "InsufficientBalance"}}]


def extend(batch: Batch, account: Pubkey, wallet: Keypair, extension: int) -> Instruction:
    payer = batch.market.chain.payer.pubkey()
    return tokens.reallocate(batch.program, account, payer, wallet.pubkey(), extension)


@pytest.mark.parametrize("place", ["buyer_energy", "seller_payment"])
def test_a_receiver_who_wants_memos_is_rejected(batch_2022: Batch, place: str) -> None:
    account: Pubkey = getattr(batch_2022.victim.accounts, place)
    wallet = batch_2022.victim.buyer.wallet if place == "buyer_energy" else batch_2022.victim.seller.wallet
    program = batch_2022.program
    want = tokens.require_memo(program, account, wallet.pubkey(), required=True)
    batch_2022.act(extend(batch_2022, account, wallet, MEMO_TRANSFER), want, signers=[wallet])
    expect_rejection(batch_2022, "MemoRequired")
    waive = tokens.require_memo(program, account, wallet.pubkey(), required=False)
    batch_2022.act(waive, signers=[wallet])
    assert batch_2022.settle() == ["Skipped", "Settled", "Skipped"]


def test_giving_accounts_may_want_memos_and_guard_against_calls(batch_2022: Batch) -> None:
    """Neither hinders a delegate: memos are for incoming tokens, the guard is for the owner's key."""
    seller, buyer = batch_2022.victim.seller, batch_2022.victim.buyer
    for account, wallet in ((seller.energy, seller.wallet), (buyer.payment, buyer.wallet)):
        owner = wallet.pubkey()
        batch_2022.act(
            extend(batch_2022, account, wallet, MEMO_TRANSFER),
            tokens.require_memo(batch_2022.program, account, owner, required=True),
            extend(batch_2022, account, wallet, CPI_GUARD),
            tokens.guard_cpi(batch_2022.program, account, owner),
            signers=[wallet],
        )
    assert batch_2022.settle() == ["Settled"] * 3


@pytest.mark.parametrize(
    "tail",
    [
        b"\x0f\x00\x01\x00\x00",
        b"\x02\x00\x08\x00" + bytes(8),
        b"\xff\xff\x00\x00",
        b"\x07\x00\x00",
        b"\x08\x00\xff\xff\x01",
        b"\x07\x00\x00\x00\x07\x00",
    ],
    ids=["hook", "fee", "unheard of", "cut in its length", "longer than the account", "cut behind"],
)
@pytest.mark.parametrize("place", ["seller_energy", "buyer_energy", "buyer_payment", "seller_payment"])
def test_unknown_and_malformed_extensions_are_rejected(batch_2022: Batch, place: str, tail: bytes) -> None:
    account: Pubkey = getattr(batch_2022.victim.accounts, place)
    data = batch_2022.market.chain.data(account)
    batch_2022.put(account, data[:165] + b"\x02" + tail, batch_2022.program)
    expect_rejection(batch_2022, "UnknownExtension")


@pytest.mark.parametrize("place", ["seller_energy", "buyer_energy", "buyer_payment", "seller_payment"])
@pytest.mark.parametrize(
    ("size", "outcome"),
    [
        (1_024, "Settled"),
        (1_025, {"Rejected": {"reason": "UnknownExtension"}}),
        (10 * 1_024 * 1_024, {"Rejected": {"reason": "UnknownExtension"}}),
    ],
)
def test_an_overlong_account_does_not_use_up_its_batchs_compute(
    batch_2022: Batch, place: str, size: int, outcome: object
) -> None:
    """Token-2022 takes accounts of any length, and a call costs a unit per 250 bytes that it passes."""
    account: Pubkey = getattr(batch_2022.victim.accounts, place)
    data = batch_2022.market.chain.data(account)
    batch_2022.put(account, data + bytes(size - len(data)), batch_2022.program)
    bound = limits.TRANSACTION_COMPUTE_UNITS + limits.SETTLE_COMPUTE_UNITS
    bound += 3 * limits.SETTLE_TRADE_COMPUTE_UNITS
    landed = batch_2022.market.chain.send(
        batch_2022.market.settle(batch_2022.result), signers=[batch_2022.market.settler], units=bound
    )
    assert batch_2022.market.outcomes(landed) == ["Settled", outcome, "Settled"]


def test_a_real_overlong_account_is_rejected_alone() -> None:
    """Whoever creates an account under a key of his own chooses its length."""
    batch = Batch(tokens.TOKEN_2022)
    market, buyer = batch.market, batch.victim.buyer
    chain, own = market.chain, key("account of its own key")
    size = 10 * 1_024 * 1_024
    chain.svm.airdrop(chain.payer.pubkey(), chain.rent(size))
    create = CreateAccountParams(
        from_pubkey=chain.payer.pubkey(),
        to_pubkey=own.pubkey(),
        lamports=chain.rent(size),
        space=size,
        owner=batch.program,
    )
    initialize = tokens.initialize_account(
        batch.program, own.pubkey(), market.energy_mint, buyer.wallet.pubkey()
    )
    batch.act(create_account(create), initialize, signers=[own])
    grown = Trader(wallet=buyer.wallet, energy=own.pubkey(), payment=buyer.payment)
    trades = [*batch.result.trades]
    trades[1] = Trade(batch.victim.seller, grown, batch.victim.terms)
    result = market.publish(trades, part=1, first_index=3)
    landed = chain.send(market.settle(result), signers=[market.settler])
    rejected = {"Rejected": {"reason": "UnknownExtension"}}
    assert market.outcomes(landed) == ["Settled", rejected, "Settled"]


def test_the_whole_batch_may_be_rejected(batch: Batch) -> None:
    for trade in batch.result.trades:
        wallet = trade.seller.wallet
        revoke = tokens.revoke(batch.program, trade.seller.energy, wallet.pubkey())
        batch.act(revoke, signers=[wallet])
    assert batch.settle() == [{"Rejected": {"reason": "NotDelegated"}}] * 3
    assert batch.settlement.settled == 0
