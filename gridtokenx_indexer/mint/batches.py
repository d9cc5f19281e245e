"""Which operations share a transaction. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from gridtokenx_indexer.mint.operation import MintOperation
from gridtokenx_indexer.tx.packing import Footprint, largest_fitting


def groups(
    operations: Iterable[MintOperation], home: Callable[[MintOperation], str | None]
) -> list[list[MintOperation]]:
    """Operations that may share a transaction: those of one batch limit, neighbours from one lookup table.

    `home` names the table that holds an operation's accounts; those without one come last.
    """
    found: dict[int, list[MintOperation]] = defaultdict(list)
    for operation in operations:
        found[operation.batch_limit or 0].append(operation)

    def place(operation: MintOperation) -> tuple[bool, str, int, bytes]:
        table = home(operation)
        return table is None, table or "", operation.window, operation.meter

    return [sorted(members, key=place) for _, members in sorted(found.items())]


def cut(
    members: Sequence[MintOperation],
    most: int,
    footprint: Callable[[Sequence[MintOperation]], Footprint],
) -> tuple[list[Sequence[MintOperation]], list[MintOperation]]:
    """Cuts a group into transactions of up to `most` operations that fit, and those that fit in none."""
    batches: list[Sequence[MintOperation]] = []
    misfits: list[MintOperation] = []
    rest = list(members)

    def first(size: int) -> Footprint:
        return footprint(rest[:size])

    while rest:
        count = largest_fitting(min(most, rest[0].batch_limit or most, len(rest)), first)
        if count == 0:
            misfits.append(rest.pop(0))
            continue
        batches.append(rest[:count])
        rest = rest[count:]
    return batches, misfits
