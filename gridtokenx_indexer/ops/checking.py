"""One proved or disproved statement about the books."""

from __future__ import annotations

import msgspec


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """`detail` holds the figures that were compared, `differences` names what differs."""

    check: str
    ok: bool
    detail: str
    differences: tuple[str, ...] = ()
