"""Hosted miners with their telemetry, and plans to switch some of them off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from gridtokenx_indexer.store.sample.context import Chunk, Sample, chunk

_MODELS = (("S19 Pro", "Bitmain", 110, 3250), ("S21", "Bitmain", 200, 3500), ("M50S", "MicroBT", 126, 3276))
_SITES = 3


def hosting(sample: Sample) -> Iterator[Chunk]:
    count = sample.scale.miners
    yield chunk(
        "hosting.hosting_sites",
        "id name location capacity_mw",
        [(n, f"Site {n}", "Rayong", count) for n in range(1, _SITES + 1)],
    )
    yield chunk(
        "hosting.miner_models",
        "id name manufacturer hashrate power_consumption efficiency release_date msrp",
        [
            (n, name, maker, rate, watts, round(Decimal(watts) / rate, 4), "2024-01-01", 2500)
            for n, (name, maker, rate, watts) in enumerate(_MODELS, 1)
        ],
    )
    yield chunk(
        "hosting.hosting_miners",
        "id serial_number miner_model_id site_id status cgminer_ip cgminer_enabled client_id purchase_date",
        [
            (
                n,
                f"M-{n:06}",
                1 + n % 3,
                1 + n % _SITES,
                "active" if n % 20 else "offline",
                f"10.0.{n // 250}.{n % 250}",
                True,
                sample.user(),
                "2025-01-01",
            )
            for n in range(1, count + 1)
        ],
    )
    yield Chunk(
        "hosting.miner_telemetry",
        ("miner_id", "hashrate", "temperature", "power_consumption", "fan_speed", "recorded_at"),
        telemetry(sample),
        sample.scale.telemetry,
    )
    yield chunk(
        "hosting.miner_operation_log",
        "miner_id operation performed_by details timestamp",
        [
            (n, sample.pick("start", "shutdown"), sample.users[0], "sample", sample.ago(hours=n % 500))
            for n in range(1, count + 1)
        ],
    )
    # Plans end when their miners are written: `end_plans`.
    yield chunk(
        "hosting.curtailment_plans",
        "id site_id plan_type target_power_reduction status scheduled_time created_by",
        [
            (
                n,
                1 + n % _SITES,
                "scheduled",
                Decimal("0.05"),
                "approved" if n % 4 else "pending",
                sample.ago(hours=5),
                sample.users[0],
            )
            for n in range(1, 9)
        ],
    )
    yield chunk(
        "hosting.curtailment_plan_miners",
        "plan_id miner_id shutdown_order",
        [(plan, 1 + (plan * 7 + k) % count, k) for plan in range(1, 9) for k in range(1, 6)],
    )
    yield chunk(
        "hosting.outbox_events",
        "event_type aggregate_type aggregate_id payload status processed_at created_at",
        [
            (
                "miner.offline",
                "miner",
                str(n),
                {"n": n},
                "processed" if n % 3 else "pending",
                sample.ago(hours=n) if n % 3 else None,
                sample.ago(hours=n + 1),
            )
            for n in range(1, 61)
        ],
    )


def telemetry(sample: Sample) -> Iterator[tuple[Any, ...]]:
    """Minute by minute, all miners of a minute together, as they arrive; ends before `now`."""
    count = sample.scale.miners
    minutes = -(-sample.scale.telemetry // count)
    rated = [_MODELS[n % 3][2:] for n in range(1, count + 1)]
    left = sample.scale.telemetry
    for minute in range(minutes, 0, -1):
        moment = f"{sample.now - timedelta(minutes=minute):%Y-%m-%d %H:%M:%S+00}"
        for n in range(min(count, left)):
            rate, watts = rated[n]
            swing = sample.chance.randrange(-30, 31)
            yield (n + 1, rate + swing / 10, 65 + swing / 5, watts + swing, 5400 + swing, moment)
        left -= count
