"""Clearing on an operator's word."""

from __future__ import annotations

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.market.by_hand import clear_by_hand, preview
from gridtokenx_indexer.market.chain_terms import ChainTermsReader
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.ops.cli.chain_session import held_lease
from gridtokenx_indexer.ops.daemon.trading import CLEARER_LEASE
from gridtokenx_indexer.ops.settings.merge import Settings
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.pool import Pool


class ClearingSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What clearing a zone gives; amounts in 1e-6."""

    zone: int
    price_micro: int | None
    trades: int


async def preview_now(
    pool: Pool, rpc: RpcClient, program_id: Pubkey, settings: Settings, epoch: EpochNumber
) -> list[ClearingSummary]:
    terms = await ChainTermsReader(rpc, program_id).terms()
    results = await preview(pool, epoch, settings.struct("market", MarketConfig), terms)
    return [
        ClearingSummary(zone=result.zone, price_micro=result.price_micro, trades=len(result.trades))
        for result in results
    ]


async def clear_now(
    pool: Pool, rpc: RpcClient, program_id: Pubkey, settings: Settings, epoch: EpochNumber
) -> bool:
    """False when the epoch was cleared already."""
    terms = await ChainTermsReader(rpc, program_id).terms()
    config = settings.struct("market", MarketConfig)
    async with held_lease(pool, CLEARER_LEASE) as lease:
        return await clear_by_hand(pool, epoch, lease, config, terms) is not None
