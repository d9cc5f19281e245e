"""The port behind which private keys live."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.errors import SignerError


class Role(StrEnum):
    """Which of our keys signs; one process need not hold all of them."""

    AUTHORITY = "authority"
    MINTER = "minter"
    CLEARER = "clearer"
    SETTLER = "settler"
    ISSUER = "issuer"


class Signer(Protocol):
    """One key. An implementation may keep it in a file, an agent or a hardware module."""

    def pubkey(self) -> Pubkey: ...

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of `message`."""
        ...


class KeypairSigner:
    """A key held in memory."""

    def __init__(self, keypair: Keypair) -> None:
        self._keypair = keypair

    def pubkey(self) -> Pubkey:
        return self._keypair.pubkey()

    def sign(self, message: bytes) -> bytes:
        return bytes(self._keypair.sign_message(message))

    def __repr__(self) -> str:
        return f"KeypairSigner({self._keypair.pubkey()})"


class KeyRing:
    """The keys this process holds, by role."""

    def __init__(self, signers: Mapping[Role, Signer]) -> None:
        self._signers = dict(signers)

    def signer(self, role: Role) -> Signer:
        """The key of `role`; raises `SignerError` when this process was given none."""
        try:
            return self._signers[role]
        except KeyError:
            raise SignerError(
                f"this process holds no {role} key", remedy=f"set the keypair of [keys] {role}"
            ) from None

    def pubkey(self, role: Role) -> Pubkey:
        return self.signer(role).pubkey()

    def holds(self, role: Role) -> bool:
        return role in self._signers

    def pubkeys(self) -> frozenset[Pubkey]:
        """Every distinct key held: the follower must watch all of them as signers."""
        return frozenset(signer.pubkey() for signer in self._signers.values())
