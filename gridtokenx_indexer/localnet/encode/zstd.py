"""Zstandard frames of stored (uncompressed) blocks: valid for every reader, no library needed."""

from __future__ import annotations

MAGIC = b"\x28\xb5\x2f\xfd"
MAX_BLOCK_BYTES = 128 * 1024
LAST_BLOCK = 1


def stored_frame(data: bytes) -> bytes:
    """`data` as one single-segment frame."""
    size = len(data)
    if size < 256:
        header = b"\x20" + size.to_bytes(1, "little")
    elif size < 65_536 + 256:
        header = b"\x60" + (size - 256).to_bytes(2, "little")
    else:
        header = b"\xa0" + size.to_bytes(4, "little")
    blocks = [data[at : at + MAX_BLOCK_BYTES] for at in range(0, size, MAX_BLOCK_BYTES)] or [b""]
    body = bytearray(MAGIC + header)
    for number, block in enumerate(blocks, start=1):
        last = LAST_BLOCK if number == len(blocks) else 0
        body += (len(block) << 3 | last).to_bytes(3, "little") + block
    return bytes(body)
