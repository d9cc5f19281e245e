"""Publishing a cleared part, and closing it."""

from __future__ import annotations

from typing import Any

import pytest
from solders.instruction import Instruction

from gridtokenx_indexer.tx.gridtokenx import accounts, instructions, pda
from tests.support.svm import EPOCH, NOW_UNIX, key
from tests.support.svm_events import decode_account
from tests.support.svm_instructions import two_trades, with_account
from tests.support.svm_market import DEADLINE_UNIX, LIMITS, PRICE, ZONE, Market, Trade

ROOT = bytes(range(32))


@pytest.fixture
def market() -> Market:
    return Market()


def opening(market: Market, **changes: Any) -> Instruction:
    values: dict[str, Any] = {
        "epoch": EPOCH,
        "zone": ZONE,
        "part": 0,
        "trades": 3,
        "first_index": 0,
        "price_base_units": PRICE,
        "root": ROOT,
        "deadline_unix": DEADLINE_UNIX,
        **changes,
    }
    return instructions.open_settlement(
        program_id=market.program_id, clearer=market.clearer.pubkey(), **values
    )


def opened(market: Market, **changes: Any) -> str:
    """The name of the event that opening gives."""
    landed = market.chain.send(opening(market, **changes), signers=[market.clearer])
    ((name, _),) = market.events(landed)
    return name


def refused(market: Market, **changes: Any) -> str:
    return market.chain.refuse(opening(market, **changes), signers=[market.clearer]).error


def zone(market: Market) -> accounts.Zone:
    return accounts.zone(market.chain.data(pda.zone(market.program_id, ZONE)[0]))


def test_the_publication_is_kept(market: Market) -> None:
    landed = market.chain.send(opening(market, first_index=5, trades=9), signers=[market.clearer])
    said = {
        "epoch": EPOCH,
        "zone": ZONE,
        "part": 0,
        "trades": 9,
        "first_index": 5,
        "price": PRICE,
        "root": ROOT,
        "deadline": DEADLINE_UNIX,
    }
    assert market.events(landed) == [("SettlementOpened", said)]
    data = market.chain.data(pda.settlement(market.program_id, EPOCH, ZONE, 0)[0])
    state = accounts.settlement(data)
    assert (state.trades, state.first_index, state.root) == (9, 5, ROOT)
    assert (state.payer, state.settled, state.bitmap) == (market.clearer.pubkey(), 0, bytes(2))
    payer = {"payer": market.clearer.pubkey(), "settled": 0}
    name, fields = decode_account(data)
    assert (name, fields.pop("bitmap")) == ("Settlement", bytes(2))
    assert fields == {**said, **payer}
    assert zone(market) == accounts.Zone(zone=ZONE, last_epoch=EPOCH, last_part=0, next_index=14)


def test_the_same_again_is_a_skip(market: Market) -> None:
    assert opened(market) == "SettlementOpened"
    landed = market.chain.send(opening(market), signers=[market.clearer])
    said = {"epoch": EPOCH, "zone": ZONE, "part": 0}
    assert market.events(landed) == [("SettlementOpenSkipped", said)]


@pytest.mark.parametrize(
    "changes",
    [
        {"trades": 4},
        {"first_index": 1},
        {"price_base_units": PRICE + 1},
        {"root": bytes(32)},
        {"deadline_unix": DEADLINE_UNIX + 1},
    ],
)
def test_other_arguments_for_an_open_part_are_refused(market: Market, changes: dict[str, Any]) -> None:
    opened(market)
    assert refused(market, **changes) == "SettlementDiffers"


def test_parts_and_epochs_must_ascend(market: Market) -> None:
    assert opened(market, epoch=EPOCH, part=3) == "SettlementOpened"
    assert refused(market, epoch=EPOCH, part=2) == "SettlementNotNewer"
    assert refused(market, epoch=EPOCH - 15, part=9) == "SettlementNotNewer"
    assert opened(market, epoch=EPOCH, part=4, first_index=3) == "SettlementOpened"
    assert opened(market, epoch=EPOCH + 15, part=0) == "SettlementOpened"
    assert refused(market, epoch=EPOCH, part=5, first_index=6) == "SettlementNotNewer"


def test_a_trade_index_is_published_once_per_epoch(market: Market) -> None:
    assert opened(market, part=0, first_index=0, trades=3) == "SettlementOpened"
    for first_index in (0, 2):
        assert refused(market, part=1, first_index=first_index) == "IndexAlreadyPublished"
    assert opened(market, part=1, first_index=3) == "SettlementOpened"
    assert opened(market, epoch=EPOCH + 15, first_index=0) == "SettlementOpened"


def test_zones_do_not_know_each_other(market: Market) -> None:
    assert opened(market, part=3) == "SettlementOpened"
    assert opened(market, zone=ZONE + 1, part=0) == "SettlementOpened"
    assert opened(market, zone=2**32 - 1, part=0) == "SettlementOpened"


def test_a_closed_settlement_cannot_be_opened_again(market: Market) -> None:
    result = market.publish(two_trades(market))
    market.chain.send(market.settle(result), signers=[market.settler])
    market.chain.send(market.close(result))
    _, again = market.open(result.trades)
    refusal = market.chain.refuse(again, signers=[market.clearer])
    assert refusal.error == "SettlementNotNewer"
    assert market.chain.refuse(market.settle(result), signers=[market.settler]).error == ("WrongAccountOwner")


