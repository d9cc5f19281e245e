from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import (
    epoch_end,
    epoch_of,
    epoch_start,
    window_end,
    window_of,
    window_start,
)

moments = st.integers(min_value=31_536_000, max_value=4_102_444_800).map(
    lambda unix_seconds: datetime.fromtimestamp(unix_seconds, UTC)
)


@given(moments)
def test_a_moment_lies_in_its_own_window(moment: datetime) -> None:
    window = window_of(moment)
    assert window_start(window) <= moment < window_end(window)


@given(moments)
def test_epoch_number_names_the_window_of_the_moment(moment: datetime) -> None:
    epoch = epoch_of(moment)
    assert epoch_start(epoch) == window_start(window_of(moment))
    assert epoch_end(epoch) - epoch_start(epoch) == timedelta(minutes=15)


def test_epoch_number_is_written_in_utc() -> None:
    bangkok = timezone(timedelta(hours=7))
    assert epoch_of(datetime(2016, 5, 12, 19, 29, tzinfo=bangkok)) == 201605121215


@pytest.mark.parametrize("number", [201605121210, 201613121215, 20160512, -5, 0])
def test_a_number_that_starts_no_epoch_is_refused_with_a_remedy(number: int) -> None:
    with pytest.raises(UsageError, match=str(number)):
        epoch_start(EpochNumber(number))
