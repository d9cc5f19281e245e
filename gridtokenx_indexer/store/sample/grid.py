"""Producers, consumers, storage, carbon credits and the health of the grid's nodes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gridtokenx_indexer.store.sample.context import Chunk, Sample, chunk


def grid(sample: Sample) -> Iterator[Chunk]:
    """After `energy`: each meter is a producer."""
    codes = [f"BKK-{n:02}" for n in range(1, 11)]
    yield chunk(
        "grid.locations",
        "grid_code province district coordinates location_data capacity_mw current_load_mw congestion_level",
        [
            (
                code,
                "Bangkok",
                f"District {n}",
                f"(100.{500 + n},13.{700 + n})",
                {"feeder": n},
                50,
                20 + n,
                "low",
            )
            for n, code in enumerate(codes)
        ],
    )
    producers = [
        (f"P-{n:05}", sample.users[owner], sample.uuid()) for n, (_, _, owner) in enumerate(sample.meters)
    ]
    yield chunk(
        "blockchain.registered_producers",
        "id producer_id user_id producer_name producer_type energy_sources location_json capacity_kw"
        " verified",
        [
            (
                key,
                name,
                user,
                f"Producer {name}",
                "residential",
                ["solar", "wind"],
                {"code": sample.pick(*codes)},
                5,
                True,
            )
            for name, user, key in producers
        ],
    )
    yield chunk(
        "blockchain.registered_consumers",
        "consumer_id user_id consumer_name consumer_type location_json avg_consumption_kwh peak_demand_kw",
        [
            (f"C-{n:05}", user, f"Consumer {n}", "residential", {"code": sample.pick(*codes)}, 8, 4)
            for n, user in enumerate(sample.users)
        ],
    )
    yield chunk(
        "grid.energy_production",
        "producer_id energy_amount energy_source location_json verified verification_authority timestamp",
        [
            (
                name,
                Decimal(sample.chance.randrange(1, 5 * 10**6)) / 10**6,
                sample.pick("solar", "wind"),
                {},
                True,
                "utility",
                sample.ago(hours=k),
            )
            for name, _, _ in producers
            for k in range(10)
        ],
    )
    yield chunk(
        "grid.energy_consumption",
        "consumer_id energy_amount consumer_type appliance_breakdown timestamp",
        [
            (f"C-{n:05}", 2, "residential", {"heat pump": "1.5", "oven": "0.5"}, sample.ago(hours=k))
            for n in range(len(sample.users))
            for k in range(5)
        ],
    )
    yield chunk(
        "grid.carbon_credits",
        "credit_id issuer holder energy_source energy_amount offset_amount certification_body"
        " serial_first serial_last"
        " verified status expires_at",
        [
            (
                f"CC-{n:05}",
                "registry",
                f"user{n}",
                "solar",
                100,
                45,
                "Standard",
                n * 100,
                n * 100 + 99,
                True,
                sample.pick("active", "active", "retired"),
                sample.ago(days=-700),
            )
            for n in range(len(sample.users) // 4)
        ],
    )
    yield chunk(
        "grid.energy_storage",
        "storage_id storage_operator storage_type capacity_mwh current_charge",
        [(f"B-{n:03}", "operator", "battery", 10, sample.chance.randrange(10)) for n in range(10)],
    )
    yield chunk(
        "grid.storage_operations",
        "storage_id operation_type energy_amount price_per_unit settlement_status executed_at",
        [
            (f"B-{n:03}", sample.pick("charge", "discharge"), 1, 3, "settled", sample.ago(hours=k))
            for n in range(10)
            for k in range(24)
        ],
    )
    yield chunk(
        "monitoring.grid_health",
        "grid_code health_score stability_index congestion_level active_connections recorded_at",
        [
            (
                code,
                Decimal(sample.chance.randrange(8000, 10000)) / 10**4,
                1,
                "low",
                100,
                sample.ago(minutes=15 * k + n),
            )
            for n, code in enumerate(codes)
            for k in range(96)
        ],
    )
    yield chunk(
        "monitoring.system_metrics",
        "metric_name metric_value labels recorded_at",
        [
            (
                sample.pick("cpu", "lag_slots", "queue"),
                sample.chance.randrange(100),
                {"host": "a"},
                sample.ago(minutes=k),
            )
            for k in range(500)
        ],
    )
