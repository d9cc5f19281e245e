"""The sample's own chain: a block every ten seconds, and the transactions that land in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256, sha512
from typing import Any, NamedTuple

from solders.hash import Hash
from solders.pubkey import Pubkey
from solders.signature import Signature

from gridtokenx_indexer.domain import ids
from gridtokenx_indexer.domain.ids import OperationKey, Slot
from gridtokenx_indexer.market.chain_terms import ChainTerms
from gridtokenx_indexer.tx.gridtokenx.pda import DEFAULT_PROGRAM_ID
from gridtokenx_indexer.tx.lifecycle import AttemptStatus

BLOCK_TIME = timedelta(seconds=10)
FINALITY = 32 * BLOCK_TIME
_FIRST_SLOT = 300_000_000
_FIRST_HEIGHT = 280_000_000
_BLOCKHASH_AGE = 3
"""Blocks between a transaction and the one under whose hash it was signed."""
_TOKEN_PROGRAM = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")


class Event(NamedTuple):
    name: str
    data: dict[str, Any]


class Landed(NamedTuple):
    """Where a transaction stands."""

    slot: Slot
    tx_index: int
    signature: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Transaction:
    """`method` is the instruction it calls; `lease` the sending worker's, None where it was somebody else."""

    signature: str
    method: str
    lease: str | None
    kind: str
    signer: Pubkey
    status: AttemptStatus
    signed_at: datetime
    blockhash_slot: Slot
    slot: Slot | None
    tx_index: int
    operations: Sequence[OperationKey]
    events: Sequence[Event]
    error: dict[str, Any] | None


class Sender(NamedTuple):
    """Who calls which instruction, and as what kind of attempt, when it is one of our workers."""

    method: str
    role: str
    kind: str = ""
    lease: str | None = None


class Chain:
    """From `start` to `now`; what lies less than `FINALITY` back is not final."""

    def __init__(self, seed: int, start: datetime, now: datetime) -> None:
        self._seed = seed
        self.start = start
        self.head = self.slot_at(now)
        self.final = Slot(self.head - FINALITY // BLOCK_TIME)
        self.terms = ChainTerms(
            program_id=DEFAULT_PROGRAM_ID,
            fee_recipient=self.key("fee recipient"),
            energy_mint=self.key("energy mint"),
            payment_mint=self.key("payment mint"),
            energy_token_program=_TOKEN_PROGRAM,
            payment_token_program=_TOKEN_PROGRAM,
            min_price=1,
            max_price=10**12,
            max_fee_bps=10_000,
            paused=False,
        )
        self.transactions: list[Transaction] = []
        self._in_block: Counter[Slot] = Counter()

    def key(self, name: str) -> Pubkey:
        """The address of somebody or something that the sample names."""
        return Pubkey(sha256(f"{self._seed}/{name}".encode()).digest())

    def slot_at(self, moment: datetime) -> Slot:
        return Slot(_FIRST_SLOT + (moment - self.start) // BLOCK_TIME)

    def time_of(self, slot: Slot) -> datetime:
        return self.start + (slot - _FIRST_SLOT) * BLOCK_TIME

    def height_of(self, slot: Slot) -> int:
        return _FIRST_HEIGHT + slot - _FIRST_SLOT

    def blockhash(self, slot: Slot) -> str:
        return str(Hash(sha256(f"{self._seed}/block {slot}".encode()).digest()))

    @property
    def first(self) -> Slot:
        return Slot(_FIRST_SLOT)

    @property
    def genesis_hash(self) -> str:
        return self.blockhash(Slot(0))

    def land(
        self,
        moment: datetime,
        sender: Sender,
        operations: Sequence[OperationKey] = (),
        events: Sequence[Event] = (),
        error: dict[str, Any] | None = None,
        signer: Pubkey | None = None,
    ) -> Landed:
        """A transaction in the block of `moment`, which must be final; with `error` it had no effect.

        `signer` is a wallet that sent it itself.
        """
        slot = self.slot_at(moment)
        assert self.first + _BLOCKHASH_AGE <= slot <= self.final, moment
        done = self._sign(sender, AttemptStatus.SPENT, slot, operations, events, error, signer)
        return Landed(slot, done.tx_index, done.signature, self.time_of(slot))

    def lose(self, moment: datetime, sender: Sender, operations: Sequence[OperationKey]) -> None:
        """A transaction that was sent and never landed, as is proved since."""
        self._sign(sender, AttemptStatus.DEAD, self.slot_at(moment), operations)

    def send(self, sender: Sender, operations: Sequence[OperationKey]) -> str:
        """A transaction on its way; returns its signature."""
        return self._sign(sender, AttemptStatus.SENT, self.head, operations).signature

    def _sign(
        self,
        sender: Sender,
        status: AttemptStatus,
        slot: Slot,
        operations: Sequence[OperationKey],
        events: Sequence[Event] = (),
        error: dict[str, Any] | None = None,
        signer: Pubkey | None = None,
    ) -> Transaction:
        tx_index = 0
        if status is AttemptStatus.SPENT:
            tx_index = self._in_block[slot]
            self._in_block[slot] += 1
        number = len(self.transactions)
        made = Transaction(
            signature=ids.Signature(str(Signature(sha512(f"{self._seed}/{number}".encode()).digest()))),
            method=sender.method,
            lease=sender.lease,
            kind=sender.kind,
            signer=signer or self.key(sender.role),
            status=status,
            signed_at=self.time_of(slot) - BLOCK_TIME,
            blockhash_slot=Slot(slot - _BLOCKHASH_AGE),
            slot=slot if status is AttemptStatus.SPENT else None,
            tx_index=tx_index,
            operations=operations,
            events=events,
            error=error,
        )
        self.transactions.append(made)
        return made
