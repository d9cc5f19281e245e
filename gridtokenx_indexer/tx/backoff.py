"""When to try again. Pure."""

from __future__ import annotations

import msgspec


class BackoffConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Growing pauses: `first_ms`, then doubled each time up to `max_ms`."""

    first_ms: int = 2_000
    max_ms: int = 600_000


def pause_ms(config: BackoffConfig, failures: int) -> int:
    """The pause after the `failures`-th failure in a row (1 or more)."""
    doublings = min(max(failures, 1) - 1, 63)
    return min(config.first_ms << doublings, config.max_ms)
