"""Our keys in the list of what is watched: how one comes, and how it leaves."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.errors import RetryableError, StopError, UsageError
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.store.watch_list import unwatch_signer
from gridtokenx_indexer.tx.ports import Connection, Pool


class WatchedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of ours in a stretch of slots: everything it signed there is indexed."""

    address: Address
    from_slot: Slot
    until_slot: Slot | None
    """First slot in which it was no longer watched; None while it is."""
    open_attempts: int
    attempts_in_review: int


async def list_keys(pool: Pool | Connection) -> list[WatchedKey]:
    rows = await pool.fetch(load("watch")["signers"])
    return [msgspec.convert(dict(row), WatchedKey) for row in rows]


async def retire_key(pool: Pool, key: Address, *, dry_run: bool) -> WatchedKey:
    """Ends the watch of a key that has nothing open any more; a daemon that holds it signs no longer with it.

    Raises `UsageError` when it is not watched, `RetryableError` while a transaction of it may still land, and
    `StopError` when the end of one is in doubt: without the watch none of these could ever be proved.
    """
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            retired = await _retire(connection, key)
        except BaseException:
            await transaction.rollback()
            raise
        await (transaction.rollback() if dry_run else transaction.commit())
    return retired


async def _retire(connection: Connection, key: Address) -> WatchedKey:
    until = await unwatch_signer(connection, key)
    if until is None:
        raise UsageError(f"{key} is not watched as a key of ours", remedy="keys list names those that are")
    retired = next(
        line for line in await list_keys(connection) if line.address == key and line.until_slot == until
    )
    if retired.attempts_in_review:
        raise StopError(
            f"{retired.attempts_in_review} transactions of {key} are in review",
            remedy="put them back to work with queue retry or epoch retry, then retire the key",
        )
    if retired.open_attempts:
        raise RetryableError(
            f"{retired.open_attempts} of its transactions keep {key} from being retired: they may still land",
            remedy="stop the daemon that holds the key and try again once another one has seen their end",
        )
    return retired
