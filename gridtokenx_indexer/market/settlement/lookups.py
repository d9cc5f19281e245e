"""The lookup tables of trades: asked for when orders come in, used when they are final."""

from __future__ import annotations

from collections.abc import Iterable

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.pubkey import Pubkey

from gridtokenx_indexer.market.chain_terms import ChainTerms, parse_wallet
from gridtokenx_indexer.market.settlement.keys import LOOKUP_PURPOSE
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.lookup.directory import LookupTables
from gridtokenx_indexer.tx.ports import Pool

_SQL = load("settlement")
_ORDERS_AT_ONCE = 5_000


class TradeLookups:
    """Keeps the settler's tables ahead of need: an order's accounts are wanted long before it trades."""

    def __init__(self, pool: Pool, tables: LookupTables) -> None:
        self._pool = pool
        self._tables = tables
        self._seq = 0
        self._wanted: set[Pubkey] = set()

    async def want_new_traders(self, terms: ChainTerms) -> None:
        """Asks for the accounts of everybody whose open order has come since the last call."""
        while True:
            rows = await self._pool.fetch(_SQL["new_traders"], self._seq, _ORDERS_AT_ONCE)
            if not rows:
                return
            wallets = dict.fromkeys(parse_wallet(row["wallet_address"]) for row in rows)
            accounts = (
                account
                for wallet in wallets
                if wallet is not None
                for account in (terms.energy_account(wallet), terms.payment_account(wallet))
            )
            await self.want((*shared_addresses(terms), *accounts))
            self._seq = rows[-1]["seq"]

    async def want(self, addresses: Iterable[Pubkey]) -> None:
        new = [address for address in dict.fromkeys(addresses) if address not in self._wanted]
        if not new:
            return
        async with self._pool.acquire() as conn:
            await self._tables.request(conn, LOOKUP_PURPOSE, new)
        self._wanted.update(new)

    async def tables_of(self, addresses: Iterable[Pubkey]) -> dict[Pubkey, AddressLookupTableAccount]:
        """The finalized table of each address that has one."""
        homes = await self._tables.homes((LOOKUP_PURPOSE,), addresses)
        return {address: self._tables.table(table) for address, table in homes.items()}


def shared_addresses(terms: ChainTerms) -> tuple[Pubkey, ...]:
    """Accounts that every transaction of trades names, the signer and the program left out."""
    return (
        pda.config(terms.program_id)[0],
        pda.delegate(terms.program_id)[0],
        pda.event_authority(terms.program_id)[0],
        terms.fee_recipient,
        *dict.fromkeys((terms.energy_token_program, terms.payment_token_program)),
    )
