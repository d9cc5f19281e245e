"""The transaction of a batch of mints: instructions, cost, plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

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


class MintBuilder:
    """Builds for one minter key. `missing` names the accounts that do not exist on chain yet."""

    def __init__(self, target: MintTarget, minter: Pubkey) -> None:
        self._target = target
        self._minter = minter

    def ledger(self, operation: MintOperation) -> Pubkey:
        page = pda.ledger_page(operation.meter, operation.window)
        return pda.ledger(self._target.program_id, operation.meter, page)[0]

    def accounts(self, operation: MintOperation) -> tuple[Pubkey, Pubkey]:
        """What the operation needs in a lookup table beside the shared accounts."""
        return self.ledger(operation), operation.destination

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

    def footprint(
        self,
        batch: Sequence[MintOperation],
        missing: Collection[Pubkey],
        tables: Sequence[AddressLookupTableAccount],
    ) -> Footprint:
        trace, compute = self._cost(batch, missing)
        return measure(
            self._minter,
            list(self._instructions(batch, missing)),
            lookup_tables=tables,
            trace_entries=trace,
            compute_units=compute,
        )

    def plan(
        self,
        batch: Sequence[MintOperation],
        missing: Collection[Pubkey],
        tables: Sequence[AddressLookupTableAccount],
    ) -> AttemptPlan:
        return AttemptPlan(
            kind=MINT_KIND,
            operations=tuple(operation.key for operation in batch),
            instructions=tuple(self._instructions(batch, missing)),
            signer=Role.MINTER,
            compute_unit_limit=self._cost(batch, missing)[1],
            lookup_tables=tuple(tables),
        )

    def _instructions(
        self, batch: Sequence[MintOperation], missing: Collection[Pubkey]
    ) -> Iterator[Instruction]:
        created: set[Pubkey] = set()
        for operation in batch:
            if operation.destination in missing and operation.destination not in created:
                created.add(operation.destination)
                yield create_account_if_missing(
                    payer=self._minter,
                    wallet=operation.wallet,
                    mint=self._target.energy_mint,
                    token_program=self._target.energy_token_program,
                )
            yield mint_energy(
                program_id=self._target.program_id,
                minter=self._minter,
                energy_mint=self._target.energy_mint,
                energy_token_program=self._target.energy_token_program,
                destination=operation.destination,
                meter_id=operation.meter,
                window=operation.window,
                amount_base_units=operation.amount_base_units,
            )

    def _cost(self, batch: Sequence[MintOperation], missing: Collection[Pubkey]) -> tuple[int, int]:
        """Trace entries and compute units, both upper bounds."""
        fresh_ledgers = sum(self.ledger(operation) in missing for operation in batch)
        fresh_accounts = len({op.destination for op in batch if op.destination in missing})
        known = len(batch) - fresh_ledgers
        trace = (
            known * limits.MINT_TRACE_ENTRIES
            + fresh_ledgers * limits.MINT_NEW_LEDGER_TRACE_ENTRIES
            + fresh_accounts * limits.CREATE_TOKEN_ACCOUNT_TRACE_ENTRIES
        )
        compute = (
            limits.TRANSACTION_COMPUTE_UNITS
            + known * limits.MINT_COMPUTE_UNITS
            + fresh_ledgers * limits.MINT_NEW_LEDGER_COMPUTE_UNITS
            + fresh_accounts * CREATE_TOKEN_ACCOUNT_COMPUTE_UNITS
        )
        return trace, compute
