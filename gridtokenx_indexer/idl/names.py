"""Names and discriminators as Anchor derives them."""

from __future__ import annotations

import re
from hashlib import sha256

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_case(name: str) -> str:
    """`mintEnergy`, `MintEnergy` and `mint_energy` all give `mint_energy`."""
    return _WORD_START.sub("_", name).lower()


def derived_discriminator(namespace: str, name: str) -> bytes:
    """The first 8 bytes of sha256("<namespace>:<name>")."""
    return sha256(f"{namespace}:{name}".encode()).digest()[:8]
