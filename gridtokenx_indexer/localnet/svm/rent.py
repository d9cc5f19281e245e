"""Rent: what an account must hold to exist, and which changes a transaction may leave behind."""

from __future__ import annotations

from gridtokenx_indexer.localnet.chain.accounts import AccountState

LAMPORTS_PER_BYTE = 6_960
ACCOUNT_OVERHEAD_BYTES = 128
MAX_ACCOUNT_BYTES = 10 * 1024 * 1024


def rent_minimum(data_bytes: int) -> int:
    """Lamports that make an account of that size rent-exempt."""
    return (ACCOUNT_OVERHEAD_BYTES + data_bytes) * LAMPORTS_PER_BYTE


def leaves_enough_rent(before: AccountState | None, after: AccountState | None) -> bool:
    """Whether a transaction may turn `before` into `after`.

    An account below the minimum may stay there only when it was there already, has kept its size and
    has not gained lamports.
    """
    if after is None or after.lamports >= rent_minimum(len(after.data)):
        return True
    if before is None or before.lamports >= rent_minimum(len(before.data)):
        return False
    return len(before.data) == len(after.data) and after.lamports <= before.lamports
