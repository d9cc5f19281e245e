"""`blockchain.account_balances` from balance changes."""

from __future__ import annotations

from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.store.pool import Connection
from gridtokenx_indexer.store.queries import load


class AccountBalances:
    """The last balance of every token account and watched wallet, guarded by its position on chain."""

    name = "account_balances"

    def __init__(self, energy_mint: Address | None) -> None:
        """`energy_mint` is the mint whose accounts show `energy_balances`."""
        self._energy_mint = energy_mint

    async def apply(self, connection: Connection, first: Slot, last: Slot) -> None:
        await connection.execute(load("project")["apply_balances"], first, last, self._energy_mint)

    async def roll_back(self, connection: Connection, ancestor: Slot) -> None:
        await connection.execute(load("project")["roll_back_balances"], ancestor, self._energy_mint)

    async def clear(self, connection: Connection) -> None:
        await connection.execute(load("project")["clear_balances"])
