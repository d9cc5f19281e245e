"""The transactions of a block that are watched, each with its raw bytes and its facts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gridtokenx_indexer.decode.facts import BlockFacts, KeptTransaction, ParkedFact, ParkReason
from gridtokenx_indexer.decode.transaction import decode_transaction
from gridtokenx_indexer.decode.transaction_wire import transaction_decoder, transaction_keys_decoder
from gridtokenx_indexer.decode.watch import WatchHistory, WatchSet, account_keys, is_watched
from gridtokenx_indexer.domain.errors import ParkError
from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.idl.registry import IdlRegistry


class BlockDecoder:
    """Keeps to what was watched, and to the layouts that held, at each slot."""

    def __init__(self, registry: IdlRegistry, watched: WatchHistory) -> None:
        self._registry = registry
        self.watched = watched

    def decode_block(
        self, slot: Slot, block_time: int | None, transactions: Sequence[msgspec.Raw]
    ) -> BlockFacts:
        """`transactions` in the order of the block. Raises `IncompleteBlockError`; parks everything else."""
        kept = []
        for tx_index, raw in enumerate(transactions):
            transaction = self.decode_one(slot, tx_index, raw)
            if transaction is not None:
                kept.append(transaction)
        return BlockFacts(slot, block_time, tuple(kept))

    def decode_one(self, slot: Slot, tx_index: int, raw: msgspec.Raw | bytes) -> KeptTransaction | None:
        """None for a transaction that is not watched."""
        watch = self.watched.at(slot)
        try:
            if not is_watched(transaction_keys_decoder.decode(raw), watch):
                return None
            transaction = transaction_decoder.decode(raw)
            keys = account_keys(transaction)
            facts = decode_transaction(transaction, keys, slot, self._registry, watch)
        except (msgspec.DecodeError, ParkError, ValueError, IndexError) as error:
            return _unreadable(tx_index, bytes(raw), watch, error)
        return KeptTransaction(tx_index, bytes(raw), facts)


def _unreadable(tx_index: int, raw: bytes, watch: WatchSet, error: Exception) -> KeptTransaction | None:
    """A transaction of an unknown shape is kept when its text names anything watched."""
    if not any(address.encode() in raw for address in watch.addresses):
        return None
    reason = ParkReason.UNREADABLE_TRANSACTION
    parked = ParkedFact(None, None, 0, reason, f"{type(error).__name__}: {error}", raw)
    return KeptTransaction(tx_index, raw, None, parked)
