"""Where the local node answers otherwise than the recorded one, and why."""

from __future__ import annotations

import re
from typing import NamedTuple


class Allowed(NamedTuple):
    """Differences whose case and path match are expected."""

    case: str
    path: str
    reason: str


ALLOWED = (
    Allowed(
        r"\bv1\b|^getTransaction: (confirmed signature at confirmed|minContextSlot in the future|finalized)$",
        r".*",
        "version 1 transactions are refused: solders 0.26 cannot execute them",
    ),
    Allowed(
        r"^simulateTransaction: first seconds",
        r"\.err$",
        "a program of the genesis can be used at once, on the real node only after the first root",
    ),
)


def unexpected(case: str, lines: list[str]) -> list[str]:
    """The differences that no exception allows."""
    return [line for line in lines if not any(allows(each, case, line) for each in ALLOWED)]


def allows(allowed: Allowed, case: str, line: str) -> bool:
    path = line.partition(": ")[0]
    return bool(re.search(allowed.case, case) and re.search(allowed.path, path))
