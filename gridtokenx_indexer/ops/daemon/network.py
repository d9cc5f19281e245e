"""The node, the database and the settings must speak of the same chain and program."""

from __future__ import annotations

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.ops.daemon.status import SQL
from gridtokenx_indexer.source.rpc import RpcClient
from gridtokenx_indexer.store.pool import Pool


async def require_same_chain(pool: Pool, rpc: RpcClient, program_id: Pubkey) -> None:
    """Raises `StopError` when the database belongs to another network or program."""
    row = await pool.fetchrow(SQL["status_chain"])
    if row is None:
        return
    if row["program_id"] != str(program_id):
        raise StopError(
            f"this database indexes program {row['program_id']}, the settings name {program_id}",
            remedy="set [program] id back, or use another database",
        )
    genesis_hash = await rpc.get_genesis_hash()
    if genesis_hash != row["genesis_hash"]:
        raise StopError(
            f"the node serves the network {genesis_hash}, this database indexes {row['genesis_hash']}",
            remedy="set SOLANA_RPC_URL to the right network, or use another database",
        )
