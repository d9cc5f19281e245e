"""Range proofs against a reference that recomputes every node recursively."""

from __future__ import annotations

from hashlib import sha256

import pytest

from gridtokenx_indexer.domain import merkle
from gridtokenx_indexer.domain.errors import UsageError

MAX_LEAVES = 40


def leaf(index: int) -> bytes:
    return sha256(b"leaf %d" % index).digest()


def reference_nodes(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Every node by (level, position), from the definition: a missing right child promotes the left one."""
    nodes = {(0, i): value for i, value in enumerate(leaves)}

    def node(level: int, position: int) -> bytes | None:
        if (level, position) in nodes:
            return nodes[level, position]
        if level == 0:
            return None
        left, right = node(level - 1, 2 * position), node(level - 1, 2 * position + 1)
        if left is None:
            return None
        value = left if right is None else sha256(b"\x01" + left + right).digest()
        nodes[level, position] = value
        return value

    height = (len(leaves) - 1).bit_length()
    assert node(height, 0) is not None
    return nodes


def reference_proof(leaves: list[bytes], first: int, count: int) -> list[bytes]:
    """Siblings of nodes that cover the range where the sibling covers none of it, by sets of positions."""
    nodes = reference_nodes(leaves)
    height = (len(leaves) - 1).bit_length()
    covered = set(range(first, first + count))
    proof = []
    for level in range(height):
        missing = sorted({p ^ 1 for p in covered} - covered)
        proof += [nodes[level, p] for p in missing if (level, p) in nodes]
        covered = {p // 2 for p in covered}
    return proof


@pytest.mark.parametrize("total", range(1, MAX_LEAVES + 1))
def test_every_range_agrees_with_the_reference(total: int) -> None:
    leaves = [leaf(i) for i in range(total)]
    height = (total - 1).bit_length()
    expected_root = reference_nodes(leaves)[height, 0]
    tree = merkle.MerkleTree(leaves)
    assert tree.root == merkle.root(leaves) == expected_root
    for first in range(total):
        for count in range(1, total - first + 1):
            proof = tree.range_proof(first, count)
            assert proof == reference_proof(leaves, first, count)
            assert len(proof) == merkle.proof_length(total, first, count)
            part = leaves[first : first + count]
            assert merkle.verify_range(
                part, first=first, total=total, proof=proof, expected_root=expected_root
            )


@pytest.mark.parametrize("total", [1, 2, 3, 5, 8, 13, 31, 33])
def test_any_change_of_the_claim_is_refused(total: int) -> None:
    leaves = [leaf(i) for i in range(total)]
    tree = merkle.MerkleTree(leaves)
    for first in range(total):
        for count in range(1, total - first + 1):
            proof = tree.range_proof(first, count)
            part = leaves[first : first + count]

            def holds(
                part: list[bytes], *, proof: list[bytes] = proof, first: int = first, total: int = total
            ) -> bool:
                return merkle.verify_range(
                    part, first=first, total=total, proof=proof, expected_root=tree.root
                )

            assert holds(part)
            assert not holds([leaf(1_000), *part[1:]])
            assert not holds(part, proof=[*proof, leaf(1_001)])
            assert not holds([])
            assert not holds(part, first=-1)
            if proof:
                assert not holds(part, proof=proof[:-1])
                assert not holds(part, proof=[leaf(1_002), *proof[1:]])
            if first + count < total:
                assert not holds(part, first=first + 1)


def test_aligned_range_needs_log_of_the_rest() -> None:
    leaves = [leaf(i) for i in range(1024)]
    assert len(merkle.range_proof(leaves, 512, 16)) == 6
    assert merkle.proof_length(65_536, 65_520, 16) == 12


def test_leaf_is_the_documented_byte_string() -> None:
    addresses = [bytes([n]) * 32 for n in (1, 2, 3, 4)]
    value = merkle.leaf_hash(
        epoch=201605121215,
        zone=7,
        index=9,
        seller_energy=addresses[0],
        buyer_energy=addresses[1],
        buyer_payment=addresses[2],
        seller_payment=addresses[3],
        energy_base_units=10**9,
        payment_base_units=3_000_000,
        fee_base_units=15,
    )
    text = (
        b"\x00"
        + (201605121215).to_bytes(8, "little")
        + (7).to_bytes(4, "little")
        + (9).to_bytes(4, "little")
        + b"".join(addresses)
        + (10**9).to_bytes(8, "little")
        + (3_000_000).to_bytes(8, "little")
        + (15).to_bytes(8, "little")
    )
    assert value == sha256(text).digest()


def test_wrong_input_is_named() -> None:
    with pytest.raises(UsageError, match="at least one leaf"):
        merkle.root([])
    with pytest.raises(UsageError, match="not within 3 leaves"):
        merkle.range_proof([leaf(0), leaf(1), leaf(2)], 2, 2)
    with pytest.raises(UsageError, match="not 32 bytes"):
        merkle.leaf_hash(
            epoch=1,
            zone=0,
            index=0,
            seller_energy=b"",
            buyer_energy=b"",
            buyer_payment=b"",
            seller_payment=b"",
            energy_base_units=1,
            payment_base_units=1,
            fee_base_units=0,
        )
