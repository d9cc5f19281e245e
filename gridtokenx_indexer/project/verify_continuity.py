"""Proves from the database alone that a range of slots is complete and linked."""

from __future__ import annotations

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.project.verify_check import SlotRange, VerifyCheck, result
from gridtokenx_indexer.store.pool import Connection
from gridtokenx_indexer.store.queries import load


async def covered_range(connection: Connection, from_slot: Slot | None, to_slot: Slot | None) -> SlotRange:
    """The range asked for, by default all that is covered; raises `UsageError` for one that is not."""
    row = await connection.fetchrow(load("verify")["covered_range"])
    if row is None:
        raise UsageError("the index has no anchor yet", remedy="start the daemon first")
    anchor, head = row["anchor_slot"], row["head_slot"]
    first = anchor if from_slot is None else from_slot
    last = head if to_slot is None else to_slot
    if not anchor <= first <= last <= head:
        raise UsageError(
            f"slots {first} to {last} are not all covered", remedy=f"the index covers {anchor} to {head}"
        )
    return SlotRange(Slot(first), Slot(last))


async def verify_continuity(connection: Connection, asked: SlotRange) -> list[VerifyCheck]:
    counts = await connection.fetchrow(load("verify")["slot_counts"], asked.first, asked.last)
    facts = await connection.fetchrow(load("verify")["fact_counts"], asked.first, asked.last)
    assert counts is not None
    assert facts is not None
    where = f"slots {asked.first} to {asked.last}"
    rows = f"{counts['slots']} rows for {asked.last - asked.first + 1} slots"
    content = (
        f"{facts['transactions']} transactions, {facts['events']} events, {facts['parked']} parked items"
    )
    return [
        await _none(connection, "every slot has a row", f"{where}: {rows}", "missing_slots", asked),
        await _none(connection, "blocks are linked", f"{counts['blocks']} blocks", "broken_links", asked),
        await _none(
            connection, "skipped slots are proved", f"{counts['skipped']} skipped", "unproved_skips", asked
        ),
        await _none(connection, "finality marks agree", where, "wrong_marks", asked),
        await _none(connection, "facts stand on blocks", content, "unlinked_facts", asked),
    ]


async def _none(connection: Connection, check: str, detail: str, query: str, asked: SlotRange) -> VerifyCheck:
    rows = await connection.fetch(load("verify")[query], asked.first, asked.last)
    return result(check, detail, [row["difference"] for row in rows])
