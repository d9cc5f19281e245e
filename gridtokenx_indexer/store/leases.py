"""One worker per role: a lease with a rising term, renewed well before its end.

Writes that matter call `indexer.lease_is_current(name, term)` in their own transaction: once that is true the
lease cannot change hands before they commit. `LeaseKeeper.term()` is the cheaper check between writes; it
turns to None some time before the lease really ends. Give the keepers a small pool of their own: a renewal
must not queue behind work.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import msgspec

from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.waiting import wait_for_any

log = logging.getLogger(__name__)


class LeaseConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How long a lease lasts without renewal, and so how long the work of a dead process rests."""

    ttl_ms: int = 6_000
    margin_ms: int = 1_000
    """Trust in a lease ends this long before the database ends it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A held lease; `trusted_until` is in the time of `time.monotonic`, in seconds."""

    name: str
    holder: str
    term: int
    trusted_until: float


def process_holder() -> str:
    """Names this process among all that may hold a lease."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


class LeaseKeeper:
    """A service that tries to hold one lease and keeps it until it is stopped."""

    def __init__(
        self,
        pool: Pool,
        name: str,
        *,
        holder: str | None = None,
        config: LeaseConfig | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._lease_name = name
        self._holder = holder or process_holder()
        self._config = config or LeaseConfig()
        self._clock = clock
        self._lease: Lease | None = None
        self._changed = asyncio.Event()

    @property
    def name(self) -> str:
        return f"lease-{self._lease_name}"

    def term(self) -> Lease | None:
        """The lease while it can be trusted; None means: do not start anything under it."""
        lease = self._lease
        return lease if lease is not None and self._clock() < lease.trusted_until else None

    async def held(self, stop: asyncio.Event) -> Lease | None:
        """Waits until the lease is held; None when `stop` comes first."""
        while not stop.is_set():
            lease = self.term()
            if lease is not None:
                return lease
            await wait_for_any(self._changed, stop, timeout_s=self._pause_s())
        return None

    async def run(self, stop: asyncio.Event) -> None:
        """Acquires, renews, at the end releases; a database that is away costs the lease, not the service."""
        try:
            while not stop.is_set():
                await self._step()
                await wait_for_any(stop, timeout_s=self._pause_s())
        finally:
            await self._release()

    def _pause_s(self) -> float:
        third_s = self._config.ttl_ms / 3_000
        # Asked more often while another holds it, so that little time passes between its end and our start.
        return third_s if self._lease is not None else third_s / 4

    async def _step(self) -> None:
        started = self._clock()
        try:
            # A renewal that hangs longer than the lease lasts is as good as none.
            async with asyncio.timeout(self._config.ttl_ms / 1_000):
                term = await self._acquire_or_renew()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("lease_unreachable", extra={"lease": self._lease_name, "error": repr(error)})
            return
        before = self._lease
        if term is None:
            self._lease = None
            if before is not None:
                log.warning("lease_lost", extra={"lease": self._lease_name, "term": before.term})
            return
        # Counted from before the call: the database's own clock started later.
        trusted_until = started + (self._config.ttl_ms - self._config.margin_ms) / 1_000
        self._lease = Lease(self._lease_name, self._holder, term, trusted_until)
        if before is None or before.term != term:
            log.info("lease_acquired", extra={"lease": self._lease_name, "term": term})
            self._changed.set()
            self._changed = asyncio.Event()

    async def _acquire_or_renew(self) -> int | None:
        queries = load("leases")
        ttl_ms = self._config.ttl_ms
        if self._lease is not None:
            renewed: int | None = await self._pool.fetchval(
                queries["renew"], self._lease_name, self._holder, self._lease.term, ttl_ms
            )
            if renewed is not None:
                return renewed
        acquired: int | None = await self._pool.fetchval(
            queries["acquire"], self._lease_name, self._holder, ttl_ms
        )
        return acquired

    async def _release(self) -> None:
        lease, self._lease = self._lease, None
        if lease is None:
            return
        try:
            async with asyncio.timeout(self._config.margin_ms / 1_000):
                await self._pool.execute(load("leases")["release"], lease.name, lease.holder, lease.term)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # It then ends by itself; whoever waits for it waits a little longer.
            log.warning("lease_not_released", extra={"lease": lease.name, "error": repr(error)})


async def require_current(connection: Connection, lease: Lease) -> None:
    """Raises `RetryableError` unless the lease is current; it stays so until the transaction ends."""
    if not await connection.fetchval(load("leases")["is_current"], lease.name, lease.term):
        raise RetryableError(
            f"the lease {lease.name} of term {lease.term} is over",
            remedy="leave the work to its next holder",
        )
