"""Which finalized tables hold which addresses."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.source.rpc import ACCOUNTS_PER_CALL, Commitment
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.lookup.program import table_contents
from gridtokenx_indexer.tx.ports import AccountReader, Connection, Pool

log = logging.getLogger(__name__)

_SQL = load("lookup_tables")


class LookupTables:
    """Asks for addresses and finds the tables that hold them. Only finalized entries are ever returned.

    A transaction names an address by its position alone, so positions are compared with the chain before
    they are used: a restored database may not know of every address that was appended.
    """

    def __init__(self, pool: Pool, reader: AccountReader) -> None:
        self._pool = pool
        self._reader = reader
        self._contents: dict[str, AddressLookupTableAccount] = {}

    async def request(self, conn: Connection, purpose: str, addresses: Iterable[Pubkey]) -> None:
        """Has the keeper of `purpose` put them into a table; addresses already asked for cost nothing.

        Addresses asked for one after the other end up beside each other, so ask for those that are used
        together in one call.
        """
        unique = list(dict.fromkeys(str(address) for address in addresses))
        await conn.execute(_SQL["request_addresses"], purpose, unique)

    async def homes(self, purposes: Sequence[str], addresses: Iterable[Pubkey]) -> dict[Pubkey, str]:
        """The table of each address that has a finalized place under one of `purposes`.

        Raises as the RPC client does.
        """
        wanted = [str(address) for address in addresses]
        rows = await self._pool.fetch(_SQL["places"], list(purposes), wanted)
        last: dict[str, int] = {}
        for row in rows:
            last[row["table_address"]] = max(row["position"], last.get(row["table_address"], 0))
        await self._refresh(last)
        return {
            Pubkey.from_string(row["address"]): row["table_address"]
            for row in rows
            if self._holds(row["table_address"], row["position"])
        }

    def table(self, address: str) -> AddressLookupTableAccount:
        """A table that `homes` has returned."""
        return self._contents[address]

    async def _refresh(self, last_positions: dict[str, int]) -> None:
        """Tables only grow: one is read again only when it is known to hold more than we have."""
        stale = [table for table, position in last_positions.items() if not self._holds(table, position)]
        if not stale:
            return
        contents: dict[str, list[Pubkey]] = {table: [] for table in stale}
        for row in await self._pool.fetch(_SQL["contents"], stale):
            contents[row["table_address"]].append(Pubkey.from_string(row["address"]))
        for table, on_chain in (await self._on_chain(stale)).items():
            ours = contents[table]
            if ours == on_chain[: len(ours)]:
                self._contents[table] = AddressLookupTableAccount(Pubkey.from_string(table), ours)
            elif on_chain != ours[: len(on_chain)]:
                log.error("lookup_table_differs", extra={"table": table})
                await self._pool.execute(_SQL["give_table_up"], table)

    async def _on_chain(self, tables: Sequence[str]) -> dict[str, list[Pubkey]]:
        """A table that the node does not show yet is empty."""
        found: dict[str, list[Pubkey]] = {}
        for start in range(0, len(tables), ACCOUNTS_PER_CALL):
            chunk = tables[start : start + ACCOUNTS_PER_CALL]
            answer = await self._reader.get_multiple_accounts(
                [Address(table) for table in chunk], Commitment.FINALIZED
            )
            for table, account in zip(chunk, answer.accounts, strict=True):
                found[table] = table_contents(account.data) if account is not None else []
        return found

    def _holds(self, table: str, position: int) -> bool:
        known = self._contents.get(table)
        return known is not None and len(known.addresses) > position
