"""Cuts the trades that are due into transactions. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.merkle import MerkleTree
from gridtokenx_indexer.market.chain_terms import ChainTerms
from gridtokenx_indexer.market.settlement.keys import SETTLE_KIND, PartKey, TradeKey
from gridtokenx_indexer.tx.gridtokenx import limits
from gridtokenx_indexer.tx.gridtokenx.instructions import settle_trades
from gridtokenx_indexer.tx.gridtokenx.values import TradeAccounts, TradeTerms
from gridtokenx_indexer.tx.packing import Footprint, largest_fitting, measure
from gridtokenx_indexer.tx.plan import AttemptPlan
from gridtokenx_indexer.tx.signer import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTrade:
    """One published trade that may be sent now; `batch_limit` as its row says."""

    trade_index: int
    accounts: TradeAccounts
    terms: TradeTerms
    batch_limit: int | None

    @property
    def addresses(self) -> tuple[Pubkey, Pubkey, Pubkey, Pubkey]:
        parties = self.accounts
        return parties.seller_energy, parties.buyer_energy, parties.buyer_payment, parties.seller_payment


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPart:
    """A part that trades can be settled against; `tree` holds its leaves."""

    key: PartKey
    first_index: int
    tree: MerkleTree


def contiguous_runs(trades: Iterable[DueTrade]) -> list[list[DueTrade]]:
    """Splits trades, given in order of index, where indexes are missing or the batch limit changes."""
    runs: list[list[DueTrade]] = []
    for trade in trades:
        last = runs[-1][-1] if runs else None
        follows = last is not None and last.trade_index + 1 == trade.trade_index
        if last is not None and follows and last.batch_limit == trade.batch_limit:
            runs[-1].append(trade)
        else:
            runs.append([trade])
    return runs


class SettlePacker:
    """Fills transactions of one part up to the first limit of size, locks, trace and compute."""

    def __init__(
        self,
        part: OpenPart,
        terms: ChainTerms,
        settler: Pubkey,
        tables: Mapping[Pubkey, AddressLookupTableAccount],
    ) -> None:
        """`tables` names, for every address that has one, the lookup table that holds it."""
        self._part = part
        self._terms = terms
        self._settler = settler
        self._tables = tables

    def pack(self, trades: Sequence[DueTrade]) -> list[AttemptPlan]:
        """Plans for all of `trades`, given in order of index."""
        return [self._plan(batch) for run in contiguous_runs(trades) for batch in self._batches(run)]

    def _batches(self, run: Sequence[DueTrade]) -> Iterable[Sequence[DueTrade]]:
        rest = run
        while rest:
            upper = min(len(rest), rest[0].batch_limit or len(rest), limits.MAX_TRADES_PER_INSTRUCTION)
            # One trade always goes: should it not fit, writing it says so.
            count = max(1, largest_fitting(upper, lambda n, rest=rest: self._footprint(rest[:n])))  # type: ignore[misc]
            yield rest[:count]
            rest = rest[count:]

    def _plan(self, batch: Sequence[DueTrade]) -> AttemptPlan:
        key = self._part.key
        instruction = self._instruction(batch)
        return AttemptPlan(
            kind=SETTLE_KIND,
            operations=tuple(TradeKey(key.epoch, key.zone, trade.trade_index).operation for trade in batch),
            instructions=(instruction,),
            signer=Role.SETTLER,
            compute_unit_limit=self._compute_units(batch),
            lookup_tables=self._tables_for(instruction),
            context=key._asdict(),
        )

    def _footprint(self, batch: Sequence[DueTrade]) -> Footprint:
        instruction = self._instruction(batch)
        return measure(
            self._settler,
            (instruction,),
            lookup_tables=self._tables_for(instruction),
            trace_entries=limits.SETTLE_TRACE_ENTRIES + limits.SETTLE_TRADE_TRACE_ENTRIES * len(batch),
            compute_units=self._compute_units(batch),
        )

    def _instruction(self, batch: Sequence[DueTrade]) -> Instruction:
        key, first = self._part.key, batch[0].trade_index
        return settle_trades(
            program_id=self._terms.program_id,
            settler=self._settler,
            fee_recipient=self._terms.fee_recipient,
            energy_token_program=self._terms.energy_token_program,
            payment_token_program=self._terms.payment_token_program,
            epoch=key.epoch,
            zone=key.zone,
            part=key.part,
            first_index=first,
            trades=[(trade.accounts, trade.terms) for trade in batch],
            proof=self._part.tree.range_proof(first - self._part.first_index, len(batch)),
        )

    def _compute_units(self, batch: Sequence[DueTrade]) -> int:
        hashes = len(self._part.tree).bit_length() * 2
        return (
            limits.TRANSACTION_COMPUTE_UNITS
            + limits.SETTLE_COMPUTE_UNITS
            + limits.SETTLE_TRADE_COMPUTE_UNITS * len(batch)
            + limits.SETTLE_PROOF_HASH_COMPUTE_UNITS * hashes
        )

    def _tables_for(self, instruction: Instruction) -> tuple[AddressLookupTableAccount, ...]:
        hits: dict[Pubkey, int] = {}
        tables: dict[Pubkey, AddressLookupTableAccount] = {}
        for address in {meta.pubkey for meta in instruction.accounts}:
            table = self._tables.get(address)
            if table is not None:
                tables[table.key] = table
                hits[table.key] = hits.get(table.key, 0) + 1
        # A table costs 34 bytes and saves 31 for each address, so one address alone is not worth it.
        return tuple(
            tables[key] for key in sorted(hits, key=lambda key: (-hits[key], bytes(key))) if hits[key] > 1
        )
