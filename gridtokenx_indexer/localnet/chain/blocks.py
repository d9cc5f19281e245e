"""Blocks and transactions as the node keeps them; encoders turn them into JSON when asked."""

from __future__ import annotations

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.svm.wire import WireTransaction


class TokenBalance(msgspec.Struct, frozen=True, gc=False):
    account_index: int
    mint: Pubkey
    owner: Pubkey
    program_id: Pubkey
    amount: int
    decimals: int


class InnerInstruction(msgspec.Struct, frozen=True, gc=False):
    program_index: int
    accounts: bytes
    data: bytes
    stack_height: int


class ReturnData(msgspec.Struct, frozen=True, gc=False):
    program_id: Pubkey
    data: bytes


class ExecutedTransaction(msgspec.Struct):
    """One transaction that landed, or was simulated: its bytes and its effects."""

    wire: WireTransaction
    loaded_writable: tuple[Pubkey, ...]
    loaded_readonly: tuple[Pubkey, ...]
    err: object
    """JSON form of the TransactionError, None on success."""
    fee_lamports: int
    pre_balances: list[int]
    post_balances: list[int]
    pre_token_balances: list[TokenBalance]
    post_token_balances: list[TokenBalance]
    inner: list[tuple[int, list[InnerInstruction]]]
    logs: list[str]
    compute_units: int
    cost_units: int
    loaded_data_bytes: int
    return_data: ReturnData | None
    priority_price: int = 0
    """Micro-lamports per compute unit."""
    slot: int = 0
    index: int = 0

    @property
    def keys(self) -> tuple[Pubkey, ...]:
        return self.wire.keys + self.loaded_writable + self.loaded_readonly


class Block(msgspec.Struct):
    slot: int
    parent_slot: int
    height: int
    blockhash: str
    previous_blockhash: str
    unix_time: int
    transactions: list[ExecutedTransaction]
    leader_lamports: int = 0
    """The leader's balance after the fees of this block."""
    reward_lamports: int = 0
    transaction_count: int = 0
    """Transactions from genesis up to and with this block."""
