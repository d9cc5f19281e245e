"""Meters, readings, what was minted for them, and certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.domain.units import kwh_to_base_units
from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, window_of
from gridtokenx_indexer.store.sample.context import Chunk, Sample, chunk

MINTS_PER_TRANSACTION = 10
Mint = tuple[int, str, bytes, int, int, datetime]
"""(slot, signature, meter key, window, base units, moment)."""
PROGRAM = "GTXNYRnR1HZxtrji9UCeyw2KNRgpDdzpW2mT7ypLQtfw"


def energy(sample: Sample) -> Iterator[Chunk]:
    count = sample.scale.meters
    serials = [f"SN-{n:06}" for n in range(count)]
    sample.meters = [
        (sample.uuid(), meter_key(serial), n % len(sample.users)) for n, serial in enumerate(serials)
    ]
    yield chunk(
        "public.meter_registry",
        "id user_id meter_serial zone_id verification_status verified_by verified_at meter_type",
        [
            (
                meter,
                sample.users[owner],
                serial,
                0,
                "verified",
                sample.users[0],
                sample.ago(days=300),
                "smart",
            )
            for (meter, _, owner), serial in zip(sample.meters, serials, strict=True)
        ],
    )
    yield from readings(sample)
    yield from certificates(sample)


def readings(sample: Sample) -> Iterator[Chunk]:
    """Each reading of its own window: minted where there was a surplus."""
    rows: list[tuple[Any, ...]] = []
    queue: list[tuple[Any, ...]] = []
    mints: list[Mint] = []
    per_meter = sample.scale.readings // len(sample.meters)
    for meter, key, owner in sample.meters:
        for n in range(per_meter):
            moment = sample.now - WINDOW_LENGTH * (n + 1)
            made = Decimal(sample.chance.randrange(2_000_000)) / 10**6
            used = Decimal(sample.chance.randrange(1_000_000)) / 10**6
            window, surplus, reading = window_of(moment), made - used, sample.uuid()
            base_units = kwh_to_base_units(max(surplus, Decimal(0)))
            signature = None
            if base_units:
                if len(mints) % MINTS_PER_TRANSACTION == 0:
                    sample.slot += 1
                    landed = sample.signature()
                signature = landed
                mints.append((sample.slot, signature, key, window, base_units, moment))
                sample.energy[owner] += base_units
            status = "minted" if base_units else "no_surplus"
            rows.append(
                (
                    reading,
                    meter,
                    sample.users[owner],
                    sample.wallets[owner],
                    moment,
                    made,
                    used,
                    bool(base_units),
                    status,
                    window,
                    signature,
                )
            )
            done = moment + timedelta(minutes=20)
            queue.append(
                (
                    window,
                    key,
                    meter,
                    sample.wallets[owner],
                    sample.wallets[owner],
                    reading,
                    moment,
                    base_units,
                    base_units,
                    "done" if base_units else "no_surplus",
                    signature,
                    sample.slot if base_units else None,
                    done,
                    done,
                )
            )
    yield chunk(
        "public.meter_readings",
        "id meter_id user_id wallet_address timestamp energy_generated energy_consumed minted"
        " blockchain_status"
        " mint_window mint_signature",
        rows,
    )
    yield chunk(
        "public.minting_retry_queue",
        "mint_window meter_key meter_id wallet_address destination reading_id reading_timestamp"
        " amount_base_units"
        " accounted_base_units status signature minted_slot frozen_at done_at",
        queue,
    )
    yield from mint_transactions(sample, mints)


def mint_transactions(sample: Sample, mints: list[Mint]) -> Iterator[Chunk]:
    """The transactions and events behind the minted readings, and the balances they led to."""
    landed = {slot: (signature, moment) for slot, signature, *_, moment in mints}
    minter = sample.address()
    yield chunk(
        "public.blockchain_transactions",
        "slot signature tx_index fee_payer signers program_ids status fee_lamports log_truncated"
        " recent_blockhash"
        " block_time",
        [
            (
                slot,
                signature,
                0,
                minter,
                [minter],
                [PROGRAM],
                "confirmed",
                5000,
                False,
                sample.address(),
                moment,
            )
            for slot, (signature, moment) in landed.items()
        ],
    )
    rows, ordinal, last = [], 0, 0
    for slot, signature, key, window, amount, moment in mints:
        ordinal = ordinal + 1 if slot == last else 0
        last = slot
        data = {"meter_id": key.hex(), "window": window, "amount": str(amount), "destination": minter}
        rows.append(
            (sample.uuid(), slot, "EnergyMinted", signature, data, PROGRAM, 0, "0", ordinal, "cpi", moment)
        )
    yield chunk(
        "public.blockchain_events",
        "id slot event_type signature data program_id tx_index instruction_path event_ordinal source"
        " block_time",
        rows,
    )
    mint = sample.address()
    yield chunk(
        "blockchain.account_balances",
        "account_id total_balance available_balance nonce energy_balances mint owner slot",
        [
            (sample.address(), amount, amount, 1, {mint: str(amount)}, mint, wallet, sample.slot)
            for amount, wallet in zip(sample.energy, sample.wallets, strict=True)
        ],
    )
    yield chunk(
        "monitoring.transaction_metrics",
        "block_number transaction_count total_gas_used total_fees recorded_at",
        [(slot, 1, 200_000, Decimal("0.000005"), moment) for slot, (_, moment) in landed.items()],
    )


def certificates(sample: Sample) -> Iterator[Chunk]:
    rows, transfers, claims = [], [], []
    for n, (meter, _, owner) in enumerate(sample.meters):
        certificate, holder = sample.uuid(), sample.users[owner]
        status = sample.pick("active", "transferred", "retired")
        start = sample.ago(days=60).replace(hour=0, minute=0)
        rows.append(
            (
                certificate,
                sample.users[0] if status == "transferred" else holder,
                f"ERC-{n:06}",
                5,
                "solar",
                status,
                start + timedelta(days=1),
            )
        )
        claims.append(
            (
                meter,
                f"[{start:%Y-%m-%d %H:%M}+00,{start + timedelta(days=1):%Y-%m-%d %H:%M}+00)",
                5,
                certificate,
            )
        )
        if status == "transferred" and holder != sample.users[0]:
            transfers.append((certificate, holder, sample.users[0], sample.ago(days=20), sample.signature()))
    yield chunk(
        "public.erc_certificates",
        "id user_id certificate_id energy_amount energy_source status issue_date",
        rows,
    )
    yield chunk(
        "public.erc_certificate_transfers",
        "certificate_id from_user_id to_user_id transfer_date transaction_hash",
        transfers,
    )
    yield chunk("public.generation_claims", "meter_id period energy_amount certificate_id", claims)
