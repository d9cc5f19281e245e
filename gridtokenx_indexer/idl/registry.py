"""Which layout a program had at a slot: an upgrade must not change how older events are read."""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import NamedTuple

from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.idl.program import ProgramLayout


class _Entry(NamedTuple):
    from_slot: Slot
    layout: ProgramLayout


class IdlRegistry:
    """Layouts by (program, slot); a layout holds until the next one of its program."""

    def __init__(self) -> None:
        self._entries: dict[Address, list[_Entry]] = {}

    def add(self, program: Address, from_slot: Slot, layout: ProgramLayout) -> None:
        """Replaces a layout that starts at the same slot."""
        entries = self._entries.setdefault(program, [])
        entries[:] = [entry for entry in entries if entry.from_slot != from_slot]
        insort(entries, _Entry(from_slot, layout), key=lambda entry: entry.from_slot)

    def layout_at(self, program: Address, slot: Slot) -> ProgramLayout | None:
        """None for a program without an IDL, or before its first one."""
        entries = self._entries.get(program, [])
        at = bisect_right(entries, slot, key=lambda entry: entry.from_slot)
        return entries[at - 1].layout if at else None
