"""Comparing two JSON answers in members, types, error codes and messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

EXACT = frozenset(
    {
        "apiVersion",
        "code",
        "confirmationStatus",
        "decimals",
        "encoding",
        "err",
        "fee",
        "innerInstructions",
        "jsonrpc",
        "loadedAddresses",
        "memo",
        "message",
        "postTokenBalances",
        "preTokenBalances",
        "program",
        "programId",
        "returnData",
        "rewardType",
        "stackHeight",
        "state",
        "status",
        "transaction",
        "type",
        "version",
    }
)
"""Members that are equal in every value below them: the replay sends the recorded bytes."""


def differences(recorded: Any, ours: Any, path: str = "", *, exact: bool = False) -> Iterator[str]:
    """One line per difference; other values count only below members that are named exact."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        for name in sorted(recorded.keys() - ours.keys()):
            yield f"{path}.{name}: missing"
        for name in sorted(ours.keys() - recorded.keys()):
            yield f"{path}.{name}: not in the recording"
        for name in sorted(recorded.keys() & ours.keys()):
            below = exact or name in EXACT
            yield from differences(recorded[name], ours[name], f"{path}.{name}", exact=below)
    elif isinstance(recorded, list) and isinstance(ours, list):
        if bool(recorded) != bool(ours) or (exact and len(recorded) != len(ours)):
            yield f"{path}: {len(ours)} elements instead of {len(recorded)}"
        for index, (left, right) in enumerate(_pairs(recorded, ours)):
            yield from differences(left, right, f"{path}[{index}]", exact=exact)
    elif type(recorded) is not type(ours) or (exact and recorded != ours):
        yield f"{path}: {ours!r} instead of {recorded!r}"


def _pairs(recorded: list[Any], ours: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Members that name a transaction or an account are matched by that name, others by position."""
    named = {name: each for each in ours if (name := _name(each)) is not None}
    if named and all(_name(each) is not None for each in recorded):
        for each in recorded:
            match = named.get(_name(each) or "")
            if match is not None:
                yield each, match
    else:
        yield from zip(recorded, ours, strict=False)


def _name(member: Any) -> str | None:
    if not isinstance(member, dict):
        return None
    transaction = member.get("transaction")
    signatures = transaction.get("signatures") if isinstance(transaction, dict) else None
    name = member.get("signature") or member.get("pubkey") or (signatures[0] if signatures else None)
    return name if isinstance(name, str) else None
