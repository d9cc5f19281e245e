"""Leads, deals and invoices; the bitcoin market and its indicators; assets and who owns them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from gridtokenx_indexer.store.sample.context import Chunk, Sample, chunk

_QUARTERS = 96 * 7


def sales(sample: Sample) -> Iterator[Chunk]:
    leads = max(20, sample.scale.users // 4)
    yield chunk(
        "crm.crm_leads",
        "id name email company status source score owner_id",
        [
            (
                n,
                f"Lead {n}",
                f"lead{n}@example.org",
                f"Company {n}",
                sample.pick("new", "contacted", "qualified", "converted", "lost"),
                sample.pick("website", "referral", "cold_call"),
                sample.chance.randrange(101),
                sample.users[n % 5],
            )
            for n in range(1, leads + 1)
        ],
    )
    stages = ("discovery", "proposal", "negotiation", "closed_won", "closed_lost")
    yield chunk(
        "crm.crm_deals",
        "id lead_id title value stage probability expected_close_date owner_id",
        [
            (
                n,
                n,
                f"Deal {n}",
                sample.chance.randrange(1000, 100_000),
                stages[n % 5],
                (10, 40, 70, 100, 0)[n % 5],
                date(2026, 12, 31),
                sample.users[n % 5],
            )
            for n in range(1, leads + 1)
        ],
    )
    yield chunk(
        "crm.crm_invoices",
        "deal_id invoice_number amount status issue_date due_date paid_date",
        [
            (
                n,
                f"INV-{n:05}",
                5000,
                "paid" if n % 2 else "sent",
                date(2026, 1, 1),
                date(2026, 2, 1),
                date(2026, 1, 20) if n % 2 else None,
            )
            for n in range(1, leads + 1)
            if n % 5 == 3
        ],
    )
    yield chunk(
        "crm.crm_activities",
        "deal_id type description performed_by activity_date",
        [
            (
                n,
                sample.pick("call", "email", "meeting", "note"),
                "sample",
                sample.users[0],
                sample.ago(days=n % 60),
            )
            for n in range(1, leads + 1)
        ],
    )
    price, market, indicators = 100_000.0, [], []
    for n in range(1, _QUARTERS + 1):
        price *= 1 + sample.chance.uniform(-0.004, 0.004)
        moment = sample.now - timedelta(minutes=15 * (_QUARTERS - n))
        market.append(
            (n, round(price, 2), 1090, 152_270_000_000_000, Decimal("3.125"), 30_000_000_000, moment)
        )
        indicators.append(
            (
                n,
                round(sample.chance.uniform(20, 80), 2),
                round(price * 1.02, 2),
                round(price, 2),
                round(price * 0.98, 2),
                sample.pick("BUY", "SELL", "NEUTRAL"),
                moment,
            )
        )
    yield chunk(
        "analytics.market_analytics",
        "id btc_price network_hashrate network_difficulty block_reward volume_24h created_at",
        market,
    )
    yield chunk(
        "analytics.technical_indicators",
        "analytics_id rsi bb_upper bb_middle bb_lower signal created_at",
        indicators,
    )


def assets(sample: Sample) -> Iterator[Chunk]:
    ids = [sample.uuid() for _ in range(sample.scale.assets)]
    yield chunk(
        "investment.assets",
        "id token_id name location_lat location_lon capacity_kw asset_type status",
        [
            (
                asset,
                n,
                f"Solar field {n}",
                Decimal(f"13.{700_000 + n}"),
                Decimal(f"100.{500_000 + n}"),
                500,
                "solar",
                "active",
            )
            for n, asset in enumerate(ids, 1)
        ],
    )
    yield chunk(
        "investment.asset_documents",
        "asset_id document_type ipfs_hash",
        [(asset, "permits", "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4") for asset in ids],
    )
    holdings = [
        (user, asset)
        for asset in ids
        for user in sample.chance.sample(sample.users, min(10, len(sample.users)))
    ]
    yield chunk(
        "investment.investments",
        "user_id asset_id amount_tokens purchase_price transaction_hash invested_at",
        [(user, asset, 10, 100, sample.signature(), sample.ago(days=200)) for user, asset in holdings],
    )
    months = [date(2026, month, 1) for month in range(1, 10)]
    distributions = [(sample.uuid(), asset, month) for asset in ids for month in months]
    yield chunk(
        "investment.revenue_distributions",
        "id asset_id period_start period_end total_amount distribution_date status",
        [
            (
                key,
                asset,
                month,
                month.replace(month=month.month + 1) - timedelta(days=1),
                100,
                sample.ago(days=30),
                "distributed",
            )
            for key, asset, month in distributions
        ],
    )
    per_asset = {asset: [user for user, held in holdings if held == asset] for asset in ids}
    yield chunk(
        "investment.revenue_payouts",
        "distribution_id user_id amount_tokens amount status paid_at",
        [
            (key, user, 10, Decimal(100) / len(per_asset[asset]), "paid", sample.ago(days=30))
            for key, asset, _ in distributions
            for user in per_asset[asset]
        ],
    )
    hours = range(1, 24 * 14)
    yield chunk(
        "investment.energy_production",
        "time asset_id power_kw voltage temperature",
        [
            (sample.ago(hours=hour), asset, sample.chance.randrange(500), 400, 45)
            for asset in ids
            for hour in hours
        ],
    )
    yield chunk(
        "investment.weather_data",
        "time asset_id temperature irradiance wind_speed",
        [
            (sample.ago(hours=hour), asset, 31, sample.chance.randrange(1000), 3)
            for asset in ids
            for hour in hours
        ],
    )
