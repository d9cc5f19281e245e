"""The list of what is watched, kept in the database, because several processes add to it.

Programs, mints and accounts are as the settings of the process that follows say. Our keys are a union: each
process adds its own, whoever follows watches all of them, and none leaves but by `unwatch_signer`. Otherwise
a process that happens to follow would lose the transactions of another one's key.

Every change holds the table against the follower's batches, so a slot that it names is one that no batch has
reached, and a batch that was read under an older list is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gridtokenx_indexer.decode.watch import Watched, WatchHistory, WatchKind, WatchSet
from gridtokenx_indexer.domain.errors import RetryableError
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.store.pool import Connection, Pool
from gridtokenx_indexer.store.queries import load

_OF_THE_SETTINGS = (WatchKind.PROGRAM, WatchKind.MINT, WatchKind.LAMPORTS)


class WatchListChangedError(RetryableError):
    """Blocks were read under a list that is no longer the present one: read them again."""


async def read_watched(connection: Pool | Connection) -> WatchHistory:
    rows = await connection.fetch(load("watch")["watched"])
    return WatchHistory(
        Watched(Address(row["address"]), WatchKind(row["kind"]), row["from_slot"], row["until_slot"])
        for row in rows
    )


async def require_unchanged(connection: Connection, read_under: WatchHistory) -> None:
    """Raises `WatchListChangedError` unless `read_under` is the present list; it then stays so until the
    transaction ends."""
    await connection.execute(load("watch")["lock_to_keep"])
    if (await read_watched(connection)).entries != read_under.entries:
        raise WatchListChangedError("what is watched has changed since these blocks were read")


async def update_watched(connection: Connection, wanted: WatchSet, next_slot: Slot) -> WatchHistory:
    """Makes `wanted` what is watched from `next_slot` on, beside the keys of other processes and their
    lamports; the past stays as it was. For the follower, inside a transaction under its lease."""
    await connection.execute(load("watch")["lock_to_change"])
    before = (await read_watched(connection)).lasting
    await _add(connection, before, wanted, next_slot)
    keys = before.signers | wanted.signers
    for kind in _OF_THE_SETTINGS:
        gone = before.of_kind(kind) - wanted.of_kind(kind) - keys
        if gone:
            await connection.fetch(load("watch")["unwatch"], sorted(gone), kind, next_slot)
    return await read_watched(connection)


async def watch_signers(pool: Pool, keys: Iterable[Address]) -> list[Address]:
    """Adds keys and their lamports from the next slot on; returns the keys that were not watched before.

    Before the anchor: from the beginning.
    """
    ours = frozenset(keys)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(load("watch")["lock_to_change"])
        before = (await read_watched(connection)).lasting
        await _add(connection, before, WatchSet(signers=ours, lamports=ours), await _next_slot(connection))
    return sorted(ours - before.signers)


async def unwatch_signer(connection: Connection, key: Address) -> Slot | None:
    """The slot from which it is no longer watched; None when it was not. Waits for transactions that are
    writing attempts of the key; whether any attempt of it is open is the caller's to ask afterwards."""
    queries = load("watch")
    await connection.execute(queries["lock_to_change"])
    next_slot = await _next_slot(connection)
    ended = await connection.fetch(queries["unwatch"], [key], WatchKind.SIGNER, next_slot)
    if not ended:
        return None
    await connection.fetch(queries["unwatch"], [key], WatchKind.LAMPORTS, next_slot)
    return Slot(ended[0]["until_slot"])


async def held_signers(connection: Connection, keys: Sequence[Address], after: Slot) -> frozenset[Address]:
    """Those of `keys` whose transactions after a slot are all indexed; they stay watched until the caller's
    transaction ends."""
    rows = await connection.fetch(load("watch")["held_signers"], list(keys), after)
    return frozenset(Address(row["address"]) for row in rows)


async def _next_slot(connection: Connection) -> Slot:
    return Slot(await connection.fetchval(load("watch")["next_slot"]))


async def _add(connection: Connection, before: WatchSet, wanted: WatchSet, next_slot: Slot) -> None:
    for kind in WatchKind:
        new = wanted.of_kind(kind) - before.of_kind(kind)
        if new:
            await connection.execute(load("watch")["watch"], sorted(new), kind, next_slot)
