"""Merkle trees of published parts, kept for the next proof of the same part."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from gridtokenx_indexer.api.reading import SQL
from gridtokenx_indexer.domain.merkle import MerkleTree


class ProofTrees:
    """Keeps the trees used last, up to `most_leaves` leaves in all; published leaves never change.

    One tree is built at a time, in a thread: a part has up to 65,536 leaves.
    """

    def __init__(self, most_leaves: int = 1 << 19) -> None:
        self._most_leaves = most_leaves
        self._trees: OrderedDict[tuple[int, int, int], MerkleTree] = OrderedDict()
        self._building = asyncio.Lock()

    async def tree(self, connection: Any, epoch: int, zone: int, part: int) -> MerkleTree:
        key = (epoch, zone, part)
        async with self._building:
            tree = self._trees.pop(key, None)
            if tree is None:
                rows = await connection.fetch(SQL["part_leaves"], *key)
                tree = await asyncio.to_thread(MerkleTree, [row["leaf"] for row in rows])
            self._trees[key] = tree
            while len(self._trees) > 1 and sum(map(len, self._trees.values())) > self._most_leaves:
                self._trees.popitem(last=False)
        return tree
