"""The book of one zone at gate closure, in its order of priority, and its hash."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

_HEAD = struct.Struct("<QIII")
_AMOUNTS = struct.Struct("<QQQ")


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class BookOrder(NamedTuple):
    """One open order as the clearing sees it.

    `seq` ranks orders of equal price, lower first, and is unique in a book. `limit_micro` is what the owner
    wrote; `effective_micro` is the same limit net of charges, the one that clearing compares.
    """

    order_id: UUID
    user_id: UUID
    side: Side
    seq: int
    remaining_micro_kwh: int
    limit_micro: int
    effective_micro: int


class Book(NamedTuple):
    """Both sides in priority: bids by falling, asks by rising effective limit, equal limits by seq."""

    bids: Sequence[BookOrder]
    asks: Sequence[BookOrder]

    @property
    def order_count(self) -> int:
        return len(self.bids) + len(self.asks)


def make_book(orders: Iterable[BookOrder]) -> Book:
    """Sorts `orders`, given in any order, into a book."""
    bids: list[BookOrder] = []
    asks: list[BookOrder] = []
    for order in orders:
        (bids if order.side is Side.BUY else asks).append(order)
    bids.sort(key=lambda order: (-order.effective_micro, order.seq))
    asks.sort(key=lambda order: (order.effective_micro, order.seq))
    return Book(bids, asks)


def book_hash(epoch: int, zone: int, book: Book) -> bytes:
    """sha256 over the orders in priority.

    The position stands for `seq`: only the ranking decides, and a sequence may leave gaps.
    """
    digest = sha256(b"gridtokenx:book:1")
    digest.update(_HEAD.pack(epoch, zone, len(book.bids), len(book.asks)))
    for side in (book.bids, book.asks):
        digest.update(
            b"".join(
                order.order_id.bytes
                + order.user_id.bytes
                + _AMOUNTS.pack(order.remaining_micro_kwh, order.limit_micro, order.effective_micro)
                for order in side
            )
        )
    return digest.digest()
