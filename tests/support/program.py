"""Our program's address and its compiled bytes, as the package ships them."""

from __future__ import annotations

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.resources import resource


class _Idl(msgspec.Struct):
    address: str


def program_elf() -> bytes:
    return resource("programs/gridtokenx/gridtokenx.so").read_bytes()


PROGRAM_ID = Pubkey.from_string(
    msgspec.json.decode(resource("programs/gridtokenx/idl.json").read_bytes(), type=_Idl).address
)
