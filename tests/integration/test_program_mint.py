"""Minting a meter's energy once per window."""

from __future__ import annotations

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import accounts, instructions, pda
from tests.support import svm_tokens as tokens
from tests.support.svm import key
from tests.support.svm_events import decode_account
from tests.support.svm_instructions import with_account
from tests.support.svm_market import LIMITS, NOW_WINDOW, Market, Trader

KWH = 10**9
METER = meter_key("meter 1")


@pytest.fixture(params=[tokens.SPL_TOKEN, tokens.TOKEN_2022], ids=["spl", "2022"])
def market(request: pytest.FixtureRequest) -> Market:
    return Market(energy_program=request.param, payment_program=request.param)


@pytest.fixture
def seller(market: Market) -> Trader:
    return market.trader("seller")


def ledger(market: Market, meter: bytes, window: int) -> accounts.Ledger:
    page = pda.ledger_page(meter, window)
    return accounts.ledger(market.chain.data(pda.ledger(market.program_id, meter, page)[0]))


def minted(meter: bytes, window: int, amount: int, destination: Pubkey) -> dict[str, object]:
    return {"meter_id": meter, "window": window, "amount": amount, "destination": destination}


def test_a_mint_is_seen_everywhere(market: Market, seller: Trader) -> None:
    window = NOW_WINDOW - 1
    landed = market.chain.send(market.mint(seller.energy, 3 * KWH), signers=[market.minter])
    assert tokens.amount(market.chain, seller.energy) == 3 * KWH
    assert tokens.supply(market.chain, market.energy_mint) == 3 * KWH
    assert market.events(landed) == [("EnergyMinted", minted(METER, window, 3 * KWH, seller.energy))]
    state = ledger(market, METER, window)
    assert (state.meter_id, state.payer) == (METER, market.minter.pubkey())
    bit = pda.ledger_bit(METER, window)
    assert [n for n in range(4096) if state.is_minted(n)] == [bit]
    name, fields = decode_account(market.chain.data(pda.ledger(market.program_id, METER, state.page)[0]))
    assert (name, fields["page"], fields["minted"]) == ("Ledger", state.page, state.minted)


def test_a_replay_is_skipped_with_an_event(market: Market, seller: Trader) -> None:
    instruction = market.mint(seller.energy, 3 * KWH)
    market.chain.send(instruction, signers=[market.minter])
    again = market.mint(seller.energy, 2 * KWH)
    landed = market.chain.send(again, signers=[market.minter])
    skipped = minted(METER, NOW_WINDOW - 1, 2 * KWH, seller.energy)
    assert market.events(landed) == [("EnergyMintSkipped", skipped)]
    assert tokens.supply(market.chain, market.energy_mint) == 3 * KWH


def test_two_meters_in_one_transaction(market: Market, seller: Trader) -> None:
    other = market.trader("other seller")
    landed = market.chain.send(
        market.mint(seller.energy, KWH),
        market.mint(other.energy, 2 * KWH, meter=meter_key("meter 2")),
        signers=[market.minter],
    )
    assert [name for name, _ in market.events(landed)] == ["EnergyMinted"] * 2
    assert tokens.amount(market.chain, other.energy) == 2 * KWH


def test_a_minted_item_does_not_stop_its_batch(market: Market, seller: Trader) -> None:
    first = market.mint(seller.energy, KWH)
    market.chain.send(first, signers=[market.minter])
    second = market.mint(seller.energy, KWH, window=NOW_WINDOW - 2)
    third = market.mint(seller.energy, KWH, window=NOW_WINDOW - 3)
    landed = market.chain.send(second, first, third, signers=[market.minter])
    names = [name for name, _ in market.events(landed)]
    assert names == ["EnergyMinted", "EnergyMintSkipped", "EnergyMinted"]
    assert tokens.supply(market.chain, market.energy_mint) == 3 * KWH


def test_the_same_window_twice_in_one_transaction_mints_once(market: Market, seller: Trader) -> None:
    mint = market.mint(seller.energy, KWH)
    landed = market.chain.send(mint, mint, signers=[market.minter])
    assert [name for name, _ in market.events(landed)] == ["EnergyMinted", "EnergyMintSkipped"]


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        (0, "ZeroAmount"),
        (LIMITS.max_mint_base_units + 1, "AmountAboveLimit"),
        (2**64 - 1, "AmountAboveLimit"),
    ],
)
def test_an_absurd_amount_is_refused(market: Market, seller: Trader, amount: int, error: str) -> None:
    refused = market.chain.refuse(market.mint(seller.energy, amount), signers=[market.minter])
    assert refused.error == error


