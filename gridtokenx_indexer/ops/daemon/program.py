"""The program that this installation works with: its address and its interface."""

from __future__ import annotations

from pathlib import Path

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.resources import resource


class Program(msgspec.Struct, frozen=True, kw_only=True):
    id: Pubkey
    idl: str
    """The text of its IDL."""


class _Addressed(msgspec.Struct):
    address: str = ""


def load_program(settings: Settings) -> Program:
    """Raises `UsageError` for a missing or malformed IDL and for an address that is none."""
    given = settings["program.idl"]
    path = given if isinstance(given, Path) else resource("programs/gridtokenx/idl.json")
    try:
        text = path.read_text(encoding="utf-8")
        addressed = msgspec.json.decode(text, type=_Addressed)
    except OSError as error:
        raise UsageError(
            f"the IDL {path} cannot be read ({error.strerror})", remedy="set [program] idl, or reinstall"
        ) from error
    except (UnicodeDecodeError, msgspec.DecodeError) as error:
        raise UsageError(f"the IDL {path} is not JSON: {error}", remedy="export it again") from error
    return Program(id=program_address(str(settings["program.id"] or addressed.address)), idl=text)


def program_address(text: str) -> Pubkey:
    try:
        return Pubkey.from_string(text)
    except ValueError as error:
        raise UsageError(
            f"program.id {text!r} is not a Solana address", remedy="give the base58 address of the program"
        ) from error
