"""Rows that the read API serves, written straight into the tables."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.merkle import leaf_hash, root
from gridtokenx_indexer.domain.windows import epoch_end, epoch_start
from gridtokenx_indexer.store.pool import Pool

PROGRAM = "GTXNYRnR1HZxtrji9UCeyw2KNRgpDdzpW2mT7ypLQtfw"
WALLET = "4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM"
ENERGY_ACCOUNT = "8opHzTAnfzRpPEx21XtnrVTX28YQuCpAjcn1PczScKh"
HASH = "CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8"
FIRST_BLOCK_TIME = datetime(2016, 5, 12, tzinfo=UTC)
EPOCH = EpochNumber(201605121200)
_ACCOUNT = bytes(Pubkey.from_string(WALLET))


async def insert(pool: Pool, table: str, **values: Any) -> None:
    """One row, its values by column."""
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await pool.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", *values.values())


async def write_cursor(pool: Pool, *, head: int, finalized: int) -> None:
    await insert(
        pool,
        "indexer.cursors",
        name="chain",
        genesis_hash=HASH,
        program_id=PROGRAM,
        anchor_slot=1,
        head_slot=head,
        head_blockhash=HASH,
        head_block_height=head,
        finalized_slot=finalized,
        finalized_blockhash=HASH,
        finalized_block_height=finalized,
        finalized_block_time=FIRST_BLOCK_TIME,
        lease_term=1,
    )


async def write_events(pool: Pool, count: int) -> None:
    """One transaction and one event in each slot from 1; odd slots are mints signed by WALLET."""
    for table in ("public.blockchain_events", "public.blockchain_transactions"):
        await pool.execute("SELECT indexer.ensure_partition($1, $2::bigint)", table, 1)
    for slot in range(1, count + 1):
        signer = WALLET if slot % 2 else PROGRAM
        common = {
            "slot": slot,
            "signature": f"{slot:088d}",
            "tx_index": 0,
            "block_time": FIRST_BLOCK_TIME.replace(minute=slot % 60),
        }
        await insert(
            pool,
            "public.blockchain_transactions",
            **common,
            fee_payer=signer,
            signers=[signer],
            program_ids=[PROGRAM],
            status="confirmed",
            fee_lamports=5000,
            log_truncated=False,
            recent_blockhash=HASH,
        )
        await insert(
            pool,
            "public.blockchain_events",
            **common,
            id=UUID(int=slot),
            event_type="EnergyMinted" if slot % 2 else "TradesSettled",
            data={"amount": "18446744073709551615", "window": 5},
            program_id=PROGRAM,
            instruction_path="0.1",
            event_ordinal=0,
            source="cpi",
        )


async def write_balance(pool: Pool, amount: int) -> None:
    await insert(
        pool,
        "blockchain.account_balances",
        account_id=ENERGY_ACCOUNT,
        owner=WALLET,
        mint=PROGRAM,
        total_balance=amount,
        available_balance=amount,
        slot=3,
    )


async def write_epoch(pool: Pool, trades: int) -> bytes:
    """A cleared epoch of one zone with that many trades under one root, which is returned."""
    await pool.execute("SELECT indexer.ensure_partition('indexer.trade_leaves', $1::bigint)", EPOCH)
    leaves = [_leaf(index) for index in range(trades)]
    await insert(
        pool,
        "public.market_epochs",
        epoch_number=EPOCH,
        start_time=epoch_start(EPOCH),
        end_time=epoch_end(EPOCH),
        status="cleared",
        clearing_price=Decimal("3.25"),
        total_volume=Decimal("1.5"),
        total_orders=9,
        matched_orders=4,
        trade_count=trades,
    )
    await _write_zone(pool, trades)
    await insert(
        pool,
        "public.market_epoch_parts",
        epoch_number=EPOCH,
        zone_id=0,
        part=0,
        first_index=0,
        trade_count=trades,
        price_units=3_250_000,
        root=root(leaves),
    )
    for index, leaf in enumerate(leaves):
        await _write_leaf(pool, index, leaf)
    return root(leaves)


async def _write_zone(pool: Pool, trades: int) -> None:
    await insert(
        pool,
        "public.market_epoch_zones",
        epoch_number=EPOCH,
        zone_id=0,
        clearing_price=Decimal("3.25"),
        volume=Decimal("1.5"),
        gross_volume=Decimal("1.5"),
        netted_volume=0,
        marginal_side="none",
        marginal_executed=0,
        marginal_total=0,
        orders_in=9,
        orders_filled=4,
        orders_partial=0,
        orders_netted=0,
        welfare=1,
        total_value=Decimal("4.875"),
        total_fees=Decimal("0.01"),
        total_payment=Decimal("4.885"),
        k_numerator=1,
        k_denominator=2,
        price_tick=Decimal("0.000001"),
        lot_kwh=Decimal("0.001"),
        price_floor=Decimal("0.001"),
        price_cap=Decimal(1000),
        rationing="time",
        market_fee_bps=25,
        book_hash=bytes(32),
        result_hash=bytes(32),
        trade_count=trades,
        part_count=1,
    )


async def _write_leaf(pool: Pool, index: int, leaf: bytes) -> None:
    ids = ("match_id", "settlement_id", "buy_order_id", "sell_order_id", "buyer_id", "seller_id")
    accounts = ("seller_energy", "buyer_energy", "buyer_payment", "seller_payment")
    await insert(
        pool,
        "indexer.trade_leaves",
        epoch_number=EPOCH,
        zone_id=0,
        trade_index=index,
        part=0,
        energy_base_units=energy_base_units(index),
        payment_base_units=3_000_000,
        fee_base_units=10_000,
        leaf=leaf,
        **{name: uuid4() for name in ids},
        **dict.fromkeys(accounts, WALLET),
    )


def energy_base_units(index: int) -> int:
    """Round, as real amounts often are."""
    return 10**9 * (index + 1)


def _leaf(index: int) -> bytes:
    return leaf_hash(
        epoch=EPOCH,
        zone=0,
        index=index,
        seller_energy=_ACCOUNT,
        buyer_energy=_ACCOUNT,
        buyer_payment=_ACCOUNT,
        seller_payment=_ACCOUNT,
        energy_base_units=energy_base_units(index),
        payment_base_units=3_000_000,
        fee_base_units=10_000,
    )
