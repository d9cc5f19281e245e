"""Settings of the follower."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.decode.watch import WatchSet
from gridtokenx_indexer.domain.ids import Address, Slot


class FollowerConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What is indexed and how fast. Times in milliseconds."""

    program: Address
    """The program this database belongs to; another one is refused."""
    start_slot: Slot | None = None
    """Where indexing starts; None: at the first transaction that names `anchor_address`."""
    anchor_address: Address | None = None
    """An account that the program's `initialize` creates; None: the program itself."""
    programs: tuple[Address, ...] = ()
    """Further programs whose events are indexed."""
    energy_mint: Address | None = None
    mints: tuple[Address, ...] = ()
    """Mints whose token accounts are projected, the energy mint included or not."""
    lamport_accounts: tuple[Address, ...] = ()
    """Accounts whose lamports are projected, such as fee payers."""
    signers: tuple[Address, ...] = ()
    """Our keys: every transaction they sign is kept."""
    poll_interval_ms: int = 400
    """Longest wait between two looks at the node."""
    min_pause_ms: int = 40
    """Shortest wait, however often the websocket rings."""
    retry_pause_ms: int = 500
    """Wait after a failure before starting again from the database."""
    fetch_concurrency: int = 8
    list_slots: int = 512
    """Slots asked for in one list of blocks."""
    batch_blocks: int = 256
    batch_transactions: int = 2_000
    batch_ms: int = 500
    """A batch is written when it reaches any of the three."""
    cross_check_interval_ms: int = 30_000
    """How often a second endpoint, if there is one, is asked for our head block."""

    def watch_set(self) -> WatchSet:
        mints = {*self.mints, *([self.energy_mint] if self.energy_mint else [])}
        return WatchSet(
            programs=frozenset({self.program, *self.programs}),
            mints=frozenset(mints),
            lamports=frozenset(self.lamport_accounts),
            signers=frozenset(self.signers),
        )
