"""Makes equal payloads under one blockhash different transactions."""

from __future__ import annotations

from gridtokenx_indexer.domain.ids import Blockhash


class Salt:
    """Counts up under each blockhash; added to the compute-unit price, so the numbers stay small and
    cheap.
    """

    def __init__(self) -> None:
        self._blockhash: Blockhash | None = None
        self._next = 0

    def next(self, blockhash: Blockhash) -> int:
        if blockhash != self._blockhash:
            self._blockhash = blockhash
            self._next = 0
        self._next += 1
        return self._next
