"""Signing keys from files and from the environment. Nothing here ever prints a secret."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from solders.keypair import Keypair

from gridtokenx_indexer.tx.errors import SignerError
from gridtokenx_indexer.tx.signer import KeypairSigner

_KEYPAIR_BYTES = 64
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def signer_from_file(path: Path) -> KeypairSigner:
    """A keypair file as `solana-keygen` writes it: a JSON list of 64 numbers, readable by its owner only.

    Raises `SignerError` that names the file and the remedy.
    """
    try:
        mode = path.stat().st_mode
        if mode & _OTHERS:
            raise SignerError(
                f"keypair file {path} is open to other users (mode {stat.S_IMODE(mode):04o})",
                remedy=f"chmod 600 {path}",
            )
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise SignerError(
            f"keypair file {path} does not exist", remedy="create it with solana-keygen new, or fix [keys]"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise SignerError(
            f"keypair file {path} cannot be read: {reason}", remedy="give the daemon's user read access"
        ) from None
    return signer_from_text(text, origin=f"keypair file {path}")


def signer_from_text(text: str, *, origin: str) -> KeypairSigner:
    """A keypair as JSON list of 64 numbers or as base58 text; `origin` names it in errors."""
    stripped = text.strip()
    try:
        keypair = _from_json(stripped) if stripped.startswith("[") else Keypair.from_base58_string(stripped)
        if bytes(Keypair.from_seed(bytes(keypair)[:32])) != bytes(keypair):
            raise ValueError
    # solders reports malformed text by a panic, which is not an Exception.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise SignerError(
            f"{origin} holds no valid keypair",
            remedy="give a JSON list of 64 numbers, or the same 64 bytes in base58",
        ) from None
    return KeypairSigner(keypair)


def _from_json(text: str) -> Keypair:
    numbers = json.loads(text)
    if len(numbers) != _KEYPAIR_BYTES or any(type(number) is not int for number in numbers):
        raise ValueError
    return Keypair.from_bytes(bytes(numbers))
