"""The accounts and the virtual machine that changes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from solders.account import Account
from solders.clock import Clock
from solders.hash import Hash
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import (
    FailedTransactionMetadata,
    SimulatedTransactionInfo,
    TransactionMetadata,
)

from gridtokenx_indexer.localnet.addresses import SYSTEM, SYSVAR_OWNER
from gridtokenx_indexer.localnet.chain.accounts import AccountState, AccountVersions
from gridtokenx_indexer.localnet.svm.rent import rent_minimum

LOG_BYTES = 10_000
SLOT_HASHES_KEPT = 512
SLOTS_PER_EPOCH = 432_000
ERASED = AccountState(0, b"", SYSTEM)


class SvmResult(msgspec.Struct):
    err: object
    """JSON form of the TransactionError."""
    meta: TransactionMetadata
    post: dict[Pubkey, AccountState | None] = {}
    """Simulated states; empty after an execution."""


class Bank:
    """LiteSVM at the newest block, with the older account versions beside it."""

    def __init__(self) -> None:
        self.versions = AccountVersions()
        self._log_bytes = LOG_BYTES
        self._svm = (
            LiteSVM()
            .with_blockhash_check(False)
            .with_transaction_history(0)
            .with_sigverify(False)
            .with_log_bytes_limit(LOG_BYTES)
        )

    def set_log_limit(self, log_bytes: int | None) -> None:
        wanted = LOG_BYTES if log_bytes is None else log_bytes
        if wanted != self._log_bytes:
            self._svm = self._svm.with_log_bytes_limit(wanted)
            self._log_bytes = wanted

    def set_slot(self, slot: int, unix_time: int, epoch_start_unix: int) -> None:
        self._svm.warp_to_slot(slot)
        self._svm.set_clock(clock_at(slot, unix_time, epoch_start_unix))

    def set_slot_hashes(self, newest_first: list[tuple[int, Hash]]) -> None:
        self._svm.set_slot_hashes(newest_first)

    def account(self, address: Pubkey, slot: int | None = None) -> AccountState | None:
        """The account at a slot, by default the newest state; None when it does not exist."""
        if address not in self.versions:
            state = AccountState.of(self._svm.get_account(address))
            if state is not None and state.owner != SYSVAR_OWNER:
                self.versions.set_base(address, state)
            return state
        return self.versions.latest(address) if slot is None else self.versions.at(address, slot)

    def install(self, address: Pubkey, state: AccountState | None) -> None:
        """Put an account into every version, as if it had been there at genesis."""
        self.versions.set_base(address, state)
        self._svm.set_account(address, (state or ERASED).to_svm())

    def write(self, slot: int, address: Pubkey, state: AccountState | None) -> None:
        """Set an account in the block under construction, outside any transaction."""
        self.versions.record(slot, address, state)
        self._svm.set_account(address, (state or ERASED).to_svm())

    def execute(self, transaction: VersionedTransaction, payer: Pubkey, priority_lamports: int) -> SvmResult:
        """Run a transaction on the newest state; `read_back` gives the new states.

        LiteSVM charges for the signatures only, so the priority fee is taken off the payer beforehand.
        """
        if priority_lamports:
            self._svm.set_account(payer, self._charged(self.versions.latest(payer), priority_lamports))
        result = self._svm.send_transaction(transaction)
        if isinstance(result, FailedTransactionMetadata):
            return SvmResult(_error_object(result), result.meta())
        return SvmResult(None, result)

    def put_back(self, address: Pubkey) -> None:
        """Undo what an execution that does not count did to an account."""
        self._svm.set_account(address, (self.versions.latest(address) or ERASED).to_svm())

    def _charged(self, state: AccountState | None, lamports: int) -> Account:
        assert state is not None
        return msgspec.structs.replace(state, lamports=state.lamports - lamports).to_svm()

    def read_back(self, address: Pubkey) -> AccountState | None:
        """What the virtual machine now holds for an address."""
        return AccountState.of(self._svm.get_account(address))

    def simulate(
        self,
        transaction: VersionedTransaction,
        addresses: Sequence[Pubkey],
        slot: int,
        priority_lamports: int,
    ) -> SvmResult:
        """Run a transaction on the state of `slot` and leave no trace; the first address pays."""
        newest: dict[Pubkey, AccountState | None] = {}
        for address in addresses:
            if address not in self.versions:
                continue
            latest, then = self.versions.latest(address), self.versions.at(address, slot)
            if latest is not then:
                newest[address] = latest
                self._svm.set_account(address, (then or ERASED).to_svm())
        if priority_lamports:
            payer = addresses[0]
            newest.setdefault(payer, self.versions.latest(payer))
            self._svm.set_account(payer, self._charged(self.versions.at(payer, slot), priority_lamports))
        try:
            result = self._svm.simulate_transaction(transaction)
        finally:
            for address, state in newest.items():
                self._svm.set_account(address, (state or ERASED).to_svm())
        if isinstance(result, SimulatedTransactionInfo):
            post = {address: AccountState.of(account) for address, account in result.post_accounts()}
            return SvmResult(None, result.meta(), post)
        return SvmResult(_error_object(result), result.meta())

    def revert_to(self, slot: int) -> None:
        for address, state in self.versions.revert_to(slot).items():
            self._svm.set_account(address, (state or ERASED).to_svm())

    def reader(self, slot: int) -> Callable[[Pubkey], AccountState | None]:
        return lambda address: self.account(address, slot)


def clock_at(slot: int, unix_time: int, epoch_start_unix: int) -> Clock:
    epoch = slot // SLOTS_PER_EPOCH
    return Clock(slot, epoch_start_unix, epoch, epoch + 1, unix_time)


def clock_account(slot: int, unix_time: int, epoch_start_unix: int) -> AccountState:
    """The Clock sysvar's account as the block of `slot` saw it."""
    data = bytes(clock_at(slot, unix_time, epoch_start_unix))
    return AccountState(rent_minimum(len(data)), data, SYSVAR_OWNER)


class _FailedJson(msgspec.Struct):
    err: object


def _error_object(failed: FailedTransactionMetadata) -> object:
    return msgspec.json.decode(failed.to_json(), type=_FailedJson).err
