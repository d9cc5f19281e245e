"""Instruction parsers of the programs that the real node knows by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import (
    ASSOCIATED_TOKEN,
    MEMO_V1,
    MEMO_V2,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
)
from gridtokenx_indexer.localnet.encode.programs.associated_token import parse_associated_token
from gridtokenx_indexer.localnet.encode.programs.memo import parse_memo
from gridtokenx_indexer.localnet.encode.programs.system import parse_system
from gridtokenx_indexer.localnet.encode.programs.token import parse_token

Parser = Callable[[Sequence[Pubkey], bytes], object | None]

PARSERS: dict[Pubkey, tuple[str, Parser]] = {
    SYSTEM: ("system", parse_system),
    MEMO_V1: ("spl-memo", parse_memo),
    MEMO_V2: ("spl-memo", parse_memo),
    TOKEN: ("spl-token", parse_token),
    TOKEN_2022: ("spl-token", parse_token),
    ASSOCIATED_TOKEN: ("spl-associated-token-account", parse_associated_token),
}


def parse_instruction(program: Pubkey, accounts: Sequence[Pubkey], data: bytes) -> tuple[str, object] | None:
    """The program's name and the `parsed` member; None for an unknown program or unreadable data."""
    known = PARSERS.get(program)
    if known is None:
        return None
    name, parse = known
    try:
        parsed = parse(accounts, data)
    except (IndexError, ValueError):
        return None
    return None if parsed is None else (name, parsed)
