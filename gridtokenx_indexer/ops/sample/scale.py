"""How much a sample holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers of rows of the tables that matter; the others follow from these."""

    users: int
    meters: int
    readings: int
    """A multiple of `meters`: each meter is read once in each of the newest windows."""
    epochs: int
    orders: int
    """A multiple of `epochs`."""
    sites: int
    miners: int
    telemetry: int
    telemetry_s: int
    """Seconds between two reports of a miner; together they span two days."""
    plans: int
    assets: int
    asset_hours: int
    """Hours of production and weather kept for each asset."""
    rounds: int
    """Weekly votes of the community."""
    proposals: int
    """In each round."""
    council: int
    """Members with voting power."""


SCALES = {
    "small": Scale(
        users=60,
        meters=20,
        readings=1_000,
        epochs=8,
        orders=320,
        sites=3,
        miners=50,
        telemetry=5_000,
        telemetry_s=1_800,
        plans=24,
        assets=8,
        asset_hours=72,
        rounds=8,
        proposals=2,
        council=12,
    ),
    "large": Scale(
        users=3_000,
        meters=500,
        readings=100_000,
        epochs=200,
        orders=10_000,
        sites=10,
        miners=500,
        telemetry=1_000_000,
        telemetry_s=90,
        plans=3_000,
        assets=1_000,
        asset_hours=48,
        rounds=104,
        proposals=15,
        council=24,
    ),
}
