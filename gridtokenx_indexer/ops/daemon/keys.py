"""The signing keys that the settings name."""

from __future__ import annotations

from pathlib import Path

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.tx.keyfile import signer_from_file, signer_from_text
from gridtokenx_indexer.tx.signer import KeyRing, Role, Signer

SERVICE_ROLES = (Role.MINTER, Role.CLEARER, Role.SETTLER)
_SHARED = "keypair"


def load_keys(settings: Settings, roles: tuple[Role, ...] = SERVICE_ROLES) -> KeyRing:
    """The keys of `roles` that are set; a role without a key of its own takes the shared one.

    Raises `SignerError` for a key that is missing, malformed or readable by others, and `UsageError` when
    one key is given both as a file and as text.
    """
    signers: dict[Role, Signer] = {}
    for role in roles:
        signer = _named(settings, role) or _named(settings, _SHARED)
        if signer is not None:
            signers[role] = signer
    return KeyRing(signers)


def _named(settings: Settings, name: str) -> Signer | None:
    path, text = settings[f"keys.{name}"], settings[f"keys.{name}_json"]
    if path and text:
        raise UsageError(
            f"the {name} key is given twice: as a file by {settings.origin(f'keys.{name}')} "
            f"and as text by {settings.origin(f'keys.{name}_json')}",
            remedy="unset one of the two",
        )
    if isinstance(path, Path):
        return signer_from_file(path)
    if isinstance(text, str) and text:
        return signer_from_text(text, origin=settings.origin(f"keys.{name}_json"))
    return None
