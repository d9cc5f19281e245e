"""Settings of the transaction engine."""

from __future__ import annotations

import msgspec


class TxConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How transactions are signed and sent. Pauses in milliseconds of real time, ages in blocks."""

    resend_ms: int = 2_000
    """Pause between two sends of the same stored bytes."""
    min_blocks_to_live: int = 40
    """Nothing is signed under a blockhash with fewer blocks left than this: the index is too far behind."""
    base_compute_unit_price_micro_lamports: int = 0
    """Priority fee per compute unit; a small salt is added on top."""
    concurrent_sends: int = 16
    resolve_batch: int = 64
    """Attempts closed per database transaction."""
    poll_ms: int = 1_000
    """How long the resolver and the broadcaster wait when nothing wakes them."""
