"""Which finalized tables hold which addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.pubkey import Pubkey

from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection, Pool

_SQL = load("lookup_tables")


class LookupTables:
    """Asks for addresses and finds the tables that hold them. Only finalized entries are ever returned."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._contents: dict[str, AddressLookupTableAccount] = {}

    async def request(self, conn: Connection, purpose: str, addresses: Iterable[Pubkey]) -> None:
        """Has the keeper of `purpose` put them into a table; addresses already asked for cost nothing.

        Addresses asked for one after the other end up beside each other, so ask for those that are used
        together in one call.
        """
        unique = list(dict.fromkeys(str(address) for address in addresses))
        await conn.execute(_SQL["request_addresses"], purpose, unique)

    async def homes(self, purposes: Sequence[str], addresses: Iterable[Pubkey]) -> dict[Pubkey, str]:
        """The table of each address that has a finalized place under one of `purposes`."""
        wanted = [str(address) for address in addresses]
        rows = await self._pool.fetch(_SQL["places"], list(purposes), wanted)
        last: dict[str, int] = {}
        for row in rows:
            last[row["table_address"]] = max(row["position"], last.get(row["table_address"], 0))
        await self._refresh(last)
        return {Pubkey.from_string(row["address"]): row["table_address"] for row in rows}

    def table(self, address: str) -> AddressLookupTableAccount:
        """A table that `homes` has returned."""
        return self._contents[address]

    async def _refresh(self, last_positions: dict[str, int]) -> None:
        """Tables only grow: one is read again only when it is known to hold more than we have."""
        stale = [
            table
            for table, position in last_positions.items()
            if table not in self._contents or len(self._contents[table].addresses) <= position
        ]
        if not stale:
            return
        contents: dict[str, list[Pubkey]] = {table: [] for table in stale}
        for row in await self._pool.fetch(_SQL["contents"], stale):
            contents[row["table_address"]].append(Pubkey.from_string(row["address"]))
        for table, addresses in contents.items():
            self._contents[table] = AddressLookupTableAccount(Pubkey.from_string(table), addresses)
