"""What each step of the gateway document's flows leaves in the database, and what deletions do."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.store.pool import Pool

WALLET = "So11111111111111111111111111111111111111112"


async def register(pool: Pool, email: str) -> UUID:
    identity: UUID = await pool.fetchval("INSERT INTO users (email) VALUES ($1) RETURNING id", email)
    return identity


async def register_meter(pool: Pool, user: UUID, serial: str) -> UUID:
    identity: UUID = await pool.fetchval(
        "INSERT INTO meter_registry (user_id, meter_serial) VALUES ($1, $2) RETURNING id", user, serial
    )
    return identity


@pytest.mark.requirement("S0-F01", "S0-F02", "S0-F03", "S0-F04", "S0-F05", "S0-F06")
async def test_core_user_flow(pool: Pool) -> None:
    admin = await register(pool, "admin@example.org")
    await pool.execute("UPDATE users SET role = 'admin' WHERE id = $1", admin)
    user = await register(pool, "ann@example.org")
    new = await pool.fetchrow(
        "SELECT email_verified, wallet_address, kyc_status, is_active, status FROM users WHERE id = $1", user
    )
    assert tuple(new or ()) == (False, None, "pending", True, "ACTIVE")
    await pool.execute("UPDATE users SET email_verified = true WHERE id = $1", user)
    await pool.execute("UPDATE users SET wallet_address = $2 WHERE id = $1", user, WALLET)
    known = await pool.fetchrow("SELECT email_verified, wallet_address FROM users WHERE id = $1", user)
    assert tuple(known or ()) == (True, WALLET)
    meter = await register_meter(pool, user, "SN-1")
    row = await pool.fetchrow("SELECT verification_status, meter_key, zone_id FROM meter_registry")
    assert tuple(row or ()) == ("pending", meter_key("SN-1"), 0)
    await pool.execute(
        "UPDATE meter_registry SET verification_status = 'verified', verified_by = $2, verified_at = now()"
        " WHERE id = $1",
        meter,
        admin,
    )
    checked = await pool.fetchrow(
        "SELECT m.verification_status, u.role FROM meter_registry AS m"
        " JOIN users AS u ON u.id = m.verified_by"
    )
    assert tuple(checked or ()) == ("verified", "admin")
    await pool.execute("SELECT indexer.ensure_partition('public.meter_readings', now())")
    await pool.execute(
        "INSERT INTO meter_readings (meter_id, user_id, wallet_address, timestamp, energy_generated)"
        " VALUES ($1, $2, $3, now(), 0.5)",
        meter,
        user,
        WALLET,
    )
    reading = await pool.fetchrow(
        "SELECT minted, blockchain_status FROM meter_readings WHERE meter_id = $1", meter
    )
    assert tuple(reading or ()) == (False, "pending")


@pytest.mark.requirement("S0-F13", "S0-F14", "S0-F15")
async def test_certificate_flow(pool: Pool) -> None:
    first = await register(pool, "first@example.org")
    second = await register(pool, "second@example.org")
    certificate = await pool.fetchval(
        "INSERT INTO erc_certificates (user_id, certificate_id, energy_amount) VALUES ($1, 'ERC-1', 1.5)"
        " RETURNING id",
        first,
    )
    await pool.execute(
        "INSERT INTO erc_certificate_transfers (certificate_id, from_user_id, to_user_id)"
        " VALUES ($1, $2, $3)",
        certificate,
        first,
        second,
    )
    await pool.execute("UPDATE erc_certificates SET user_id = $1, status = 'transferred'", second)
    await pool.execute("UPDATE erc_certificates SET status = 'retired', ended_at = now()")
    with pytest.raises(asyncpg.RestrictViolationError, match="ERC-1 is retired and cannot become active"):
        await pool.execute("UPDATE erc_certificates SET status = 'active'")
    await pool.execute("DELETE FROM users")
    left = await pool.fetchrow(
        "SELECT c.status, c.user_id, t.from_user_id, t.to_user_id FROM erc_certificates AS c"
        " JOIN erc_certificate_transfers AS t ON t.certificate_id = c.id"
    )
    assert tuple(left or ()) == ("retired", None, None, None)


@pytest.mark.requirement("S0-K01", "S0-K02", "S0-K03", "S0-K04", "S0-K05")
async def test_what_a_deleted_user_takes_along(pool: Pool) -> None:
    user, other = [await register(pool, f"{name}@example.org") for name in ("ann", "bob")]
    meter = await register_meter(pool, user, "SN-1")
    await pool.execute("SELECT indexer.ensure_partition('public.meter_readings', now())")
    await pool.execute(
        "INSERT INTO meter_readings (meter_id, user_id, timestamp, energy_generated)"
        " VALUES ($1, $2, now(), 0.5)",
        meter,
        user,
    )
    for owner in (user, other):
        await pool.execute(
            "INSERT INTO trading_orders (user_id, order_type, energy_amount, price_per_kwh)"
            " VALUES ($1, 'sell', 1, 0.2)",
            owner,
        )
    epoch = await pool.fetchval(
        "INSERT INTO market_epochs (epoch_number, start_time, end_time)"
        " VALUES (202601010000, '2026-01-01 00:00+00', '2026-01-01 00:15+00') RETURNING id"
    )
    for index, (buyer, seller) in enumerate([(user, other), (other, user)]):
        await pool.execute(
            "INSERT INTO settlements (epoch_id, buyer_id, seller_id, energy_amount, price_per_kwh,"
            " total_amount, net_amount, status, trade_index, transaction_hash, processed_at)"
            " VALUES ($1, $2, $3, 1, 0.2, 0.2, 0.2, 'completed', $4, 'signature', now())",
            epoch,
            buyer,
            seller,
            index,
        )
    await pool.execute("DELETE FROM users WHERE id = $1", user)
    left = [
        await pool.fetchval(f"SELECT count(*) FROM {table}")
        for table in ("users", "meter_registry", "trading_orders", "settlements")
    ]
    assert left == [1, 0, 1, 0]
    reading = await pool.fetchrow("SELECT energy_generated, user_id, meter_id FROM meter_readings")
    assert tuple(reading or ()) == (Decimal("0.5"), None, None)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("INSERT INTO users (email, role) VALUES ('x', 'owner')", "users_role_check"),
        (
            "INSERT INTO users (email, wallet_address) VALUES ('x', '0x" + "0" * 40 + "')",
            "users_wallet_address",
        ),
        ("INSERT INTO users (email, user_type) VALUES ('x', 'miner')", "users_user_type_check"),
        ("INSERT INTO users (email) VALUES ('ann@example.org')", "idx_users_email"),
        ("INSERT INTO erc_certificates (certificate_id, energy_amount) VALUES ('c', 'NaN')", "energy_amount"),
        ("INSERT INTO erc_certificates (certificate_id, energy_amount) VALUES ('c', 0)", "energy_amount"),
        ("UPDATE meter_registry SET verification_status = 'lost'", "verification_status"),
        ("UPDATE meter_registry SET meter_serial = 'other'", "cannot change"),
        ("UPDATE meter_registry SET meter_key = '\\x00'", "meter_key"),
        ("UPDATE meter_registry SET zone_id = -1", "zone_id"),
    ],
)
async def test_rows_that_break_a_rule_are_refused(pool: Pool, statement: str, refusal: str) -> None:
    user = await register(pool, "ann@example.org")
    await register_meter(pool, user, "SN-1")
    with pytest.raises(asyncpg.PostgresError, match=refusal):
        await pool.execute(statement)


@pytest.mark.parametrize("change", ["is_active = false", "status = 'SUSPENDED'"])
async def test_both_words_for_an_active_user_move_together(pool: Pool, change: str) -> None:
    user = await register(pool, "ann@example.org")
    await pool.execute(f"UPDATE users SET {change} WHERE id = $1", user)
    row = await pool.fetchrow("SELECT is_active, status FROM users")
    assert tuple(row or ()) == (False, "SUSPENDED")


@pytest.mark.requirement("S1-P04")
async def test_audit_rows_are_only_ever_added(pool: Pool) -> None:
    partition = await pool.fetchval("SELECT indexer.ensure_partition('audit_logs', now())")
    await pool.execute("INSERT INTO audit_logs (action) VALUES ('login')")
    for statement in (
        "UPDATE audit_logs SET action = 'x'",
        "DELETE FROM audit_logs",
        "TRUNCATE audit_logs",
        f"UPDATE {partition} SET action = 'x'",
        f"DELETE FROM {partition}",
        f"TRUNCATE {partition}",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="only ever added"):
            await pool.execute(statement)
    assert await pool.fetchval("SELECT count(*) FROM audit_logs") == 1
