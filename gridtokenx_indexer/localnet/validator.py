"""The chain as one state machine without I/O: submit, produce, skip, fork."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256

import msgspec
from solders.hash import Hash
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.localnet.addresses import LOOKUP_TABLE, SLOT_HASHES, SYSTEM
from gridtokenx_indexer.localnet.base58 import b58encode
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blockhashes import BlockhashQueue
from gridtokenx_indexer.localnet.chain.blocks import Block, ExecutedTransaction
from gridtokenx_indexer.localnet.chain.clock import ChainClock
from gridtokenx_indexer.localnet.chain.ledger import Ledger
from gridtokenx_indexer.localnet.chain.statuses import Status, StatusCache
from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.faults import Faults
from gridtokenx_indexer.localnet.svm.bank import SLOT_HASHES_KEPT, Bank
from gridtokenx_indexer.localnet.svm.execution import InvalidTransactionError, execute, lock_error, prepare
from gridtokenx_indexer.localnet.svm.wire import WireTransaction

BURNED_SHARE = 2
"""Half of the base fee is burned, the leader earns the rest and the whole priority fee."""


class ForkMode(StrEnum):
    REPLACE = "replace"
    """New blocks stand at the slots of the old ones."""
    STEP_OVER = "step_over"
    """The next block's parent is the common ancestor; the old slots end up skipped."""


class Pending(msgspec.Struct):
    wire: WireTransaction
    transaction: VersionedTransaction


