"""From the trades of a result to the leaves and parts that go on chain. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple
from uuid import UUID

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.domain.merkle import MAX_PART_TRADES, leaf_hash, root
from gridtokenx_indexer.domain.units import BASE_UNITS_PER_KWH, MICRO_PER_UNIT
from gridtokenx_indexer.market.chain_terms import ChainTerms
from gridtokenx_indexer.market.clearing.result import ClearingResult, Trade

BASE_UNITS_PER_MICRO_KWH = BASE_UNITS_PER_KWH // MICRO_PER_UNIT


class TradeLeaf(NamedTuple):
    """One trade as it is published: every field that its Merkle leaf covers, and the leaf."""

    trade_index: int
    part: int
    seller_energy: Pubkey
    buyer_energy: Pubkey
    buyer_payment: Pubkey
    seller_payment: Pubkey
    energy_base_units: int
    payment_base_units: int
    fee_base_units: int
    leaf: bytes


class ResultPart(NamedTuple):
    part: int
    first_index: int
    trade_count: int
    root: bytes


def leaves_of(result: ClearingResult, wallets: Mapping[UUID, Pubkey], terms: ChainTerms) -> list[TradeLeaf]:
    """The leaves in trade order; `wallets` holds the wallet of every user of the book."""

    @cache
    def accounts(user_id: UUID) -> tuple[Pubkey, Pubkey]:
        wallet = wallets[user_id]
        return terms.energy_account(wallet), terms.payment_account(wallet)

    return [
        _leaf(
            EpochNumber(result.epoch),
            ZoneId(result.zone),
            index,
            trade,
            accounts(trade.seller_id),
            accounts(trade.buyer_id),
        )
        for index, trade in enumerate(result.trades)
    ]


def _leaf(
    epoch: EpochNumber,
    zone: ZoneId,
    index: int,
    trade: Trade,
    seller: tuple[Pubkey, Pubkey],
    buyer: tuple[Pubkey, Pubkey],
) -> TradeLeaf:
    energy = trade.energy_micro_kwh * BASE_UNITS_PER_MICRO_KWH
    hashed = leaf_hash(
        epoch=epoch,
        zone=zone,
        index=index,
        seller_energy=bytes(seller[0]),
        buyer_energy=bytes(buyer[0]),
        buyer_payment=bytes(buyer[1]),
        seller_payment=bytes(seller[1]),
        energy_base_units=energy,
        payment_base_units=trade.payment,
        fee_base_units=trade.fee,
    )
    return TradeLeaf(
        trade_index=index,
        part=index // MAX_PART_TRADES,
        seller_energy=seller[0],
        buyer_energy=buyer[0],
        buyer_payment=buyer[1],
        seller_payment=seller[1],
        energy_base_units=energy,
        payment_base_units=trade.payment,
        fee_base_units=trade.fee,
        leaf=hashed,
    )


def parts_of(leaves: Sequence[bytes]) -> list[ResultPart]:
    """Cuts the leaf hashes of a result, in trade order, into parts with a root each."""
    return [
        ResultPart(
            part=first // MAX_PART_TRADES,
            first_index=first,
            trade_count=len(leaves[first : first + MAX_PART_TRADES]),
            root=root(leaves[first : first + MAX_PART_TRADES]),
        )
        for first in range(0, len(leaves), MAX_PART_TRADES)
    ]
