"""Epochs, orders, and the trades that came of them, down to the leaves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from hashlib import sha256
from typing import Any

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.merkle import MerkleTree, leaf_hash
from gridtokenx_indexer.domain.windows import WINDOW_LENGTH, epoch_of
from gridtokenx_indexer.store.sample.context import Chunk, Sample, chunk

_MICRO = Decimal("0.000001")
_FEE_BPS = 25
_ORDERS = "id user_id order_type energy_amount price_per_kwh"
_LEAVES = (
    "epoch_number zone_id trade_index part match_id settlement_id buy_order_id sell_order_id buyer_id"
    " seller_id"
    " seller_energy buyer_energy buyer_payment seller_payment energy_base_units payment_base_units"
    " fee_base_units leaf"
    " state signature settled_slot"
)


def market(sample: Sample) -> Iterator[Chunk]:
    """Of the orders of an epoch, a quarter of the pairs find nobody and stay open."""
    pairs = sample.scale.orders // (2 * sample.scale.epochs)
    epochs, zones, parts = [], [], []
    orders, settlements, matches, leaves, trades = [], [], [], [], []
    for n in range(sample.scale.epochs):
        start = sample.now - WINDOW_LENGTH * (sample.scale.epochs - n)
        number, identity = epoch_of(start), sample.uuid()
        price = Decimal(sample.chance.randrange(2_000_000, 4_000_000)) / 10**6
        volume = value = fees = Decimal(0)
        digests: list[bytes] = []
        for k in range(pairs):
            buyer, seller = sample.chance.sample(range(len(sample.users)), 2)
            amount = Decimal(sample.chance.randrange(1, 5_000)) / 1000
            bid, ask = sample.uuid(), sample.uuid()
            matched = k % 4 != 0
            gap = Decimal(sample.chance.randrange(1, 900_000)) / 10**6
            spread = gap if matched else -gap
            orders.append((bid, sample.users[buyer], "buy", amount, price + spread))
            orders.append((ask, sample.users[seller], "sell", amount, price - spread))
            if not matched:
                continue
            net = (amount * price).quantize(_MICRO, ROUND_FLOOR)
            fee = (net * _FEE_BPS / 10_000).quantize(_MICRO, ROUND_FLOOR)
            trade = _trade(sample, number, len(digests), (buyer, seller), amount, net, fee)
            digests.append(trade["leaf"])
            volume, value, fees = volume + amount, value + net, fees + fee
            settlements.append(
                (
                    trade["settlement"],
                    identity,
                    sample.users[buyer],
                    sample.users[seller],
                    amount,
                    price,
                    net + fee,
                    fee,
                    net,
                    "completed",
                    trade["index"],
                    trade["signature"],
                    sample.now,
                )
            )
            matches.append(
                (
                    trade["match"],
                    identity,
                    bid,
                    ask,
                    amount,
                    price,
                    start + WINDOW_LENGTH,
                    "pending",
                    trade["settlement"],
                    trade["index"],
                )
            )
            leaves.append(
                (
                    number,
                    0,
                    trade["index"],
                    0,
                    trade["match"],
                    trade["settlement"],
                    bid,
                    ask,
                    sample.users[buyer],
                    sample.users[seller],
                    *trade["accounts"],
                    *trade["amounts"],
                    trade["leaf"],
                    "settled",
                    trade["signature"],
                    trade["slot"],
                )
            )
            trades.append(
                (
                    trade["match"],
                    bid,
                    ask,
                    sample.users[buyer],
                    sample.users[seller],
                    amount,
                    price,
                    net,
                    sample.now,
                    "settled",
                    number,
                    trade["index"],
                    trade["signature"],
                )
            )
        epochs.append(
            (
                identity,
                number,
                start,
                start + WINDOW_LENGTH,
                "settled",
                price,
                volume,
                2 * pairs,
                2 * len(digests),
                len(digests),
            )
        )
        book = sha256(f"book {number}".encode()).digest()
        zones.append(
            (
                number,
                0,
                "settled",
                price,
                volume,
                volume,
                0,
                "none",
                0,
                0,
                2 * pairs,
                2 * len(digests),
                0,
                0,
                0,
                value,
                fees,
                value + fees,
                1,
                2,
                _MICRO,
                Decimal("0.001"),
                Decimal("0.001"),
                1000,
                "time",
                _FEE_BPS,
                book,
                book,
                len(digests),
                1,
            )
        )
        parts.append((number, 0, 0, "closed", 0, len(digests), int(price * 10**6), MerkleTree(digests).root))
    yield chunk(
        "public.market_epochs",
        "id epoch_number start_time end_time status clearing_price total_volume total_orders"
        " matched_orders trade_count",
        epochs,
    )
    yield chunk(
        "public.market_epoch_zones",
        "epoch_number zone_id status clearing_price volume gross_volume netted_volume marginal_side"
        " marginal_executed"
        " marginal_total orders_in orders_filled orders_partial orders_netted welfare total_value total_fees"
        " total_payment k_numerator k_denominator price_tick lot_kwh price_floor price_cap rationing"
        " market_fee_bps"
        " book_hash result_hash trade_count part_count",
        zones,
    )
    yield chunk(
        "public.market_epoch_parts",
        "epoch_number zone_id part status first_index trade_count price_units root",
        parts,
    )
    yield chunk("public.trading_orders", _ORDERS, orders)
    yield chunk(
        "public.settlements",
        "id epoch_id buyer_id seller_id energy_amount price_per_kwh total_amount fee_amount net_amount status"
        " trade_index transaction_hash processed_at",
        settlements,
    )
    yield chunk(
        "public.order_matches",
        "id epoch_id buy_order_id sell_order_id matched_amount match_price match_time status"
        " settlement_id trade_index",
        matches,
    )
    yield chunk("indexer.trade_leaves", _LEAVES, leaves)
    yield chunk(
        "trading.trades",
        "id buy_order_id sell_order_id buyer_id seller_id energy_amount price_per_unit total_value"
        " executed_at"
        " settlement_status epoch_number trade_index signature",
        trades,
    )


def _trade(
    sample: Sample,
    epoch: int,
    index: int,
    parties: tuple[int, int],
    amount: Decimal,
    net: Decimal,
    fee: Decimal,
) -> dict[str, Any]:
    if index % 8 == 0:
        sample.slot += 1
    accounts = [Pubkey(sample.chance.randbytes(32)) for _ in range(4)]
    amounts = (int(amount * 10**9), int((net + fee) * 10**6), int(fee * 10**6))
    leaf = leaf_hash(
        epoch=epoch,
        zone=0,
        index=index,
        seller_energy=bytes(accounts[0]),
        buyer_energy=bytes(accounts[1]),
        buyer_payment=bytes(accounts[2]),
        seller_payment=bytes(accounts[3]),
        energy_base_units=amounts[0],
        payment_base_units=amounts[1],
        fee_base_units=amounts[2],
    )
    return {
        "index": index,
        "match": sample.uuid(),
        "settlement": sample.uuid(),
        "signature": sample.signature(),
        "slot": sample.slot,
        "accounts": tuple(str(account) for account in accounts),
        "amounts": amounts,
        "leaf": leaf,
    }