def test_closing_and_opening_again_in_one_transaction_is_refused(market: Market) -> None:
    result = market.publish(two_trades(market))
    market.chain.send(market.settle(result), signers=[market.settler])
    _, again = market.open(result.trades)
    refusal = market.chain.refuse(market.close(result), again, signers=[market.clearer])
    assert (refusal.error, refusal.instruction) == ("SettlementNotNewer", 2)


@pytest.mark.parametrize("price", [0, LIMITS.min_price - 1, LIMITS.max_price + 1, 2**64 - 1])
def test_a_price_outside_the_limits_is_refused(market: Market, price: int) -> None:
    assert refused(market, price_base_units=price) == "PriceOutOfLimits"


@pytest.mark.parametrize("price", [LIMITS.min_price, LIMITS.max_price])
def test_the_limits_are_prices(market: Market, price: int) -> None:
    assert opened(market, price_base_units=price) == "SettlementOpened"


@pytest.mark.parametrize(
    "epoch",
    [0, 201605121214, 201605121275, 201605122400, 201605320000, 201613010000, 20160512121500, 2**64 - 1],
)
def test_a_number_that_is_no_epoch_is_refused(market: Market, epoch: int) -> None:
    assert refused(market, epoch=epoch) == "UnalignedEpoch"


def test_an_epoch_that_has_not_begun_is_refused(market: Market) -> None:
    """It would lock the zone until then, because later parts must be newer."""
    assert refused(market, epoch=EPOCH + 30) == "EpochInFuture"
    assert refused(market, epoch=999912312345) == "EpochInFuture"
    assert opened(market, epoch=EPOCH + 15) == "SettlementOpened"


@pytest.mark.parametrize(
    ("trades", "first_index"), [(0, 0), (65_537, 0), (2**32 - 1, 0), (2, 2**32 - 2), (1, 2**32 - 1)]
)
def test_an_absurd_number_of_trades_is_refused(market: Market, trades: int, first_index: int) -> None:
    assert refused(market, trades=trades, first_index=first_index) == "InvalidTradeCount"


def test_the_largest_part(market: Market) -> None:
    assert opened(market, trades=65_536, first_index=2**32 - 65_537) == "SettlementOpened"
    data = market.chain.data(pda.settlement(market.program_id, EPOCH, ZONE, 0)[0])
    assert len(accounts.settlement(data).bitmap) == 8_192


@pytest.mark.parametrize("deadline", [NOW_UNIX - 1, 0, -1, -(2**63)])
def test_a_deadline_in_the_past_is_refused(market: Market, deadline: int) -> None:
    assert refused(market, deadline_unix=deadline) == "DeadlineInPast"


def test_closing_waits_for_the_deadline_or_the_last_trade(market: Market) -> None:
    result = market.publish(two_trades(market))
    assert market.chain.refuse(market.close(result)).error == "SettlementStillOpen"
    market.chain.send(market.settle(result, 0, 1), signers=[market.settler])
    market.chain.set_time(DEADLINE_UNIX)
    assert market.chain.refuse(market.close(result)).error == "SettlementStillOpen"
    market.chain.set_time(DEADLINE_UNIX + 1)
    address = pda.settlement(market.program_id, EPOCH, ZONE, 0)[0]
    rent, before = market.chain.lamports(address), market.chain.lamports(market.clearer.pubkey())
    landed = market.chain.send(market.close(result))
    assert market.events(landed) == [
        ("SettlementClosed", {"epoch": EPOCH, "zone": ZONE, "part": 0, "settled": 1})
    ]
    assert market.chain.account(address) is None
    assert market.chain.lamports(market.clearer.pubkey()) == before + rent


def test_a_fully_settled_part_closes_at_once(market: Market) -> None:
    result = market.publish(two_trades(market))
    market.chain.send(market.settle(result), signers=[market.settler])
    landed = market.chain.send(market.close(result))
    assert market.events(landed)[0][1]["settled"] == 2


def test_rent_goes_to_the_clearer_who_paid_it(market: Market) -> None:
    """A new clearer, or anybody else, cannot take it."""
    trades: list[Trade] = two_trades(market)
    result = market.publish(trades)
    market.chain.set_time(DEADLINE_UNIX + 1)
    theft = instructions.close_settlement(
        program_id=market.program_id, epoch=EPOCH, zone=ZONE, part=0, payer=key("thief").pubkey()
    )
    assert market.chain.refuse(theft).error == "WrongPayer"
    market.chain.send(market.close(result))


def test_another_zones_memory_is_refused(market: Market) -> None:
    """It would let a clearer open again what his own zone has closed."""
    result = market.publish(two_trades(market))
    market.chain.send(market.settle(result), signers=[market.settler])
    market.chain.send(market.close(result))
    assert opened(market, zone=ZONE + 1, epoch=EPOCH - 15) == "SettlementOpened"
    _, again = market.open(result.trades)
    attempt = with_account(again, 2, address=pda.zone(market.program_id, ZONE + 1)[0])
    assert market.chain.refuse(attempt, signers=[market.clearer]).error == "WrongPda"


def test_a_part_of_another_settlement_account_is_refused(market: Market) -> None:
    first = market.publish(two_trades(market))
    other = opening(market, part=1, first_index=2)
    metas = other.accounts
    metas[3] = market.open(first.trades)[1].accounts[3]
    attempt = Instruction(market.program_id, other.data, metas)
    assert market.chain.refuse(attempt, signers=[market.clearer]).error == "WrongSettlement"
