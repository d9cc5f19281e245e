"""What one database transaction of the follower writes, as columns for `unnest`: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from gridtokenx_indexer.decode.facts import BlockFacts, KeptTransaction, ParkedFact, TransactionFacts
from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.domain.statuses.chain import ChainTransactionStatus
from gridtokenx_indexer.source.chain import BlockLink
from gridtokenx_indexer.store.event_ids import event_id

Columns: TypeAlias = list[list[object]]

LONGEST_LISTED_STRETCH = 10_000

_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class IndexedBlock:
    link: BlockLink
    skipped: range
    """Slots that this block proves empty."""
    facts: BlockFacts

    @property
    def skipped_in_one_row(self) -> bool:
        """A jump over hundreds of millions of slots, as restarts of a cluster make, is no row for each."""
        return len(self.skipped) > LONGEST_LISTED_STRETCH

    @property
    def first_row_slot(self) -> Slot:
        """The lowest slot of the rows that are written for this block."""
        if not self.skipped:
            return self.link.slot
        return Slot(self.skipped[-1] if self.skipped_in_one_row else self.skipped[0])


def slot_columns(blocks: Sequence[IndexedBlock]) -> Columns:
    links = [block.link for block in blocks]
    return _columns(
        (
            (
                link.slot,
                link.parent_slot,
                link.blockhash,
                link.previous_blockhash,
                link.block_height,
                link.block_time,
            )
            for link in links
        ),
        6,
    )


def skipped_columns(blocks: Sequence[IndexedBlock]) -> Columns:
    """First and last slot of each proved stretch, its proof, and whether one row stands for all."""
    return _columns(
        (
            (block.skipped[0], block.skipped[-1], block.link.slot, block.skipped_in_one_row)
            for block in blocks
            if block.skipped
        ),
        4,
    )


def raw_columns(blocks: Sequence[BlockFacts]) -> Columns:
    return _columns(
        (
            (block.slot, kept.tx_index, _signature(kept), block.block_time, kept.raw)
            for block, kept in _kept(blocks)
        ),
        5,
    )


def transaction_columns(blocks: Sequence[BlockFacts]) -> Columns:
    return _columns(
        (
            (
                block.slot,
                facts.signature,
                tx_index,
                facts.signers[0],
                ",".join(facts.signers),
                ",".join(facts.programs),
                facts.version,
                ChainTransactionStatus.FAILED if facts.failed else ChainTransactionStatus.CONFIRMED,
                _json.encode(facts.error).decode() if facts.failed else None,
                facts.fee_lamports,
                facts.compute_units,
                facts.log_truncated,
                facts.recent_blockhash,
                block.block_time,
            )
            for block, tx_index, facts in _decoded(blocks)
        ),
        14,
    )


def event_columns(blocks: Sequence[BlockFacts]) -> Columns:
    return _columns(
        (
            (
                event_id(block.slot, tx_index, event.path, event.ordinal, facts.signature),
                block.slot,
                event.name,
                facts.signature,
                _json.encode(event.data).decode(),
                event.program,
                tx_index,
                str(event.path),
                event.ordinal,
                event.source,
                block.block_time,
            )
            for block, tx_index, facts in _decoded(blocks)
            for event in facts.events
        ),
        11,
    )


def balance_columns(blocks: Sequence[BlockFacts]) -> Columns:
    return _columns(
        (
            (
                block.slot,
                tx_index,
                change.account,
                change.mint,
                change.owner,
                change.before,
                change.after,
                block.block_time,
            )
            for block, tx_index, facts in _decoded(blocks)
            for change in facts.balances
        ),
        8,
    )


def supply_columns(blocks: Sequence[BlockFacts]) -> Columns:
    return _columns(
        (
            (
                block.slot,
                tx_index,
                str(change.path),
                change.ordinal,
                facts.signature,
                change.mint,
                change.account,
                change.kind,
                change.amount,
            )
            for block, tx_index, facts in _decoded(blocks)
            for change in facts.supply
        ),
        9,
    )


def parked_columns(blocks: Sequence[BlockFacts]) -> Columns:
    return _columns(
        (
            (
                block.slot,
                kept.tx_index,
                "" if parked.path is None else str(parked.path),
                parked.ordinal,
                _signature(kept),
                parked.program,
                parked.reason,
                parked.detail,
                parked.payload,
            )
            for block, kept in _kept(blocks)
            for parked in _parked(kept)
        ),
        9,
    )


def _columns(rows: Iterable[tuple[object, ...]], width: int) -> Columns:
    columns: Columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


def _kept(blocks: Sequence[BlockFacts]) -> Iterable[tuple[BlockFacts, KeptTransaction]]:
    return ((block, kept) for block in blocks for kept in block.transactions)


def _decoded(blocks: Sequence[BlockFacts]) -> Iterable[tuple[BlockFacts, int, TransactionFacts]]:
    return ((block, kept.tx_index, kept.facts) for block, kept in _kept(blocks) if kept.facts is not None)


def _parked(kept: KeptTransaction) -> Iterable[ParkedFact]:
    if kept.unreadable is not None:
        return (kept.unreadable,)
    return kept.facts.parked if kept.facts is not None else ()


def _signature(kept: KeptTransaction) -> Signature | None:
    return kept.facts.signature if kept.facts is not None else None
