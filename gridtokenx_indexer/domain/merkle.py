"""Merkle tree over the trades of a published result, and proofs for contiguous ranges of it.

leaf = sha256(0x00 ‖ fields), node = sha256(0x01 ‖ left ‖ right); the odd last node of a level is promoted
unchanged. A range proof holds the missing siblings bottom-up, left before right per level.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import sha256

from gridtokenx_indexer.domain.errors import UsageError

HASH_BYTES = 32
MAX_PART_TRADES = 65_536
"""Trades that one published part may hold."""

_LEAF_HEAD = struct.Struct("<BQII")
_LEAF_AMOUNTS = struct.Struct("<QQQ")


def leaf_hash(
    *,
    epoch: int,
    zone: int,
    index: int,
    seller_energy: bytes,
    buyer_energy: bytes,
    buyer_payment: bytes,
    seller_payment: bytes,
    energy_base_units: int,
    payment_base_units: int,
    fee_base_units: int,
) -> bytes:
    """The leaf of one trade. `index` is the trade index within (epoch, zone); addresses are 32 raw bytes."""
    addresses = seller_energy + buyer_energy + buyer_payment + seller_payment
    if len(addresses) != 4 * HASH_BYTES:
        raise UsageError("a token account address is not 32 bytes long", remedy="give the raw address bytes")
    head = _LEAF_HEAD.pack(0, epoch, zone, index)
    amounts = _LEAF_AMOUNTS.pack(energy_base_units, payment_base_units, fee_base_units)
    return sha256(head + addresses + amounts).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """All levels of the tree over `leaves` (32-byte hashes, at least one); proofs cost O(log n)."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        if not leaves:
            raise UsageError("a Merkle tree needs at least one leaf", remedy="publish no part without trades")
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_parents(self._levels[-1]))

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        return self._levels[-1][0]

    def range_proof(self, first: int, count: int) -> list[bytes]:
        """Siblings that join leaves [first, first + count) to the root; raises `UsageError` out of range."""
        if first < 0 or count < 1 or first + count > len(self):
            raise UsageError(
                f"range of {count} leaves at {first} is not within {len(self)} leaves",
                remedy="ask for leaves of this part",
            )
        proof: list[bytes] = []
        low, high = first, first + count
        for level in self._levels[:-1]:
            if low % 2:
                low -= 1
                proof.append(level[low])
            if high % 2 and high < len(level):
                proof.append(level[high])
                high += 1
            low, high = low // 2, (high + 1) // 2
        return proof


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over `leaves`."""
    return MerkleTree(leaves).root


def range_proof(leaves: Sequence[bytes], first: int, count: int) -> list[bytes]:
    """One proof over `leaves`; keep a `MerkleTree` when several are needed."""
    return MerkleTree(leaves).range_proof(first, count)


def proof_length(total: int, first: int, count: int) -> int:
    """How many hashes `range_proof` returns for a tree of `total` leaves, without building it."""
    length = 0
    low, high = first, first + count
    while total > 1:
        if low % 2:
            low -= 1
            length += 1
        if high % 2 and high < total:
            high += 1
            length += 1
        low, high, total = low // 2, (high + 1) // 2, (total + 1) // 2
    return length


def verify_range(
    leaves: Sequence[bytes], *, first: int, total: int, proof: Sequence[bytes], expected_root: bytes
) -> bool:
    """Whether `leaves` stand at [first, first + len(leaves)) of a tree of `total` leaves with this root.

    The proof must be exactly as long as needed. This is what the program computes on chain.
    """
    low, high = first, first + len(leaves)
    if not leaves or low < 0 or high > total:
        return False
    siblings = iter(proof)
    nodes = list(leaves)
    while total > 1:
        if low % 2:
            sibling = next(siblings, None)
            if sibling is None:
                return False
            nodes.insert(0, sibling)
            low -= 1
        if high % 2 and high < total:
            sibling = next(siblings, None)
            if sibling is None:
                return False
            nodes.append(sibling)
            high += 1
        nodes = _parents(nodes)
        low, high, total = low // 2, (high + 1) // 2, (total + 1) // 2
    return next(siblings, None) is None and nodes[0] == expected_root


def _parents(level: Sequence[bytes]) -> list[bytes]:
    parents = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        parents.append(level[-1])
    return parents
