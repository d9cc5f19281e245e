"""Every proof that the service can give about itself, in one list."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Address, EpochNumber, Slot
from gridtokenx_indexer.market.chain_terms import ChainTermsReader
from gridtokenx_indexer.market.check import EpochCheck, check_epoch
from gridtokenx_indexer.market.settlement_accounts import SettlementAccounts
from gridtokenx_indexer.ops.checking import Check
from gridtokenx_indexer.project.verify import verify
from gridtokenx_indexer.project.verify_check import VerifyConfig
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.queries import load


class SlotBounds(msgspec.Struct, frozen=True, kw_only=True):
    """None: the whole indexed range."""

    first: Slot | None = None
    last: Slot | None = None


async def verify_everything(
    pool: Pool, rpc: RpcClient, program_id: Pubkey, bounds: SlotBounds | None = None
) -> list[Check]:
    """Continuity and books, then every cleared epoch computed again from its stored book."""
    terms = await ChainTermsReader(rpc, program_id).terms()
    limits = bounds or SlotBounds()
    found = await verify(
        pool,
        rpc,
        VerifyConfig(
            program=Address(str(program_id)),
            energy_mint=Address(str(terms.energy_mint)),
        ),
        from_slot=limits.first,
        to_slot=limits.last,
    )
    checks = [
        Check(check=one.check, ok=one.ok, detail=one.detail, differences=one.differences) for one in found
    ]
    return [*checks, await _all_epochs(pool, SettlementAccounts(rpc, program_id))]


async def _all_epochs(pool: Pool, chain: SettlementAccounts) -> Check:
    epochs = [EpochNumber(row["epoch_number"]) for row in await pool.fetch(load("ops")["cleared_epochs"])]
    differences: list[str] = []
    statements = 0
    for epoch in epochs:
        checks = await check_epoch(pool, epoch, chain)
        statements += len(checks)
        differences += _failed(epoch, checks)
    return Check(
        check="every cleared epoch computes again to its published result",
        ok=not differences,
        detail=f"{len(epochs)} epochs, {statements} comparisons, {len(differences)} differences",
        differences=tuple(differences),
    )


def _failed(epoch: EpochNumber, checks: Sequence[EpochCheck]) -> list[str]:
    return [f"epoch {epoch}, {one.check}: {one.detail}" for one in checks if not one.ok]
