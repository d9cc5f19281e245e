"""A transaction as `getBlock` with encoding `json` gives it: the members that are read."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

Natural: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""What fits a bigint: a number beyond it is a fault of the node, and parks its transaction."""


class InstructionWire(msgspec.Struct, frozen=True, rename="camel"):
    """`data` is base58; `stack_height` is 1 at top level, None on nodes that do not record it."""

    program_id_index: int
    accounts: list[int]
    data: str
    stack_height: int | None = None


class InnerInstructionsWire(msgspec.Struct, frozen=True):
    """All calls below one top-level instruction, in the order of execution."""

    index: int
    instructions: list[InstructionWire]


class TokenAmountWire(msgspec.Struct, frozen=True):
    amount: str


class TokenBalanceWire(msgspec.Struct, frozen=True, rename="camel"):
    account_index: Natural
    mint: str
    ui_token_amount: TokenAmountWire
    owner: str | None = None


class LoadedAddressesWire(msgspec.Struct, frozen=True):
    writable: list[str] = []
    readonly: list[str] = []


class MetaWire(msgspec.Struct, frozen=True, rename="camel"):
    err: str | dict[str, object] | None
    fee: Natural
    pre_balances: list[Natural]
    post_balances: list[Natural]
    inner_instructions: list[InnerInstructionsWire] | None = None
    log_messages: list[str] | None = None
    pre_token_balances: list[TokenBalanceWire] | None = None
    post_token_balances: list[TokenBalanceWire] | None = None
    loaded_addresses: LoadedAddressesWire | None = None
    compute_units_consumed: Natural | None = None


class HeaderWire(msgspec.Struct, frozen=True, rename="camel"):
    num_required_signatures: Natural


class MessageWire(msgspec.Struct, frozen=True, rename="camel"):
    account_keys: list[str]
    header: HeaderWire
    recent_blockhash: str
    instructions: list[InstructionWire]


class SignedWire(msgspec.Struct, frozen=True):
    signatures: list[str]
    message: MessageWire


class TransactionWire(msgspec.Struct, frozen=True):
    transaction: SignedWire
    meta: MetaWire | None
    version: Literal["legacy"] | Annotated[int, msgspec.Meta(ge=0, le=127)] = "legacy"


class KeysMessageWire(msgspec.Struct, frozen=True, rename="camel"):
    account_keys: list[str]


class KeysSignedWire(msgspec.Struct, frozen=True):
    message: KeysMessageWire


class MintWire(msgspec.Struct, frozen=True):
    mint: str


class KeysMetaWire(msgspec.Struct, frozen=True, rename="camel"):
    pre_token_balances: list[MintWire] | None = None
    post_token_balances: list[MintWire] | None = None
    loaded_addresses: LoadedAddressesWire | None = None


class TransactionKeysWire(msgspec.Struct, frozen=True):
    """Just enough to tell whether a transaction is watched: a third of the work of reading all of it."""

    transaction: KeysSignedWire
    meta: KeysMetaWire | None = None


transaction_decoder = msgspec.json.Decoder(TransactionWire)
transaction_keys_decoder = msgspec.json.Decoder(TransactionKeysWire)
