"""Comparing two JSON answers in members, types, error codes and messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

EXACT_MEMBERS = frozenset(
    {
        "code",
        "message",
        "err",
        "status",
        "confirmationStatus",
        "version",
        "encoding",
        "type",
        "program",
        "apiVersion",
        "jsonrpc",
        "programId",
        "stackHeight",
        "decimals",
        "state",
        "memo",
        "rewardType",
    }
)


def differences(recorded: Any, ours: Any, path: str = "") -> Iterator[str]:
    """One line per difference; values count only where the member's name says so."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        for name in sorted(recorded.keys() - ours.keys()):
            yield f"{path}.{name}: missing"
        for name in sorted(ours.keys() - recorded.keys()):
            yield f"{path}.{name}: not in the recording"
        for name in sorted(recorded.keys() & ours.keys()):
            below = f"{path}.{name}"
            if (name in EXACT_MEMBERS and not isinstance(recorded[name], dict | list)) or name == "err":
                if recorded[name] != ours[name]:
                    yield f"{below}: {ours[name]!r} instead of {recorded[name]!r}"
            else:
                yield from differences(recorded[name], ours[name], below)
    elif isinstance(recorded, list) and isinstance(ours, list):
        if bool(recorded) != bool(ours):
            yield f"{path}: {len(ours)} elements instead of {len(recorded)}"
        for index, (left, right) in enumerate(_pairs(recorded, ours)):
            yield from differences(left, right, f"{path}[{index}]")
    elif type(recorded) is not type(ours):
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
