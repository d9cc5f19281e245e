"""The members of JSON-RPC answers that the indexer reads; all others are skipped by the parser."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from gridtokenx_indexer.domain.ids import Address, Blockhash, BlockHeight, Signature, Slot

TransactionError: TypeAlias = str | dict[str, object]


class RpcErrorObject(msgspec.Struct, frozen=True):
    code: int
    message: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


class Envelope(msgspec.Struct, frozen=True):
    """`result` stays raw until the caller names its type; exactly one of the two is set."""

    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: RpcErrorObject | None = None


class RpcContext(msgspec.Struct, frozen=True):
    slot: Slot


class BlockHeader(msgspec.Struct, frozen=True, rename="camel"):
    """A block without its transactions; the slot is known from the request."""

    blockhash: Blockhash
    previous_blockhash: Blockhash
    parent_slot: Slot
    block_height: BlockHeight | None
    block_time: int | None


class BlockWire(BlockHeader, frozen=True, rename="camel"):
    """`getBlock` with full transactions, each still raw JSON."""

    transactions: list[msgspec.Raw] = []


class LatestBlockhashValue(msgspec.Struct, frozen=True, rename="camel"):
    blockhash: Blockhash
    last_valid_block_height: BlockHeight


class LatestBlockhashWire(msgspec.Struct, frozen=True):
    context: RpcContext
    value: LatestBlockhashValue


class AccountValue(msgspec.Struct, frozen=True):
    lamports: int
    owner: Address
    data: tuple[str, Literal["base64"]]
    executable: bool


class AccountWire(msgspec.Struct, frozen=True):
    context: RpcContext
    value: AccountValue | None


class AccountsWire(msgspec.Struct, frozen=True):
    context: RpcContext
    value: list[AccountValue | None]


class TokenAmountValue(msgspec.Struct, frozen=True):
    amount: str
    decimals: int


class TokenAmountWire(msgspec.Struct, frozen=True):
    context: RpcContext
    value: TokenAmountValue


class LamportsWire(msgspec.Struct, frozen=True):
    context: RpcContext
    value: int


class SignatureInfo(msgspec.Struct, frozen=True, rename="camel"):
    signature: Signature
    slot: Slot
    err: TransactionError | None = None
    block_time: int | None = None


class SignatureStatus(msgspec.Struct, frozen=True, rename="camel"):
    slot: Slot
    confirmation_status: str | None
    err: TransactionError | None = None


class SignatureStatusesWire(msgspec.Struct, frozen=True):
    context: RpcContext
    value: list[SignatureStatus | None]


class SimulationValue(msgspec.Struct, frozen=True, rename="camel"):
    err: TransactionError | None = None
    logs: list[str] | None = None
    units_consumed: int | None = None


class SimulationWire(msgspec.Struct, frozen=True):
    context: RpcContext
    value: SimulationValue


class RefusedTransactionData(msgspec.Struct, frozen=True):
    err: TransactionError | None = None
    logs: list[str] | None = None
