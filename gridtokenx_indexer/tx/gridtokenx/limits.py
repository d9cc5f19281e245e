"""What fits into one transaction, for the packers. Tests on the real SVM hold every figure.

Compute is an upper bound per item over both token programs; a transaction needs the sum of its items and of
`TRANSACTION_COMPUTE_UNITS`. Where an instruction creates an account, the bound allows for
`ALLOWED_BUMP_MISSES` addresses on the curve before the right one. Trace entries are instructions at every
depth, the top-level ones included.
"""

from __future__ import annotations

MAX_TRANSACTION_BYTES = 1_232
MAX_ACCOUNT_LOCKS = 64
MAX_TRACE_ENTRIES = 64
MAX_COMPUTE_UNITS = 1_400_000

TRANSACTION_COMPUTE_UNITS = 1_000
"""Compute budget instructions and rounding."""

ALLOWED_BUMP_MISSES = 30
"""One address in 2^30 misses more often."""
BUMP_MISS_COMPUTE_UNITS = 1_500

MINT_COMPUTE_UNITS = 10_000
"""`mint_energy` into a ledger page that exists."""
MINT_NEW_LEDGER_COMPUTE_UNITS = 62_000
"""`mint_energy` that creates its ledger page."""
MINT_TRACE_ENTRIES = 3
MINT_NEW_LEDGER_TRACE_ENTRIES = 6
MAX_MINTS_WITH_TABLE = 19
"""Mints to different meters with the accounts in one lookup table; bytes are the limit."""
MAX_MINTS_WITHOUT_TABLE = 7
MAX_NEW_LEDGERS = 10
"""Mints that all create their ledger page; the trace is the limit."""

CREATE_TOKEN_ACCOUNT_COMPUTE_UNITS = 75_000
"""Idempotent creation of an associated token account."""
CREATE_TOKEN_ACCOUNT_TRACE_ENTRIES = 7
"""5 when nobody has sent lamports to the address before."""

OPEN_COMPUTE_UNITS = 110_000
"""`open_settlement` that creates the zone too."""
CLOSE_COMPUTE_UNITS = 5_000
"""`close_settlement` or `close_ledger`."""

SETTLE_COMPUTE_UNITS = 6_000
"""`settle_trades` without its trades."""
SETTLE_TRADE_COMPUTE_UNITS = 27_000
SETTLE_PROOF_HASH_COMPUTE_UNITS = 300
SETTLE_TRACE_ENTRIES = 2
"""`settle_trades` itself and its event."""
SETTLE_TRADE_TRACE_ENTRIES = 3
"""Energy, payment and fee."""
MAX_TRADES_PER_INSTRUCTION = 20
"""Trades between few parties with one limit and one price instruction; the trace is the limit."""
