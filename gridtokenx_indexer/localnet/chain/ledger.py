"""The chain of blocks, the commitment frontiers on it, and the indexes over its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.chain.blocks import Block, ExecutedTransaction


class Ledger:
    """Linked blocks by height and by slot. The newest is processed; depth decides the other commitments."""

    def __init__(
        self, genesis: Block, confirmation_depth: int, finality_depth: int, kept_blocks: int
    ) -> None:
        self._blocks = [genesis]
        self._first_height = genesis.height
        self._by_slot = {genesis.slot: genesis}
        self._by_signature: dict[str, ExecutedTransaction] = {}
        self._by_address: dict[Pubkey, list[ExecutedTransaction]] = {}
        self._confirmation_depth = confirmation_depth
        self._finality_depth = finality_depth
        self._kept_blocks = kept_blocks
        self.confirmed = genesis
        self.finalized = genesis

    @property
    def tip(self) -> Block:
        return self._blocks[-1]

    @property
    def first_slot(self) -> int:
        return self._blocks[0].slot

    def block(self, slot: int) -> Block | None:
        return self._by_slot.get(slot)

    def at_height(self, height: int) -> Block:
        return self._blocks[height - self._first_height]

    def slots(self, start: int, end: int) -> Iterator[int]:
        """Slots with a block between `start` and `end`, both included, ascending."""
        low, high = 0, len(self._blocks)
        while low < high:
            middle = (low + high) // 2
            if self._blocks[middle].slot < start:
                low = middle + 1
            else:
                high = middle
        for block in islice(self._blocks, low, None):
            if block.slot > end:
                return
            yield block.slot

    def transaction(self, signature: str) -> ExecutedTransaction | None:
        return self._by_signature.get(signature)

    def transactions_of(self, address: Pubkey) -> list[ExecutedTransaction]:
        """Oldest first."""
        return self._by_address.get(address, [])

    def recent_blocks(self, count: int) -> list[Block]:
        return self._blocks[-count:]

    def append(self, block: Block, extra_depth: int = 0) -> None:
        self._blocks.append(block)
        self._by_slot[block.slot] = block
        for executed in block.transactions:
            self._by_signature[executed.wire.signature] = executed
            for address in executed.keys:
                self._by_address.setdefault(address, []).append(executed)
        self._advance(extra_depth)
        if len(self._blocks) > self._kept_blocks + self._kept_blocks // 10:
            self._prune()

    def _advance(self, extra_depth: int) -> None:
        height = self.tip.height
        confirmed = height - self._confirmation_depth - extra_depth
        finalized = height - self._finality_depth - extra_depth
        if confirmed > self.confirmed.height:
            self.confirmed = self.at_height(confirmed)
        if finalized > self.finalized.height:
            self.finalized = self.at_height(finalized)
        if self.confirmed.height < self.finalized.height:
            self.confirmed = self.finalized

    def revert_to(self, height: int) -> list[Block]:
        """Take the blocks above `height` off the chain, newest last; never below the finalized one."""
        kept = height - self._first_height + 1
        removed = self._blocks[kept:]
        del self._blocks[kept:]
        for block in reversed(removed):
            del self._by_slot[block.slot]
            for executed in reversed(block.transactions):
                self._by_signature.pop(executed.wire.signature, None)
                for address in executed.keys:
                    self._by_address[address].pop()
        if self.confirmed.height > height:
            self.confirmed = self.tip
        return removed

    def _prune(self) -> None:
        surplus = len(self._blocks) - self._kept_blocks
        for block in self._blocks[:surplus]:
            del self._by_slot[block.slot]
            for executed in block.transactions:
                self._by_signature.pop(executed.wire.signature, None)
        del self._blocks[:surplus]
        self._first_height += surplus
        first_slot = self.first_slot
        for address in list(self._by_address):
            kept = [each for each in self._by_address[address] if each.slot >= first_slot]
            if kept:
                self._by_address[address] = kept
            else:
                del self._by_address[address]
