"""Which call of the transaction an invocation in the logs was."""

from __future__ import annotations

from collections.abc import Sequence

from gridtokenx_indexer.decode.calls import Call
from gridtokenx_indexer.decode.logs import Invocation


def match_invocations(invocations: Sequence[Invocation], calls: Sequence[Call]) -> list[int | None]:
    """For each invocation the index of its call, or None when it cannot be told.

    Both lists are in the order of execution. Precompiles are calls that log no invocation, so calls may be
    passed over; an invocation that finds no call ends the matching, since what follows could be shifted.
    """
    matched: list[int | None] = []
    at = 0
    for invocation in invocations:
        found = at
        while found < len(calls) and not _same(invocation, calls[found]):
            found += 1
        if found == len(calls):
            break
        matched.append(found)
        at = found + 1
    return matched + [None] * (len(invocations) - len(matched))


def _same(invocation: Invocation, call: Call) -> bool:
    return invocation.program == call.program and invocation.depth == call.height
