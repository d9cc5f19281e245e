"""What the engine needs from the layers beside and below it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from gridtokenx_indexer.domain.ids import Address, Signature
from gridtokenx_indexer.source.answers import AccountsAt
from gridtokenx_indexer.source.rpc import Commitment
from gridtokenx_indexer.store.pool import Connection, Pool

__all__ = ["AccountReader", "Connection", "HeldLease", "LeaseSource", "Pool", "TransactionSink", "Wake"]


class AccountReader(Protocol):
    """What is at some addresses, all read at one slot."""

    async def get_multiple_accounts(
        self, addresses: Sequence[Address], commitment: Commitment
    ) -> AccountsAt: ...


class HeldLease(Protocol):
    """One term of a lease. `trusted_until` is on the monotonic clock, safety margin already taken off."""

    @property
    def name(self) -> str: ...
    @property
    def term(self) -> int: ...
    @property
    def trusted_until(self) -> float: ...


class LeaseSource(Protocol):
    """The lease a worker acts under; None while another worker holds it."""

    def term(self) -> HeldLease | None: ...


class Wake(Protocol):
    """Waits for a notification, a timeout or the stop, whichever comes first."""

    async def wait(self, timeout_s: float, stop: asyncio.Event) -> None: ...


class TransactionSink(Protocol):
    """The one call by which a transaction leaves the process."""

    async def send_transaction(self, raw: bytes, *, skip_preflight: bool = False) -> Signature: ...
