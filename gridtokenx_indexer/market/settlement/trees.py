"""The Merkle trees of open parts, kept while they are in use."""

from __future__ import annotations

from collections import OrderedDict

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.domain.merkle import MerkleTree
from gridtokenx_indexer.market.settlement.keys import PartKey
from gridtokenx_indexer.store.queries import load
from gridtokenx_indexer.tx.ports import Connection

_SQL = load("market")


class PartTrees:
    """Builds a tree from the stored leaves at its first use; keeps the `keep` last used."""

    def __init__(self, keep: int = 16) -> None:
        self._keep = keep
        self._trees: OrderedDict[PartKey, MerkleTree] = OrderedDict()

    async def tree(self, conn: Connection, key: PartKey) -> MerkleTree:
        """Raises `StopError` when the leaves do not give the published root."""
        tree = self._trees.pop(key, None) or await read_tree(conn, key)
        self._trees[key] = tree
        while len(self._trees) > self._keep:
            self._trees.popitem(last=False)
        return tree


async def read_tree(conn: Connection, key: PartKey) -> MerkleTree:
    """The tree over the stored leaves; raises `StopError` when its root is not the published one."""
    rows = await conn.fetch(_SQL["part_leaf_hashes"], *key)
    root = await conn.fetchval(_SQL["part_root"], *key)
    if root is None or not rows:
        raise StopError(f"part {key.part} of epoch {key.epoch}, zone {key.zone} is not published")
    tree = MerkleTree([row["leaf"] for row in rows])
    if tree.root != root:
        raise StopError(
            f"the leaves of part {key.part} of epoch {key.epoch}, zone {key.zone} do not give its root",
            remedy=f"run gridtokenx-indexer epoch check {key.epoch} and restore indexer.trade_leaves",
        )
    return tree