def test_the_largest_amount_is_minted(market: Market, seller: Trader) -> None:
    mint = market.mint(seller.energy, LIMITS.max_mint_base_units)
    market.chain.send(mint, signers=[market.minter])
    assert tokens.amount(market.chain, seller.energy) == LIMITS.max_mint_base_units


@pytest.mark.parametrize(
    ("age", "error"),
    [
        (-1, "WindowInFuture"),
        (LIMITS.max_window_age + 1, "WindowTooOld"),
        (NOW_WINDOW, "WindowTooOld"),
        (NOW_WINDOW - 2**32 + 1, "WindowInFuture"),
    ],
)
def test_a_window_outside_the_allowed_age_is_refused(
    market: Market, seller: Trader, age: int, error: str
) -> None:
    attempt = market.mint(seller.energy, window=NOW_WINDOW - age)
    assert market.chain.refuse(attempt, signers=[market.minter]).error == error


@pytest.mark.parametrize("age", [0, LIMITS.max_window_age])
def test_the_bounds_of_the_allowed_age_are_minted(market: Market, seller: Trader, age: int) -> None:
    mint = market.mint(seller.energy, window=NOW_WINDOW - age)
    landed = market.chain.send(mint, signers=[market.minter])
    assert market.events(landed)[0][0] == "EnergyMinted"


