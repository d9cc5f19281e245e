"""Reading open settlements from a node."""

from __future__ import annotations

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Address, EpochNumber, ZoneId
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.tx.gridtokenx import accounts, pda


class SettlementAccounts:
    """The program's settlement accounts at `finalized`."""

    def __init__(self, rpc: RpcClient, program_id: Pubkey) -> None:
        self._rpc = rpc
        self._program_id = program_id

    async def settlement(self, epoch: EpochNumber, zone: ZoneId, part: int) -> accounts.Settlement | None:
        """None when it was never opened or is closed; raises `RetryableError` when no node answers."""
        address = pda.settlement(self._program_id, epoch, zone, part)[0]
        found = await self._rpc.get_account(Address(str(address)), Commitment.FINALIZED)
        if found.account is None or found.account.owner != str(self._program_id):
            return None
        return accounts.settlement(found.account.data)