class Validator:
    """Owns the bank, the ledger and everything a fork must restore."""

    def __init__(self, config: LocalNodeConfig, identity: Pubkey, genesis_hash: str, salt: bytes) -> None:
        self.config = config
        self.identity = identity
        self.faults = Faults()
        self.clock = ChainClock()
        if config.genesis_unix is not None:
            self.clock.set_unix(config.genesis_unix)
        self.bank = Bank()
        self.blockhashes = BlockhashQueue()
        self.statuses = StatusCache()
        genesis = Block(0, 0, 0, genesis_hash, genesis_hash, self.clock.unix_time(0), [])
        self.genesis_unix = genesis.unix_time
        self.ledger = Ledger(genesis, config.confirmation_slots, config.finality_slots, config.history_blocks)
        self.blockhashes.register(genesis_hash, 0)
        self.on_block: list[Callable[[Block], None]] = []
        """Called after a block was added and the frontiers have moved, before old versions are forgotten."""
        self.on_simulation: list[Callable[[ExecutedTransaction, int], None]] = []
        """Called with what a simulation on the newest bank did, and that bank's slot."""
        self._salt = salt
        self._forks = 0
        self._next_slot = 1
        self._pending: dict[str, Pending] = {}
        self._slot_hashes = [(0, Hash.from_string(genesis_hash))]
        self._slot_hashes_set = False
        self.bank.set_slot(0, genesis.unix_time, genesis.unix_time)

    @property
    def current_slot(self) -> int:
        """The slot that is being produced."""
        return self._next_slot

    def submit(self, wire: WireTransaction, transaction: VersionedTransaction) -> None:
        """Queue a transaction with a valid signature for the next blocks."""
        signature = wire.signature
        if signature not in self._pending and not self.faults.take_drop(signature):
            self._pending[signature] = Pending(wire, transaction)

    def produce(self) -> Block | None:
        """Let one slot pass; returns its block, None when the slot stays empty."""
        slot = self._next_slot
        self._next_slot += 1
        if self.faults.take_skip():
            return None
        return self._add_block(slot)

    def fork(self, blocks: int, mode: ForkMode, *, replay: bool) -> list[Block]:
        """Replace the newest blocks; with `replay` their transactions wait for the new ones.

        Returns the blocks taken off. Finalized blocks stay: asking for them raises `UsageError`.
        """
        depth = self.ledger.tip.height - self.ledger.finalized.height
        if not 0 < blocks <= depth:
            raise UsageError(
                f"cannot fork {blocks} blocks off the tip", remedy=f"give 1 to {depth}: the rest is finalized"
            )
        ancestor = self.ledger.at_height(self.ledger.tip.height - blocks)
        removed = self.ledger.revert_to(ancestor.height)
        self.bank.revert_to(ancestor.slot)
        self.blockhashes.revert_to(ancestor.height)
        self.statuses.revert_to(ancestor.height)
        self._slot_hashes = [each for each in self._slot_hashes if each[0] <= ancestor.slot]
        self._slot_hashes_set = False
        self._forks += 1
        self.bank.set_slot(ancestor.slot, ancestor.unix_time, self.genesis_unix)
        if replay:
            self._requeue(removed)
        if mode is ForkMode.REPLACE:
            for block in removed:
                self._add_block(block.slot)
        return removed

    def _requeue(self, removed: list[Block]) -> None:
        waiting = self._pending
        self._pending = {}
        for block in removed:
            for executed in block.transactions:
                again = VersionedTransaction.from_bytes(executed.wire.data)
                self._pending[executed.wire.signature] = Pending(executed.wire, again)
        self._pending.update(waiting)

    def set_slot_hashes(self) -> None:
        """Bring the SlotHashes sysvar up to date; few programs read it, so this is not done per slot."""
        if not self._slot_hashes_set:
            self.bank.set_slot_hashes(self._slot_hashes[:SLOT_HASHES_KEPT])
            self._slot_hashes_set = True

    def _add_block(self, slot: int) -> Block:
        parent = self.ledger.tip
        unix_time = self.clock.unix_time(parent.unix_time)
        self.bank.set_slot(slot, unix_time, self.genesis_unix)
        transactions = self._execute_pending(slot, parent) if self._pending else []
        block = self._seal(slot, parent, unix_time, transactions)
        self.ledger.append(block, self.faults.confirmation_delay_slots)
        self.blockhashes.register(block.blockhash, block.height)
        self.statuses.add_block(
            block.height,
            {each.wire.signature: Status(slot, block.height, each.err) for each in transactions},
        )
        self._slot_hashes.insert(0, (slot, Hash.from_string(block.blockhash)))
        del self._slot_hashes[2 * SLOT_HASHES_KEPT :]
        self._slot_hashes_set = False
        for notify in self.on_block:
            notify(block)
        self.bank.versions.finalize(self.ledger.finalized.slot)
        self.statuses.finalize(self.ledger.finalized.height)
        return block

    def _execute_pending(self, slot: int, parent: Block) -> list[ExecutedTransaction]:
        done: list[ExecutedTransaction] = []
        cost = 0
        self.bank.set_log_limit(self.faults.truncate_logs_bytes)
        for signature in list(self._pending):
            if cost >= self.config.block_compute_units:
                break
            if self.faults.holds(signature):
                continue
            pending = self._pending[signature]
            if signature in self.statuses or not self.blockhashes.is_valid(
                pending.wire.message.blockhash, parent.height
            ):
                del self._pending[signature]
                continue
            try:
                executed = self._execute(pending, slot)
            except InvalidTransactionError as error:
                if not _may_land_later(error.err):
                    del self._pending[signature]
                continue
            del self._pending[signature]
            executed.slot = slot
            executed.index = len(done)
            cost += executed.cost_units
            done.append(executed)
        self.bank.set_log_limit(None)
        return done

    def _execute(self, pending: Pending, slot: int) -> ExecutedTransaction:
        """Lookup tables are read as of the finalized slot: younger ones are not seen, as on a real node."""
        finalized = self.ledger.finalized.slot
        message = pending.wire.message
        if message.lookups or LOOKUP_TABLE in message.keys or SLOT_HASHES in message.keys:
            self.set_slot_hashes()
        prepared = prepare(pending.wire, pending.transaction, slot, self.bank.reader(finalized))
        refused = lock_error(prepared, self.config.account_locks)
        if refused is not None:
            raise InvalidTransactionError(refused)
        return execute(prepared, self.bank, slot)

    def _seal(
        self, slot: int, parent: Block, unix_time: int, transactions: list[ExecutedTransaction]
    ) -> Block:
        digest = sha256(self._salt)
        digest.update(f"{self._forks}:{slot}:{parent.blockhash}".encode())
        reward = 0
        for executed in transactions:
            digest.update(executed.wire.signatures[0])
            signatures = len(executed.wire.signatures)
            base = signatures * 5_000
            reward += base // BURNED_SHARE + executed.fee_lamports - base
        balance = 0
        if reward:
            held = self.bank.account(self.identity)
            balance = (held.lamports if held else 0) + reward
            self.bank.write(slot, self.identity, AccountState(balance, b"", SYSTEM))
        return Block(
            slot=slot,
            parent_slot=parent.slot,
            height=parent.height + 1,
            blockhash=b58encode(digest.digest()),
            previous_blockhash=parent.blockhash,
            unix_time=unix_time,
            transactions=transactions,
            leader_lamports=balance,
            reward_lamports=reward,
            transaction_count=parent.transaction_count + len(transactions),
        )


def _may_land_later(err: object) -> bool:
    """A lookup table that is not finalized yet keeps its transaction waiting until the blockhash expires."""
    return err in (
        "AddressLookupTableNotFound",
        "InvalidAddressLookupTableOwner",
        "InvalidAddressLookupTableData",
        "InvalidAddressLookupTableIndex",
    )
