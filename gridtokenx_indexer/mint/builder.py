"""The transaction of a batch of mints: instructions, cost, plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from gridtokenx_indexer.mint.config import MintTarget
from gridtokenx_indexer.mint.operation import MINT_KIND, MintOperation
from gridtokenx_indexer.mint.token_account import create_account_if_missing
from gridtokenx_indexer.tx.gridtokenx import limits, pda
from gridtokenx_indexer.tx.gridtokenx.instructions import mint_energy
from gridtokenx_indexer.tx.packing import Footprint, measure
from gridtokenx_indexer.tx.plan import AttemptPlan
from gridtokenx_indexer.tx.signer import Role

CREATE_TOKEN_ACCOUNT_COMPUTE_UNITS = 60_000
"""Idempotent creation of an associated token account, with an unlucky bump."""
MOST_PER_TRANSACTION = limits.MAX_MINTS_WITH_TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class MintItem:
    """An operation with what its transaction has to do for it."""

    operation: MintOperation
    mint: Instruction
    create_account: Instruction | None
    """Set when the destination does not exist yet."""
    new_ledger: bool


class MintBuilder:
    """Builds for one minter key."""

    def __init__(self, target: MintTarget, minter: Pubkey) -> None:
        self._target = target
        self._minter = minter

    def accounts(self, operation: MintOperation) -> tuple[Pubkey, Pubkey]:
        """Ledger and destination: what it needs in a lookup table beside the shared accounts."""
        page = pda.ledger_page(operation.meter, operation.window)
        return pda.ledger(self._target.program_id, operation.meter, page)[0], operation.destination

    def shared_accounts(self) -> tuple[Pubkey, ...]:
        """Accounts of every mint transaction that a lookup table may hold (signers and programs may not)."""
        target = self._target
        return (
            pda.config(target.program_id)[0],
            pda.mint_authority(target.program_id)[0],
            pda.event_authority(target.program_id)[0],
            target.energy_mint,
            target.energy_token_program,
            Pubkey.default(),
        )

    def item(self, operation: MintOperation, missing: Collection[Pubkey]) -> MintItem:
        """`missing` names the accounts that do not exist on chain yet."""
        target = self._target
        ledger, destination = self.accounts(operation)
        mint = mint_energy(
            program_id=target.program_id,
            minter=self._minter,
            energy_mint=target.energy_mint,
            energy_token_program=target.energy_token_program,
            destination=destination,
            meter_id=operation.meter,
            window=operation.window,
            amount_base_units=operation.amount_base_units,
        )
        create = None
        if destination in missing:
            create = create_account_if_missing(
                payer=self._minter,
                wallet=operation.wallet,
                mint=target.energy_mint,
                token_program=target.energy_token_program,
            )
        return MintItem(operation=operation, mint=mint, create_account=create, new_ledger=ledger in missing)

    def footprint(self, batch: Sequence[MintItem], tables: Sequence[AddressLookupTableAccount]) -> Footprint:
        trace, compute = _cost(batch)
        return measure(
            self._minter,
            list(_instructions(batch)),
            lookup_tables=tables,
            trace_entries=trace,
            compute_units=compute,
        )

    def plan(self, batch: Sequence[MintItem], tables: Sequence[AddressLookupTableAccount]) -> AttemptPlan:
        return AttemptPlan(
            kind=MINT_KIND,
            operations=tuple(item.operation.key for item in batch),
            instructions=tuple(_instructions(batch)),
            signer=Role.MINTER,
            compute_unit_limit=_cost(batch)[1],
            lookup_tables=tuple(tables),
        )


def _instructions(batch: Sequence[MintItem]) -> Iterator[Instruction]:
    created: set[Pubkey] = set()
    for item in batch:
        if item.create_account is not None and item.operation.destination not in created:
            created.add(item.operation.destination)
            yield item.create_account
        yield item.mint


def _cost(batch: Sequence[MintItem]) -> tuple[int, int]:
    """Trace entries and compute units, both upper bounds."""
    new_ledgers = sum(item.new_ledger for item in batch)
    new_accounts = len({item.operation.destination for item in batch if item.create_account is not None})
    known = len(batch) - new_ledgers
    trace = (
        known * limits.MINT_TRACE_ENTRIES
        + new_ledgers * limits.MINT_NEW_LEDGER_TRACE_ENTRIES
        + new_accounts * limits.CREATE_TOKEN_ACCOUNT_TRACE_ENTRIES
    )
    compute = (
        limits.TRANSACTION_COMPUTE_UNITS
        + known * limits.MINT_COMPUTE_UNITS
        + new_ledgers * limits.MINT_NEW_LEDGER_COMPUTE_UNITS
        + new_accounts * CREATE_TOKEN_ACCOUNT_COMPUTE_UNITS
    )
    return trace, compute
