"""What a worker wants on chain, and what the engine made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.instruction import Instruction

from gridtokenx_indexer.domain.ids import Blockhash, BlockHeight, OperationKey, Signature, Slot
from gridtokenx_indexer.tx.signer import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPlan:
    """One transaction to sign for a set of operations.

    `kind` chooses the `OutcomeHandler`. `operations` are the keys whose live items the attempt will hold, in
    the order in which the handler gets them back. `instructions` come without compute-budget instructions:
    the engine adds them, with a price that also salts the signature. `signer` pays the fee. `lookup_tables`
    must be finalized on chain. `context` is JSON that the handler gets back unchanged.
    """

    kind: str
    operations: tuple[OperationKey, ...]
    instructions: tuple[Instruction, ...]
    signer: Role
    compute_unit_limit: int
    lookup_tables: tuple[AddressLookupTableAccount, ...] = ()
    co_signers: tuple[Role, ...] = ()
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentBlockhash:
    """A finalized block of our own index that transactions are signed under."""

    blockhash: Blockhash
    slot: Slot
    block_height: BlockHeight
    last_valid_block_height: BlockHeight


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAttempt:
    """A written-ahead transaction; only `transaction` may ever be sent."""

    signature: Signature
    transaction: bytes
    kind: str
    operations: tuple[OperationKey, ...]
    blockhash_slot: Slot
    last_valid_block_height: BlockHeight
    fee_lamports: int
    lease_name: str
    lease_term: int
