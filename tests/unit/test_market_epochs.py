"""Which epochs there should be, and the decimals that tables hold."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, getcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.errors import ParkError, UsageError
from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, epoch_of, epoch_start
from gridtokenx_indexer.market.amounts import decimal_of_micro, decimal_of_pico, micro_of, weighted_price
from gridtokenx_indexer.market.clearing.charges import Charges, effective_bid, money
from gridtokenx_indexer.market.clearing.rules import ClearingRules
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.market.epochs import wanted_epochs
from gridtokenx_indexer.market.pacing import pause_s, until_epoch_end_s

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


def test_an_empty_market_starts_with_the_running_epoch_and_some_ahead() -> None:
    assert wanted_epochs(NOW, None, ahead=2, backfill=9) == [202611211000, 202611211015, 202611211030]


def test_missed_epochs_are_made_up_for_within_reason() -> None:
    last = EpochNumber(202611210900)
    assert wanted_epochs(NOW, last, ahead=0, backfill=9) == [
        202611210915,
        202611210930,
        202611210945,
        202611211000,
    ]
    assert wanted_epochs(NOW, last, ahead=0, backfill=1) == [202611210945, 202611211000]


@given(
    st.integers(946_684_800, 4_102_444_800).map(lambda unix: datetime.fromtimestamp(unix, UTC)),
    st.integers(0, 5),
    st.integers(0, 20),
    st.integers(-30, 10) | st.none(),
)
def test_epochs_follow_each_other_and_hold_the_moment(
    moment: datetime, ahead: int, backfill: int, last_at: int | None
) -> None:
    running = epoch_start(epoch_of(moment))
    last = None if last_at is None else epoch_of(running + last_at * WINDOW_LENGTH)
    wanted = [epoch_start(epoch) for epoch in wanted_epochs(moment, last, ahead=ahead, backfill=backfill)]

    assert running in wanted
    assert wanted[-1] == running + ahead * WINDOW_LENGTH
    assert all(after - before == WINDOW_LENGTH for before, after in pairwise(wanted))
    assert len(wanted) <= backfill + 1 + ahead


@given(st.integers(-(10**40), 10**40))
def test_decimals_are_exact_whatever_the_context(value: int) -> None:
    assert getcontext().prec < 40
    assert str(decimal_of_micro(value).as_tuple().digits) == str(Decimal(value).as_tuple().digits)
    assert decimal_of_micro(value).as_tuple().exponent == -6
    assert decimal_of_pico(value).as_tuple().exponent == -12


@given(st.integers(0, 10**15 - 1))
def test_micro_and_back(value: int) -> None:
    assert micro_of(decimal_of_micro(value)) == value


def test_a_seventh_decimal_is_refused() -> None:
    with pytest.raises(ParkError, match="more than 6 decimals"):
        micro_of(Decimal("1.0000001"))


def test_the_price_over_zones_is_weighted_and_rounded_half_even() -> None:
    assert weighted_price([]) is None
    assert weighted_price([(0, 0)]) is None
    assert weighted_price([(3, 1), (5, 3)]) == 4
    assert weighted_price([(2, 1), (3, 1)]) == 2
    assert weighted_price([(3, 1), (4, 1)]) == 4
    assert weighted_price([(1, 1), (2, 2)]) == 2


CHARGES = st.builds(
    Charges,
    market_fee_bps=st.integers(0, 10_000),
    grid_fee_micro=st.integers(0, 10**7),
    wheeling_micro=st.integers(0, 10**7),
    loss_bps=st.integers(0, 10_000),
)


@given(st.integers(1, 10**12), st.integers(1, 10**15), CHARGES)
def test_paying_the_effective_bid_stays_within_the_limit_and_one_more_does_not(
    limit: int, energy: int, charges: Charges
) -> None:
    effective = effective_bid(limit, charges)
    if effective:
        assert money(energy, effective, charges).payment * 10**6 <= limit * energy
    # At 10^10 kWh the floors of value and fee no longer hide a millionth of the price.
    bulk = 10**16
    assert money(bulk, effective + 1, charges).payment * 10**6 > limit * bulk


@pytest.mark.parametrize(
    "wrong",
    [{"k_numerator": 3}, {"k_denominator": 0}, {"lot_micro_kwh": 0}, {"floor_micro": 5, "cap_micro": 4}],
)
def test_rules_that_are_none_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        ClearingRules(**wrong)  # type: ignore[arg-type]


def test_the_clearer_looks_again_just_past_the_end_of_the_epoch() -> None:
    assert 600 < until_epoch_end_s(NOW) < 600.1
    end = NOW.replace(minute=14, second=59, microsecond=999_999)
    assert 0 < until_epoch_end_s(end) < 0.1


def test_a_service_without_its_lease_looks_more_often() -> None:
    config = MarketConfig(poll_ms=5_000)
    assert pause_s(config, lease_held=False) < pause_s(config, lease_held=True) == 5
    assert pause_s(MarketConfig(poll_ms=10), lease_held=False) == 0.01
