"""Memos are their own parsed form."""

from __future__ import annotations

from collections.abc import Sequence

from solders.pubkey import Pubkey


def parse_memo(accounts: Sequence[Pubkey], data: bytes) -> object | None:
    return data.decode()
