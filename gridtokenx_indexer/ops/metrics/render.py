"""Metrics in the text format of Prometheus, computed when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from gridtokenx_indexer.ops.metrics import names
from gridtokenx_indexer.ops.metrics.names import Metric, MetricKind
from gridtokenx_indexer.project.stats import FollowerStats

Samples = list[tuple[tuple[str, ...], float]]


def render(
    status: Mapping[str, Any],
    stats: FollowerStats,
    rpc_calls: Mapping[tuple[str, str, str], int],
    service_failures: Mapping[str, int],
) -> bytes:
    """`status` as `read_status` returns it; the others count since the start of the process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(samples(status, stats, rpc_calls, service_failures)))
    return generate_latest(registry)


def samples(
    status: Mapping[str, Any],
    stats: FollowerStats,
    rpc_calls: Mapping[tuple[str, str, str], int],
    service_failures: Mapping[str, int],
) -> dict[Metric, Samples]:
    rollups = status["rollups"] or {"touched_half_hours": 0, "lag_seconds": 0}
    chain = status["chain"] or {"head_slot": 0, "finalized_slot": 0}
    return {
        names.HEAD_SLOT: _one(int(chain["head_slot"])),
        names.FINALIZED_SLOT: _one(int(chain["finalized_slot"])),
        names.TIP_SLOT: _one(stats.tip_slot),
        names.LAG_SLOTS: _one(stats.lag_slots),
        names.PARKED_ITEMS: _one(status["parked_items"]),
        names.MINT_OPERATIONS: _by_status(status["queue"]),
        names.READINGS_OPEN: _by_status(status["readings"]),
        names.EPOCHS: _by_status(status["epochs"]),
        names.SETTLEMENTS: _by_status(status["settlements"]),
        names.ATTEMPTS_OPEN: _by_status(status["attempts"]),
        names.TOUCHED_HALF_HOURS: _one(rollups["touched_half_hours"]),
        names.ROLLUP_LAG: _one(rollups["lag_seconds"]),
        names.MINT_PAUSED: _one(int(status["mint_paused"] is not None)),
        names.LEASE_HELD: [((lease["name"],), float(lease["held"])) for lease in status["leases"]],
        names.SERVICE_FAILURES: _by_status(service_failures),
        names.RPC_CALLS: [(labels, float(count)) for labels, count in sorted(rpc_calls.items())],
        names.BLOCKS: _one(stats.blocks),
        names.SKIPPED_SLOTS: _one(stats.skipped_slots),
        names.TRANSACTIONS: _one(stats.transactions),
        names.EVENTS: _one(stats.events),
        names.ROLLBACKS: _one(stats.rollbacks),
        names.GAPS: _one(stats.gaps),
    }


def _one(value: float) -> Samples:
    return [((), float(value))]


def _by_status(counts: Mapping[str, int]) -> Samples:
    return [((status,), float(count)) for status, count in counts.items()]


class _Collected(Collector):
    def __init__(self, collected: Mapping[Metric, Samples]) -> None:
        self._collected = collected

    def collect(self) -> Iterator[Family]:
        for metric, values in self._collected.items():
            family: GaugeMetricFamily | CounterMetricFamily
            if metric.kind is MetricKind.COUNTER:
                family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
            else:
                family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
            for labels, value in values:
                family.add_metric(labels, value)
            yield family
