"""Accounts in every version that a commitment or a fork may still ask for."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from solders.account import Account
from solders.pubkey import Pubkey

RENT_EPOCH = 2**64 - 1


class AccountState(msgspec.Struct, frozen=True, eq=True):
    lamports: int
    data: bytes
    owner: Pubkey
    executable: bool = False

    @classmethod
    def of(cls, account: Account | None) -> AccountState | None:
        """The state of an SVM account; None for one without lamports, which does not exist on chain."""
        if account is None or account.lamports == 0:
            return None
        return cls(account.lamports, account.data, account.owner, account.executable)

    def to_svm(self) -> Account:
        return Account(self.lamports, self.data, self.owner, self.executable, RENT_EPOCH)


class AccountVersions:
    """Per address the states since the last finalized one, each with the slot that wrote it."""

    def __init__(self) -> None:
        self._versions: dict[Pubkey, list[tuple[int, AccountState | None]]] = {}
        self._written: dict[int, set[Pubkey]] = {}

    def __contains__(self, address: Pubkey) -> bool:
        return address in self._versions

    def set_base(self, address: Pubkey, state: AccountState | None) -> None:
        """Make `state` the account's only version, as if it had stood there since genesis."""
        self._versions[address] = [(0, state)]

    def record(self, slot: int, address: Pubkey, state: AccountState | None) -> None:
        versions = self._versions.setdefault(address, [])
        if not versions:
            versions.append((0, None))
        if versions[-1][0] == slot and slot > 0:
            versions[-1] = (slot, state)
        else:
            versions.append((slot, state))
        self._written.setdefault(slot, set()).add(address)

    def latest(self, address: Pubkey) -> AccountState | None:
        versions = self._versions.get(address)
        return versions[-1][1] if versions else None

    def at(self, address: Pubkey, slot: int) -> AccountState | None:
        for written, state in reversed(self._versions.get(address, ())):
            if written <= slot:
                return state
        return None

    def written_in(self, slot: int) -> set[Pubkey]:
        return self._written.get(slot, set())

    def all_at(self, slot: int) -> Iterator[tuple[Pubkey, AccountState]]:
        for address in self._versions:
            state = self.at(address, slot)
            if state is not None:
                yield address, state

    def finalize(self, slot: int) -> None:
        """Forget what only commitments below `slot` could ask for."""
        for written in [each for each in self._written if each <= slot]:
            for address in self._written.pop(written):
                versions = self._versions.get(address, [])
                while len(versions) > 1 and versions[1][0] <= slot:
                    versions.pop(0)
                if len(versions) == 1 and versions[0][1] is None:
                    del self._versions[address]

    def revert_to(self, slot: int) -> dict[Pubkey, AccountState | None]:
        """Drop every version written after `slot`; returns the states that now hold for those accounts."""
        restored: dict[Pubkey, AccountState | None] = {}
        for written in [each for each in self._written if each > slot]:
            for address in self._written.pop(written):
                versions = self._versions.get(address, [])
                while versions and versions[-1][0] > slot:
                    versions.pop()
                restored[address] = versions[-1][1] if versions else None
        return restored
