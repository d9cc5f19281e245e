"""When the books stop minting. Pure; base units of the energy token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything at one finalized slot that the index has passed.

    `minted` and `burned` are sums of indexed events and burns, `done` of done operations, `supply` the
    token's.
    """

    opening_base_units: int
    supply_base_units: int
    minted_base_units: int
    burned_base_units: int
    done_base_units: int
    unexplained: Sequence[str] = ()
    """Signatures with a mint event of which no sent operation is known."""


@dataclass(frozen=True, slots=True)
class BooksVerdict:
    pause: str | None
    alert: str | None


def compare(books: Books) -> BooksVerdict:
    """Pauses only for energy that exists without a reason; every other difference alerts."""
    expected = books.opening_base_units + books.minted_base_units - books.burned_base_units
    supply, done = books.supply_base_units, books.done_base_units
    if supply > expected:
        return BooksVerdict(f"the supply is {supply} base units, events explain only {expected}", None)
    if books.unexplained:
        some = ", ".join(sorted(books.unexplained)[:5])
        return BooksVerdict(f"mint events without a sent operation in {some}", None)
    if supply < expected:
        return BooksVerdict(None, f"the supply is {supply} base units, events explain {expected}")
    if done > books.minted_base_units:
        return BooksVerdict(
            None, f"done operations claim {done} base units, events only {books.minted_base_units}"
        )
    return BooksVerdict(None, None)
