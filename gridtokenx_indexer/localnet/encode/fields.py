"""Reading packed little-endian fields one after another."""

from __future__ import annotations

from solders.pubkey import Pubkey


class Fields:
    """Raises ValueError when the data ends too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def take(self, count: int) -> bytes:
        if len(self._data) < count:
            raise ValueError("data too short")
        chunk, self._data = self._data[:count], self._data[count:]
        return chunk

    def rest(self) -> bytes:
        return self._data

    def u8(self) -> int:
        return self.take(1)[0]

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "little")

    def key(self) -> str:
        return str(Pubkey(self.take(32)))

    def optional_key(self) -> str | None:
        """A key behind a one-byte presence flag."""
        return self.key() if self.u8() else None

    def key_or_null(self) -> str | None:
        """A key whose zero value means none."""
        raw = self.take(32)
        return str(Pubkey(raw)) if any(raw) else None

    def text(self) -> str:
        return self.take(self.u64()).decode()
