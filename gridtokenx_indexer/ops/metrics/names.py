"""Every metric of the service: its name, its help text, its labels."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class MetricKind(StrEnum):
    GAUGE = "gauge"
    COUNTER = "counter"


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """Names end in their unit; counters of a process end in `_total`. No label takes unbounded values."""

    name: str
    help: str
    kind: MetricKind = MetricKind.GAUGE
    labels: tuple[str, ...] = ()


HEAD_SLOT = Metric(name="gridtokenx_index_head_slot", help="Newest indexed slot.")
FINALIZED_SLOT = Metric(name="gridtokenx_index_finalized_slot", help="Newest indexed slot that is final.")
TIP_SLOT = Metric(name="gridtokenx_node_tip_slot", help="Confirmed tip of the node, as last seen.")
LAG_SLOTS = Metric(name="gridtokenx_index_lag_slots", help="Slots between the node's tip and the index.")
PARKED_ITEMS = Metric(name="gridtokenx_parked_items", help="Indexed items that could not be decoded.")
MINT_OPERATIONS = Metric(
    name="gridtokenx_mint_operations", help="Mint operations by status.", labels=("status",)
)
READINGS_OPEN = Metric(
    name="gridtokenx_readings_open", help="Readings not yet finished with, by status.", labels=("status",)
)
EPOCHS = Metric(name="gridtokenx_market_epochs", help="Market epochs by status.", labels=("status",))
SETTLEMENTS = Metric(name="gridtokenx_settlements", help="Settlements by status.", labels=("status",))
ATTEMPTS_OPEN = Metric(
    name="gridtokenx_attempts_open", help="Transactions without a proved end, by status.", labels=("status",)
)
TOUCHED_HALF_HOURS = Metric(
    name="gridtokenx_rollup_touched_half_hours", help="Half hours of telemetry that wait to be computed."
)
ROLLUP_LAG = Metric(
    name="gridtokenx_rollup_lag_seconds", help="Since when not all telemetry is in half hours and days."
)
MINT_PAUSED = Metric(name="gridtokenx_mint_paused", help="1 while reconciliation keeps minting paused.")
LEASE_HELD = Metric(name="gridtokenx_lease_held", help="1 while somebody holds the lease.", labels=("lease",))
SERVICE_FAILURES = Metric(
    name="gridtokenx_service_failures_total",
    help="Temporary failures after which a service was started again.",
    kind=MetricKind.COUNTER,
    labels=("service",),
)
RPC_CALLS = Metric(
    name="gridtokenx_rpc_calls_total",
    help="Calls to nodes by endpoint, method and outcome.",
    kind=MetricKind.COUNTER,
    labels=("endpoint", "method", "outcome"),
)
BLOCKS = Metric(name="gridtokenx_blocks_total", help="Blocks indexed.", kind=MetricKind.COUNTER)
SKIPPED_SLOTS = Metric(
    name="gridtokenx_skipped_slots_total", help="Slots proved skipped.", kind=MetricKind.COUNTER
)
TRANSACTIONS = Metric(
    name="gridtokenx_transactions_total", help="Transactions indexed.", kind=MetricKind.COUNTER
)
EVENTS = Metric(name="gridtokenx_events_total", help="Events indexed.", kind=MetricKind.COUNTER)
ROLLBACKS = Metric(name="gridtokenx_rollbacks_total", help="Forks rolled back.", kind=MetricKind.COUNTER)
GAPS = Metric(
    name="gridtokenx_gaps_total",
    help="Times the index had to wait for a block that was not available.",
    kind=MetricKind.COUNTER,
)

ALL_METRICS: tuple[Metric, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Metric)
)
