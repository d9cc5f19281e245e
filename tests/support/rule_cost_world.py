"""A market big enough to measure what rules cost: orders to match in a chain, meters to read."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from uuid import UUID

from tests.support.postgres import query

MATCHES = 200_000
READINGS = 100_000
METERS = 1_000
USERS = 1_000
EPOCH_ID = "00000000-0000-0000-0004-000000000001"
MATCH_COLUMNS = (
    "id, epoch_id, buy_order_id, sell_order_id, matched_amount, match_price, match_time, status, zone_id,"
    " trade_index"
)
SETTLEMENTS = 65_536
"""Trades of one full part."""
SETTLEMENT_COLUMNS = (
    "id, epoch_id, buyer_id, seller_id, energy_amount, price_per_kwh, total_amount, fee_amount, net_amount,"
    " trade_index"
)
READING_COLUMNS = (
    'meter_id, meter_key, user_id, wallet_address, "timestamp", energy_generated, energy_consumed'
)
START = datetime(2026, 1, 1, tzinfo=UTC)

Row = tuple[str, ...]

_WORLD = f"""
SELECT indexer.ensure_partition('public.meter_readings', timestamptz '2026-01-01 00:00+00');
SELECT indexer.ensure_partition('public.audit_logs', now());
INSERT INTO users (id, email, wallet_address)
SELECT format('00000000-0000-0000-0000-%s', lpad(n::text, 12, '0'))::uuid, format('user%s@example.org', n),
       lpad(translate(n::text, '0', 'A'), 44, 'Z')
  FROM generate_series(0, {USERS - 1}) AS n;
INSERT INTO meter_registry (id, user_id, meter_serial)
SELECT format('00000000-0000-0000-0001-%s', lpad(n::text, 12, '0'))::uuid,
       format('00000000-0000-0000-0000-%s', lpad(n::text, 12, '0'))::uuid, format('SN-%s', n)
  FROM generate_series(0, {METERS - 1}) AS n;
INSERT INTO market_epochs (id, epoch_number, start_time, end_time) VALUES
    ('{EPOCH_ID}', 202601010000, '2026-01-01 00:00+00', '2026-01-01 00:15+00');
"""
_ORDERS = f"""
INSERT INTO trading_orders (id, user_id, order_type, energy_amount, price_per_kwh)
SELECT md5('%(side)s' || n)::uuid,
       format('00000000-0000-0000-0000-%%s', lpad((n %% {USERS})::text, 12, '0'))::uuid, '%(side)s', 2, 3
  FROM generate_series(0, %(last)s) AS n
"""

FILL_BY_WRITER = (
    """
    SELECT FROM trading_orders AS o
     WHERE o.id IN (SELECT buy_order_id FROM order_matches WHERE epoch_id = %(epoch_id)s
                    UNION ALL SELECT sell_order_id FROM order_matches WHERE epoch_id = %(epoch_id)s)
     ORDER BY o.id FOR NO KEY UPDATE
    """,
    """
    UPDATE trading_orders AS o
       SET filled_amount = o.filled_amount + f.amount,
           status = CASE WHEN o.filled_amount + f.amount = o.energy_amount
                         THEN 'filled' ELSE 'partially_filled' END,
           epoch_id = coalesce(o.epoch_id, %(epoch_id)s),
           closed_epoch_id = CASE WHEN o.filled_amount + f.amount = o.energy_amount
                                  THEN %(epoch_id)s::uuid END,
           updated_at = now()
      FROM (SELECT order_id, sum(matched_amount) AS amount
              FROM (SELECT buy_order_id AS order_id, matched_amount FROM order_matches
                     WHERE epoch_id = %(epoch_id)s
                    UNION ALL
                    SELECT sell_order_id, matched_amount FROM order_matches
                     WHERE epoch_id = %(epoch_id)s) AS sides
             GROUP BY order_id) AS f
     WHERE o.id = f.order_id
    """,
)
"""What the trigger of order_matches does, for a writer who has no such trigger."""


def build_world(url: str) -> None:
    """Users, meters, and orders of 2 kWh; match n takes 1 kWh from one of each side."""
    query(url, _WORLD)
    for side, last in (("buy", MATCHES // 2 - 1), ("sell", MATCHES // 2)):
        query(url, _ORDERS % {"side": side, "last": last})
    query(url, "VACUUM ANALYZE")


def match_rows() -> list[Row]:
    """Each match takes 1 kWh and shares an order with the one before and the one after, as pairing does."""
    buys, sells = _order_ids("buy"), _order_ids("sell")
    return [
        (
            str(UUID(int=(n << 64) | 0x8000)),
            EPOCH_ID,
            buys[n // 2],
            sells[(n + 1) // 2],
            "1",
            "3",
            "2026-01-01 00:15:00+00",
            "pending",
            "0",
            str(n),
        )
        for n in range(MATCHES)
    ]


def settlement_rows() -> list[Row]:
    """As a clearing writes them: one per match, from neighbour to neighbour."""
    return [
        (
            str(UUID(int=(n << 64) | 0x8001)),
            EPOCH_ID,
            f"00000000-0000-0000-0000-{n % USERS:012}",
            f"00000000-0000-0000-0000-{(n + 1) % USERS:012}",
            "1",
            "3",
            "3.0075",
            "0.0075",
            "3",
            str(n),
        )
        for n in range(SETTLEMENTS)
    ]


def reading_rows() -> list[Row]:
    """100 quarter hours of 1,000 meters, in the order of time; with their keys, as our importer does it."""
    draw = random.Random(7)
    return [
        (
            f"00000000-0000-0000-0001-{meter:012}",
            "\\\\x" + sha256(f"gridtokenx:meter:SN-{meter}".encode()).hexdigest()[:32],
            f"00000000-0000-0000-0000-{meter:012}",
            str(meter).replace("0", "A").rjust(44, "Z"),
            (START + timedelta(minutes=15 * interval)).isoformat(),
            f"0.{draw.randrange(10**6):06}",
            f"0.{draw.randrange(10**6):06}",
        )
        for interval in range(READINGS // METERS)
        for meter in range(METERS)
    ]


def _order_ids(side: str) -> list[str]:
    return [
        str(UUID(md5(f"{side}{n}".encode(), usedforsecurity=False).hexdigest()))
        for n in range(MATCHES // 2 + 1)
    ]
