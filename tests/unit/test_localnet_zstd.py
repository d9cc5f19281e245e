"""Stored zstd frames, taken apart by the rules of RFC 8878."""

from __future__ import annotations

import pytest

from gridtokenx_indexer.localnet.encode.zstd import stored_frame


def unpacked(frame: bytes) -> bytes:
    """The content of a single-segment frame of raw blocks."""
    assert frame[:4] == b"\x28\xb5\x2f\xfd"
    descriptor = frame[4]
    assert descriptor & 0x3F == 0x20, "single segment, no checksum, no dictionary"
    size_bytes = {0: 1, 1: 2, 2: 4, 3: 8}[descriptor >> 6]
    at = 5 + size_bytes
    size = int.from_bytes(frame[5:at], "little") + (256 if size_bytes == 2 else 0)
    content = b""
    while True:
        header = int.from_bytes(frame[at : at + 3], "little")
        assert header >> 1 & 3 == 0, "raw block"
        length = header >> 3
        content += frame[at + 3 : at + 3 + length]
        at += 3 + length
        if header & 1:
            break
    assert at == len(frame)
    assert len(content) == size
    return content


@pytest.mark.parametrize("size", [0, 1, 255, 256, 65_791, 65_792, 131_072, 131_073, 400_000])
def test_frames_hold_their_content(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    assert unpacked(stored_frame(data)) == data


def test_nothing_looks_as_the_real_node_writes_it() -> None:
    assert stored_frame(b"").hex() == "28b52ffd2000010000"
