"""Orders cleared per second on one core, pure computation."""

from __future__ import annotations

import random

import pytest

from gridtokenx_indexer.market.clearing.book import Side, make_book
from tests.support.clearing import clear_book, make_order
from tests.support.speed import best_seconds, report


@pytest.mark.parametrize("orders", [10_000, 100_000, 1_000_000])
def test_clear(orders: int) -> None:
    draw = random.Random(7)
    sides = (Side.SELL, Side.BUY)
    book = make_book(
        make_order(sides[at % 2], at, draw.randrange(1, 5_000) * 1_000, draw.randrange(2_200_000, 4_500_000))
        for at in range(orders)
    )
    assert clear_book(book).trades
    seconds = best_seconds(lambda: clear_book(book), runs=2)
    report(f"book of {orders:,} orders cleared", orders / seconds, f"orders per s ({seconds:.2f} s)")
