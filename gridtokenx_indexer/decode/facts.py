"""What decoding a transaction yields; the only thing that storing and projecting know of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gridtokenx_indexer.domain.ids import Address, Blockhash, Signature, Slot


class InstructionPath(NamedTuple):
    """One call in a transaction: top-level index, and the index among its inner instructions."""

    outer: int
    inner: int | None = None

    def __str__(self) -> str:
        return str(self.outer) if self.inner is None else f"{self.outer}.{self.inner}"


class EventSource(StrEnum):
    LOG = "log"
    CPI = "cpi"
    BOTH = "both"


class ParkReason(StrEnum):
    NO_LAYOUT = "no_layout"
    UNKNOWN_EVENT = "unknown_event"
    REFUSED_LAYOUT = "refused_layout"
    BAD_BYTES = "bad_bytes"
    UNATTRIBUTED_LOG = "unattributed_log"
    UNREADABLE_TRANSACTION = "unreadable_transaction"
    SUPPLY_MISMATCH = "supply_mismatch"


class SupplyKind(StrEnum):
    MINT = "mint"
    BURN = "burn"


@dataclass(frozen=True, slots=True)
class EventFact:
    """`ordinal` counts the events of one call: self-CPI events first, then those only logged."""

    program: Address
    path: InstructionPath
    ordinal: int
    name: str
    data: object
    source: EventSource


@dataclass(frozen=True, slots=True)
class ParkedFact:
    """Bytes that could not be made a fact. `path` is None when no call can be named."""

    program: Address | None
    path: InstructionPath | None
    ordinal: int
    reason: ParkReason
    detail: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """Base units of `mint`, or lamports where it is None."""

    account: Address
    mint: Address | None
    owner: Address | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SupplyChange:
    """A mint or burn instruction of a watched mint, in base units."""

    path: InstructionPath
    ordinal: int
    mint: Address
    account: Address
    kind: SupplyKind
    amount: int


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """Of a failed transaction only the envelope and the lamport changes (its fee) are facts."""

    signature: Signature
    signers: tuple[Address, ...]
    programs: tuple[Address, ...]
    """Every program that was called, at any depth, in the order of its first call."""
    version: int | None
    error: object
    fee_lamports: int
    compute_units: int | None
    recent_blockhash: Blockhash
    log_truncated: bool
    forged_events: int
    """Instructions shaped like events that the program did not send to itself."""
    events: tuple[EventFact, ...]
    balances: tuple[BalanceChange, ...]
    supply: tuple[SupplyChange, ...]
    parked: tuple[ParkedFact, ...]

    @property
    def failed(self) -> bool:
        return self.error is not None


@dataclass(frozen=True, slots=True)
class KeptTransaction:
    """A transaction worth storing: its raw JSON, and its facts unless even the envelope was unreadable."""

    tx_index: int
    raw: bytes
    facts: TransactionFacts | None
    unreadable: ParkedFact | None = None


@dataclass(frozen=True, slots=True)
class BlockFacts:
    slot: Slot
    block_time: int | None
    """Unix seconds."""
    transactions: tuple[KeptTransaction, ...]
