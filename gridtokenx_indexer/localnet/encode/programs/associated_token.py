"""Instructions of the Associated Token Account program."""

from __future__ import annotations

from collections.abc import Sequence

from solders.pubkey import Pubkey

KINDS = {b"": "create", b"\0": "create", b"\1": "createIdempotent"}


def parse_associated_token(accounts: Sequence[Pubkey], data: bytes) -> object | None:
    """Raises IndexError when accounts are missing."""
    kind = KINDS.get(data)
    if kind is None:
        return None
    source, account, wallet, mint, system, token = (str(accounts[index]) for index in range(6))
    info = {
        "source": source,
        "account": account,
        "wallet": wallet,
        "mint": mint,
        "systemProgram": system,
        "tokenProgram": token,
    }
    return {"info": info, "type": kind}
