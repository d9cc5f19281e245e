"""Every proof that the service can give about itself, in one list."""

from __future__ import annotations

from solders.pubkey import Pubkey

from gridtokenx_indexer.ops.checking import Check
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.pool import Pool


async def verify_everything(pool: Pool, rpc: RpcClient, program_id: Pubkey) -> list[Check]:
    return []
