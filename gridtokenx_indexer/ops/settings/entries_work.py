"""Settings of following, sending, minting, clearing and settling."""

from __future__ import annotations

from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.mint.config import MintConfig
from gridtokenx_indexer.ops.settings.from_struct import settings_of
from gridtokenx_indexer.ops.settings.setting import Setting
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.store.leases import LeaseConfig
from gridtokenx_indexer.store.rollups import RollupConfig
from gridtokenx_indexer.tx.backoff import BackoffConfig
from gridtokenx_indexer.tx.config import TxConfig

_RPC = settings_of(
    "rpc",
    RpcConfig,
    {
        "timeout_ms": "Longest wait for one answer of a node.",
        "attempts": "Tries of one call over all endpoints before it fails as temporary.",
        "backoff_ms": "First pause between tries; doubles with each.",
        "backoff_max_ms": "Longest pause between tries.",
        "quarantine_ms": "First rest of an endpoint that failed; doubles with each failure in a row.",
        "quarantine_max_ms": "Longest rest of an endpoint.",
        "max_connections": "Connections kept to the nodes.",
    },
    minimum=1,
)
_INDEX = settings_of(
    "index",
    FollowerConfig,
    {
        "start_slot": "First slot of the index. Unset: the slot of the program's initialize.",
        "programs": "Further programs whose events are indexed.",
        "mints": "Further mints whose token accounts are projected.",
        "lamport_accounts": "Further accounts whose lamports are projected.",
        "poll_interval_ms": "Longest wait between two looks at the node.",
        "min_pause_ms": "Shortest wait between two looks, however often the websocket rings.",
        "retry_pause_ms": "Wait after a failure before starting again from the database.",
        "fetch_concurrency": "Blocks fetched at a time.",
        "list_slots": "Slots asked for in one list of blocks.",
        "batch_blocks": "A batch is written when it holds this many blocks.",
        "batch_transactions": "A batch is written when it holds this many transactions of ours.",
        "batch_ms": "A batch is written when this much time has passed.",
        "cross_check_interval_ms": "How often a second endpoint is asked for our head block.",
    },
)
_TRANSACTIONS = settings_of(
    "transactions",
    TxConfig,
    {
        "resend_ms": "Pause between two sends of the same stored bytes.",
        "min_blocks_to_live": "Nothing is signed under a blockhash with fewer blocks left than this.",
        "base_compute_unit_price_micro_lamports": "Priority fee per compute unit; a small salt is added.",
        "concurrent_sends": "Transactions handed to nodes at a time.",
        "resolve_batch": "Attempts closed per database transaction.",
        "poll_ms": "Longest wait of resolver and broadcaster when nothing wakes them.",
    },
)
_LEASES = settings_of(
    "leases",
    LeaseConfig,
    {
        "ttl_ms": "How long a lease lasts without renewal, and so how long the work of a dead process rests.",
        "margin_ms": "Trust in a lease ends this long before the database ends it.",
    },
    minimum=1,
)
_MINT = (
    *settings_of(
        "mint",
        MintConfig,
        {
            "grace_s": "Seconds of the market clock after a window's end before it is minted.",
            "max_reading_age_s": "Readings older than this on the market clock are rejected.",
            "max_reading_kwh": "More than this generated or consumed in one reading is rejected.",
            "plan_batch_readings": "Readings judged per database transaction.",
            "batch_operations": "Operations frozen or signed per database transaction.",
            "max_attempts": "Attempts after which an operation is parked; each may have cost a fee.",
            "parked_retry_s": "Pause before what was parked for a passing reason gets one more attempt.",
            "poll_ms": "Longest wait of the minting services when nothing wakes them.",
            "sweep_ms": "Pause between looks at parked readings.",
        },
    ),
    *settings_of(
        "mint",
        BackoffConfig,
        {
            "first_ms": "First pause before a failed operation is tried again; doubles with each failure.",
            "max_ms": "Longest pause before a failed operation is tried again.",
        },
        prefix="retry_",
    ),
)
_MARKET = settings_of(
    "market",
    MarketConfig,
    {
        "k_numerator": "The price stands at k_numerator / k_denominator of the interval: 0 favours buyers.",
        "k_denominator": "See k_numerator.",
        "rationing": "Who is served at the price itself: first come (time) or in proportion (prorata).",
        "epochs_ahead": "Epochs that exist before they start.",
        "backfill_epochs": "Epochs made up for after a pause of the service.",
        "clearing_retries": "Repetitions of a clearing that met concurrent changes of its orders.",
        "settlement_window_s": "Chain time from the opening of a result to its deadline.",
        "rejected_retry_ms": "First pause before a trade rejected on chain is tried again; doubles.",
        "rejected_retry_max_ms": "Longest pause before a rejected trade is tried again.",
        "settle_batches_in_flight": "Transactions of trades that may be on their way at once, per zone.",
        "close_settlements": "Close finished results on chain, which returns their rent.",
        "poll_ms": "Longest wait of the market services when nothing wakes them.",
    },
)
_ROLLUPS = settings_of(
    "rollups",
    RollupConfig,
    {
        "poll_ms": "Pause between two looks at new telemetry.",
        "page_rows": "Rows of telemetry looked at per database transaction.",
        "batch_half_hours": "Half hours computed per database transaction; they are always of one day.",
    },
    minimum=1,
)

WORK: tuple[Setting, ...] = (*_RPC, *_INDEX, *_TRANSACTIONS, *_LEASES, *_MINT, *_MARKET, *_ROLLUPS)
