"""Settings of minting."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.tx.backoff import BackoffConfig


class MintConfig(msgspec.Struct, frozen=True, kw_only=True):
    """When readings count, when windows close, how work is cut."""

    grace_s: int = 120
    """Seconds of the market clock after a window's end before it is minted."""
    max_reading_age_s: int = 7 * 86_400
    """Readings older than this on the market clock are rejected."""
    max_reading_kwh: Decimal = Decimal(100)
    """More than this generated or consumed in one reading is rejected."""
    plan_batch_readings: int = 5_000
    """Readings judged per database transaction."""
    batch_operations: int = 512
    """Operations frozen or signed per database transaction."""
    max_attempts: int = 12
    """Attempts after which an operation is parked; each of them may have cost a fee."""
    parked_retry_s: int = 3_600
    """Pause before an operation that was parked for a reason which may pass gets one more attempt."""
    poll_ms: int = 1_000
    """Pause when nothing wakes the worker."""
    sweep_ms: int = 30_000
    """Pause between looks at parked readings whose meter may have been verified since."""
    retry: BackoffConfig = BackoffConfig()


class MintTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where energy is minted; from the program's config account."""

    program_id: Pubkey
    energy_mint: Pubkey
    energy_token_program: Pubkey
