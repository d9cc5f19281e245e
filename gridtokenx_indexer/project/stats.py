"""What the follower counts, for metrics and status pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class FollowerStats:
    """Counters since the start of the process, and the present positions."""

    head_slot: int = 0
    finalized_slot: int = 0
    tip_slot: int = 0
    """The node's confirmed tip, as last seen."""
    finalized_tip_slot: int = 0
    batches: int = 0
    blocks: int = 0
    skipped_slots: int = 0
    transactions: int = 0
    failed_transactions: int = 0
    events: int = 0
    parked_items: int = 0
    forged_events: int = 0
    truncated_logs: int = 0
    rollbacks: int = 0
    rolled_back_slots: int = 0
    gaps: int = 0
    """Times the frontier had to wait for a block that was not available."""
    held: str | None = None
    """Why the frontier waits for finality, if it does."""
    failures: int = 0
    disagreements: Counter[str] = field(default_factory=Counter)
    """By endpoint: heads that another endpoint names with another hash."""

    @property
    def lag_slots(self) -> int:
        """How far the index is behind the node's confirmed tip."""
        return max(0, self.tip_slot - self.head_slot)
