"""The signing keys that the settings name."""

from __future__ import annotations

from pathlib import Path

from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.tx.keyfile import signer_from_file
from gridtokenx_indexer.tx.signer import KeyRing, Role

SERVICE_ROLES = (Role.MINTER, Role.CLEARER, Role.SETTLER)


def load_keys(settings: Settings, roles: tuple[Role, ...] = SERVICE_ROLES) -> KeyRing:
    """The keys of `roles` that are set; a role without a file of its own takes `keys.keypair`.

    Raises `SignerError` for a file that is missing, malformed or readable by others.
    """
    signers = {}
    for role in roles:
        path = settings[f"keys.{role}"] or settings["keys.keypair"]
        if isinstance(path, Path):
            signers[role] = signer_from_file(path)
    return KeyRing(signers)
