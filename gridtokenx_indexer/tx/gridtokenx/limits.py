"""What fits into one transaction, for the packers. The figures are held by tests on the real SVM.

Compute is an upper bound per item with the SPL Token program; a transaction needs the sum of its items and
of `TRANSACTION_COMPUTE_UNITS`. Trace entries are instructions at every depth, the top-level ones included.
"""

from __future__ import annotations

MAX_TRANSACTION_BYTES = 1_232
MAX_ACCOUNT_LOCKS = 64
MAX_TRACE_ENTRIES = 64
MAX_COMPUTE_UNITS = 1_400_000

TRANSACTION_COMPUTE_UNITS = 1_000
"""Compute budget instructions and rounding."""

MINT_COMPUTE_UNITS = 12_000
"""`mint_energy` into a ledger page that exists."""
MINT_NEW_LEDGER_COMPUTE_UNITS = 40_000
"""`mint_energy` that creates its ledger page, with an unlucky bump."""
MINT_TRACE_ENTRIES = 3
MINT_NEW_LEDGER_TRACE_ENTRIES = 6
MAX_MINTS_WITH_TABLE = 19
"""Mints to different meters, all shared and per-meter accounts in one lookup table."""
MAX_MINTS_WITHOUT_TABLE = 7

OPEN_COMPUTE_UNITS = 60_000
"""`open_settlement` that creates zone and settlement, with unlucky bumps."""

SETTLE_COMPUTE_UNITS = 20_000
"""`settle_trades` without its trades."""
SETTLE_TRADE_COMPUTE_UNITS = 25_000
SETTLE_PROOF_HASH_COMPUTE_UNITS = 500
SETTLE_TRACE_ENTRIES = 2
"""`settle_trades` itself and its event."""
SETTLE_TRADE_TRACE_ENTRIES = 3
"""Energy, payment and fee."""
MAX_TRADES_PER_INSTRUCTION = 20

CREATE_TOKEN_ACCOUNT_TRACE_ENTRIES = 6
"""Idempotent creation of an associated token account."""
