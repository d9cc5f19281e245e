"""Ids of chain rows, computed from their identity, so that replay gives the same bytes."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from gridtokenx_indexer.decode.facts import InstructionPath
from gridtokenx_indexer.domain.ids import Signature, Slot


def event_id(slot: Slot, tx_index: int, path: InstructionPath, ordinal: int, signature: Signature) -> UUID:
    """A UUIDv8 that sorts as the events stand on the chain.

    Bits: slot 48, version 4, then variant 2 within: transaction 20, top-level index 8, inner index 10 (0 for
    the top-level call itself), ordinal 12, hash of the signature 24. A field that overflows keeps its largest
    value; the hash still tells events apart.
    """
    inner = 0 if path.inner is None else path.inner + 1
    identity = f"{signature}:{path}:{ordinal}".encode()
    position = _field(tx_index, 20)
    position = position << 8 | _field(path.outer, 8)
    position = position << 10 | _field(inner, 10)
    position = position << 12 | _field(ordinal, 12)
    position = position << 24 | int.from_bytes(sha256(identity).digest()[:3], "big")
    high, low = position >> 62, position & ((1 << 62) - 1)
    return UUID(int=_field(slot, 48) << 80 | 0x8 << 76 | high << 64 | 0b10 << 62 | low)


def _field(value: int, bits: int) -> int:
    return min(value, (1 << bits) - 1)
