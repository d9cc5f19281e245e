"""Settings of the market. Lot, tick and price band are rows of the database: its triggers hold them too."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.market.clearing.rules import Rationing


class MarketConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How epochs are made, cleared and settled."""

    k_numerator: int = 1
    """The price stands at k_numerator / k_denominator of the interval: 0 favours buyers, 1 sellers."""
    k_denominator: int = 2
    rationing: Rationing = Rationing.TIME
    """Who is served at the price itself: `time` (first come) or `prorata` (in proportion)."""
    epochs_ahead: int = 2
    """Epochs that exist before they start."""
    backfill_epochs: int = 96
    """Epochs made up for after a pause of the service; orders of a longer pause meet in the next epoch."""
    clearing_retries: int = 20
    """Repetitions of a clearing that met concurrent changes of its orders, before the service restarts."""
    settlement_window_s: int = 21_600
    """Chain time from the opening of a result to its deadline; what is not settled by then fails."""
    rejected_retry_ms: int = 5_000
    """Pause before a trade rejected on chain is tried again; doubles each time."""
    rejected_retry_max_ms: int = 300_000
    settle_batches_in_flight: int = 16
    """Transactions of trades that may be on their way at once, per zone."""
    close_settlements: bool = True
    """Whether finished results are closed on chain, which returns their rent."""
    poll_ms: int = 5_000
    """How long the market services wait when nothing wakes them."""