def meter_at(bit: int, window: int) -> bytes:
    """A meter whose bit for `window` is the given one."""
    offset = (bit - window) % 4096
    return bytes([offset % 256, offset // 256]) + bytes(14)


@pytest.mark.parametrize("bit", [0, 7, 8, 4095])
def test_first_and_last_bit(market: Market, seller: Trader, bit: int) -> None:
    window = NOW_WINDOW - 1
    meter = meter_at(bit, window)
    mint = market.mint(seller.energy, meter=meter)
    market.chain.send(mint, signers=[market.minter])
    state = ledger(market, meter, window)
    assert [n for n in range(4096) if state.is_minted(n)] == [bit]
    landed = market.chain.send(mint, signers=[market.minter])
    assert market.events(landed)[0][0] == "EnergyMintSkipped"


def test_rollover_into_the_next_page(market: Market, seller: Trader) -> None:
    window = NOW_WINDOW - 1
    meter = meter_at(0, window)
    before, after = (market.mint(seller.energy, meter=meter, window=w) for w in (window - 1, window))
    landed = market.chain.send(before, after, signers=[market.minter])
    assert [name for name, _ in market.events(landed)] == ["EnergyMinted"] * 2
    old, new = ledger(market, meter, window - 1), ledger(market, meter, window)
    assert new.page == old.page + 1
    assert old.is_minted(4095)
    assert new.is_minted(0)
    assert sum(map(int.bit_count, old.minted + new.minted)) == 2


def test_another_meters_ledger_is_refused(market: Market, seller: Trader) -> None:
    market.chain.send(market.mint(seller.energy), signers=[market.minter])
    foreign = pda.ledger(market.program_id, METER, pda.ledger_page(METER, NOW_WINDOW - 1))[0]
    attempt = with_account(market.mint(seller.energy, meter=meter_key("meter 2")), 4, address=foreign)
    assert market.chain.refuse(attempt, signers=[market.minter]).error == "WrongLedger"


def test_another_page_of_the_meter_is_refused(market: Market, seller: Trader) -> None:
    """Its bit at the same place is clear, so the window would be minted a second time."""
    window = NOW_WINDOW - 1
    meter = meter_at(0, window)
    for near in (window - 1, window):
        market.chain.send(market.mint(seller.energy, meter=meter, window=near), signers=[market.minter])
    older = pda.ledger(market.program_id, meter, pda.ledger_page(meter, window) - 1)[0]
    attempt = with_account(market.mint(seller.energy, meter=meter), 4, address=older)
    assert market.chain.refuse(attempt, signers=[market.minter]).error == "WrongLedger"


def test_another_meter_of_the_same_page_is_refused(market: Market, seller: Trader) -> None:
    window = NOW_WINDOW - 1
    meter = meter_at(5, window)
    twin = meter[:2] + bytes([1]) * 14
    market.chain.send(market.mint(seller.energy, meter=meter), signers=[market.minter])
    foreign = pda.ledger(market.program_id, meter, pda.ledger_page(twin, window))[0]
    attempt = with_account(market.mint(seller.energy, meter=twin), 4, address=foreign)
    assert market.chain.refuse(attempt, signers=[market.minter]).error == "WrongLedger"


def test_a_destination_that_cannot_receive_is_refused(market: Market, seller: Trader) -> None:
    for stand_in in (seller.payment, seller.wallet.pubkey(), market.energy_mint):
        refused = market.chain.refuse(market.mint(stand_in), signers=[market.minter])
        assert refused.error == "InvalidDestination"


def close(market: Market, meter: bytes, page: int) -> Instruction:
    return instructions.close_ledger(
        program_id=market.program_id, meter_id=meter, page=page, payer=market.minter.pubkey()
    )


def test_a_page_closes_when_its_last_window_is_too_old(market: Market, seller: Trader) -> None:
    window = NOW_WINDOW - 1
    market.chain.send(market.mint(seller.energy), signers=[market.minter])
    page = pda.ledger_page(METER, window)
    last = pda.last_window_of_page(METER, page)
    address = pda.ledger(market.program_id, METER, page)[0]
    rent = market.chain.lamports(address)
    oldest = last + LIMITS.max_window_age
    market.chain.set_time((oldest + 1) * 900 - 1)
    assert market.chain.refuse(close(market, METER, page)).error == "LedgerStillOpen"
    assert market.chain.refuse(market.mint(seller.energy, window=window), signers=[market.minter]).error == (
        "WindowTooOld"
    )
    market.chain.send(market.mint(seller.energy, window=last), signers=[market.minter])

    market.chain.set_time((oldest + 1) * 900)
    before = market.chain.lamports(market.minter.pubkey())
    landed = market.chain.send(close(market, METER, page))
    assert market.chain.lamports(market.minter.pubkey()) == before + rent
    assert market.chain.account(address) is None
    assert market.events(landed) == [("LedgerClosed", {"meter_id": METER, "page": page})]
    refused = market.chain.refuse(market.mint(seller.energy, window=last), signers=[market.minter])
    assert refused.error == "WindowTooOld"


def test_a_closed_page_stays_closed_when_the_limit_grows(market: Market, seller: Trader) -> None:
    """Else a larger max_window_age would mint the same window a second time."""
    window = NOW_WINDOW - 1
    market.chain.send(market.mint(seller.energy), signers=[market.minter])
    page = pda.ledger_page(METER, window)
    last = pda.last_window_of_page(METER, page)
    market.chain.set_time((last + LIMITS.max_window_age + 1) * 900)
    market.chain.send(close(market, METER, page))
    assert market.config().mint_floor == last + 1
    grown = instructions.set_limits(
        program_id=market.program_id,
        authority=market.authority.pubkey(),
        limits=type(LIMITS)(
            max_mint_base_units=1,
            max_window_age=2**32 - 1,
            min_price=1,
            max_price=1,
            max_fee_bps=0,
        ),
    )
    market.chain.send(grown, signers=[market.authority])
    for old in (window, last):
        attempt = market.mint(seller.energy, 1, window=old)
        assert market.chain.refuse(attempt, signers=[market.minter]).error == "WindowTooOld"
    landed = market.chain.send(market.mint(seller.energy, 1, window=last + 1), signers=[market.minter])
    assert market.events(landed)[0][0] == "EnergyMinted"


def test_closing_an_older_page_does_not_lower_the_floor(market: Market, seller: Trader) -> None:
    window = NOW_WINDOW - 1
    early, late = meter_at(4095, window), meter_at(0, window)
    for meter in (early, late):
        market.chain.send(market.mint(seller.energy, meter=meter), signers=[market.minter])
    market.chain.set_time((window + 4096 + LIMITS.max_window_age) * 900)
    for meter in (late, early):
        market.chain.send(close(market, meter, pda.ledger_page(meter, window)))
    assert market.config().mint_floor == window + 4096


def test_mints_need_no_registration_and_any_destination_will_do(market: Market) -> None:
    stranger = key("stranger").pubkey()
    account = tokens.associated_account(market.energy_program, stranger, market.energy_mint)
    create = tokens.create_associated_account(
        market.chain.payer.pubkey(), market.energy_program, stranger, market.energy_mint
    )
    market.chain.send(create, market.mint(account), signers=[market.minter])
    assert tokens.amount(market.chain, account) == KWH
