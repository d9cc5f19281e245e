"""Leases that a test takes by hand, without a keeper."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gridtokenx_indexer.tx.ports import Pool


@dataclass(frozen=True, slots=True)
class StandingLease:
    """A lease that this process trusts for ever; whether it is current is for the database to say."""

    name: str
    term: int
    trusted_until: float = math.inf


@dataclass(frozen=True, slots=True)
class StandingLeases:
    """A source that always offers the same lease."""

    lease: StandingLease

    def term(self) -> StandingLease:
        return self.lease


async def take_lease(pool: Pool, name: str) -> StandingLease:
    """Makes the next term of `name` current for a day, whoever held it."""
    term: int = await pool.fetchval(
        "INSERT INTO indexer.leases (name, holder, term, expires_at) "
        "VALUES ($1, 'test', 1, clock_timestamp() + interval '1 day') "
        "ON CONFLICT (name) DO UPDATE SET term = leases.term + 1, expires_at = excluded.expires_at "
        "RETURNING term",
        name,
    )
    return StandingLease(name, term)
