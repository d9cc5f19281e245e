"""What every projection offers to the follower and to replay."""

from __future__ import annotations

from typing import Protocol

from gridtokenx_indexer.domain.ids import Slot
from gridtokenx_indexer.store.pool import Connection


class Projection(Protocol):
    """A table made from stored facts. Each method runs inside the transaction that changes the facts."""

    @property
    def name(self) -> str: ...

    async def apply(self, connection: Connection, first: Slot, last: Slot) -> None:
        """Adds the facts of [first, last], which were just written and follow what was applied before."""
        ...

    async def roll_back(self, connection: Connection, ancestor: Slot) -> None:
        """Undoes the facts after `ancestor`, which are still there."""
        ...

    async def clear(self, connection: Connection) -> None:
        """Empties the table before a replay."""
        ...
