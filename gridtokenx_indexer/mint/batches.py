"""Which operations share a transaction. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from gridtokenx_indexer.mint.builder import MintItem
from gridtokenx_indexer.tx.packing import Footprint, largest_fitting


def groups(items: Iterable[MintItem], home: Callable[[MintItem], str | None]) -> list[list[MintItem]]:
    """Items that may share a transaction: those of one batch limit, neighbours from one lookup table.

    `home` names the table that holds an item's accounts; those without one come last.
    """
    found: dict[int, list[MintItem]] = defaultdict(list)
    for item in items:
        found[item.operation.batch_limit or 0].append(item)

    def place(item: MintItem) -> tuple[bool, str, int, bytes]:
        table = home(item)
        return table is None, table or "", item.operation.window, item.operation.meter

    return [sorted(members, key=place) for _, members in sorted(found.items())]


def cut(
    members: Sequence[MintItem],
    most: int,
    footprint: Callable[[Sequence[MintItem]], Footprint],
) -> tuple[list[Sequence[MintItem]], list[MintItem]]:
    """Cuts a group into transactions of up to `most` operations that fit, and those that fit in none."""
    batches: list[Sequence[MintItem]] = []
    misfits: list[MintItem] = []
    rest = list(members)

    def first(size: int) -> Footprint:
        return footprint(rest[:size])

    while rest:
        count = largest_fitting(min(most, rest[0].operation.batch_limit or most, len(rest)), first)
        if count == 0:
            misfits.append(rest.pop(0))
            continue
        batches.append(rest[:count])
        rest = rest[count:]
    return batches, misfits
