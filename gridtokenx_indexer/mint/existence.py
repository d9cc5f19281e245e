"""Which accounts exist on chain: a hint that decides what a transaction creates, never whether it may be
sent.
"""

from __future__ import annotations

from collections.abc import Iterable

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.source.rpc import ACCOUNTS_PER_CALL, Commitment
from gridtokenx_indexer.tx.ports import AccountReader

_MOST_REMEMBERED = 500_000


class Existence:
    """Remembers what exists. A wrong memory fails one transaction, whose retry creates the account again."""

    def __init__(self, reader: AccountReader) -> None:
        self._reader = reader
        self._known: set[Pubkey] = set()

    async def missing(self, addresses: Iterable[Pubkey]) -> set[Pubkey]:
        """Those of `addresses` that have no account at confirmed commitment. Raises as the RPC client
        does.
        """
        unknown = list({address for address in addresses if address not in self._known})
        missing: set[Pubkey] = set()
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        for start in range(0, len(unknown), ACCOUNTS_PER_CALL):
            chunk = unknown[start : start + ACCOUNTS_PER_CALL]
            answer = await self._reader.get_multiple_accounts(
                [Address(str(address)) for address in chunk], Commitment.CONFIRMED
            )
            for address, account in zip(chunk, answer.accounts, strict=True):
                if account is None:
                    missing.add(address)
                else:
                    self._known.add(address)
        return missing

    def forget(self, addresses: Iterable[Pubkey]) -> None:
        self._known.difference_update(addresses)
