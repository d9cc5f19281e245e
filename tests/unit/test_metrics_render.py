from __future__ import annotations

import re
from typing import Any

from gridtokenx_indexer.ops.metrics.names import ALL_METRICS, MetricKind
from gridtokenx_indexer.ops.metrics.render import render, samples
from gridtokenx_indexer.project.stats import FollowerStats

STATUS: dict[str, Any] = {
    "chain": {"head_slot": "12", "finalized_slot": "10"},
    "parked_items": 3,
    "queue": {"done": 5, "queued": 1},
    "readings": {},
    "epochs": {"settled": 2},
    "settlements": {"completed": 4},
    "attempts": {"sent": 1},
    "rollups": {"touched_half_hours": 2, "lag_seconds": 61},
    "mint_paused": None,
    "leases": [{"name": "minter", "held": True}, {"name": "settler", "held": False}],
}


def rendered(status: dict[str, Any] = STATUS) -> str:
    stats = FollowerStats(tip_slot=15, head_slot=12, events=7, rollbacks=1)
    return render(status, stats, {("node", "getBlock", "ok"): 9}, {"follower": 2}).decode()


def test_every_metric_is_collected_under_its_name() -> None:
    collected = samples(STATUS, FollowerStats(), {}, {})
    assert set(collected) == set(ALL_METRICS)
    assert len({metric.name for metric in ALL_METRICS}) == len(ALL_METRICS)


def test_names_follow_the_convention() -> None:
    for metric in ALL_METRICS:
        assert re.fullmatch(r"gridtokenx(_[a-z]+)+", metric.name)
        assert metric.name.endswith("_total") == (metric.kind is MetricKind.COUNTER)
        assert metric.help.endswith(".")


def test_values_and_labels_are_written_out() -> None:
    text = rendered()
    for line in (
        "gridtokenx_index_head_slot 12.0",
        "gridtokenx_index_lag_slots 3.0",
        'gridtokenx_mint_operations{status="done"} 5.0',
        'gridtokenx_lease_held{lease="minter"} 1.0',
        'gridtokenx_lease_held{lease="settler"} 0.0',
        'gridtokenx_service_failures_total{service="follower"} 2.0',
        'gridtokenx_rpc_calls_total{endpoint="node",method="getBlock",outcome="ok"} 9.0',
        "gridtokenx_events_total 7.0",
        "gridtokenx_mint_paused 0.0",
        "gridtokenx_rollup_touched_half_hours 2.0",
        "gridtokenx_rollup_lag_seconds 61.0",
    ):
        assert f"{line}\n" in text


def test_an_empty_index_has_metrics_too() -> None:
    text = rendered({**STATUS, "chain": None, "mint_paused": "supply is above the books"})
    assert "gridtokenx_index_head_slot 0.0\n" in text
    assert "gridtokenx_mint_paused 1.0\n" in text
