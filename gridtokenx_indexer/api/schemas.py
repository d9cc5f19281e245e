"""Bodies of the answers. u64, larger integers and all decimals are strings, so that no client rounds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Context(msgspec.Struct, frozen=True):
    """What an answer knows of: every slot up to `slot`, at this finality."""

    slot: str | None
    """None while nothing is indexed yet."""
    finality: str
    """`confirmed` answers may still be rolled back; `finalized` ones may not."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    slot: str
    tx_index: int
    signature: str
    instruction_path: str
    event_ordinal: int
    program_id: str
    type: str
    data: Any
    block_time: datetime | None
    finality: str


class EventPage(msgspec.Struct, frozen=True, kw_only=True):
    context: Context
    data: list[Event]
    next_cursor: str | None
    """Give it as `cursor` for the next page; None at the end of what is indexed."""


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    account: str
    owner: str | None
    mint: str | None
    """None for lamports."""
    total: str
    available: str
    locked: str
    slot: str
    """The slot that left this balance."""
    finality: str


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    context: Context
    data: list[Balance]


class EpochPart(msgspec.Struct, frozen=True, kw_only=True):
    part: int
    status: str
    first_index: int
    trades: int
    root: str
    deadline: datetime | None
    """None until the settlement is opened on chain; past it no trade can be settled any more."""


class EpochZone(msgspec.Struct, frozen=True, kw_only=True):
    zone: int
    status: str
    clearing_price: str | None
    volume_kwh: str
    trades: int
    book_hash: str | None
    result_hash: str | None
    parts: list[EpochPart]


class Epoch(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    status: str
    start_time: datetime
    end_time: datetime
    clearing_price: str | None
    """Volume-weighted over zones, per kWh; None when nothing traded."""
    total_volume_kwh: str
    total_orders: int
    matched_orders: int
    settlements: dict[str, int]
    """Settlements by status."""
    zones: list[EpochZone]


class EpochAnswer(msgspec.Struct, frozen=True, kw_only=True):
    context: Context
    data: Epoch


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """The fields that are hashed into a trade's leaf; energy and money in base units."""

    epoch: str
    zone: int
    trade_index: int
    seller_energy: str
    buyer_energy: str
    buyer_payment: str
    seller_payment: str
    energy: str
    payment: str
    fee: str


class TradeProof(msgspec.Struct, frozen=True, kw_only=True):
    leaf: Leaf
    leaf_hash: str
    position: int
    """Index of the leaf in the tree of its part."""
    leaves: int
    """How many leaves that tree has."""
    proof: list[str]
    """Missing siblings bottom-up, hexadecimal."""
    root: str
    part: int


class TradeProofAnswer(msgspec.Struct, frozen=True, kw_only=True):
    context: Context
    data: TradeProof


class ErrorDetail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    code: str
    message: str
    remedy: str | None = None
    field: str | None = None


class ErrorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The one shape of every error."""

    error: ErrorDetail


class Health(msgspec.Struct, frozen=True, kw_only=True):
    status: str


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    ready: bool
    reasons: list[str]
    lag_slots: int | None
