"""The recent signatures and what became of them."""

from __future__ import annotations

from collections import deque

import msgspec

KEPT_ROOTS = 300


class Status(msgspec.Struct, frozen=True):
    slot: int
    height: int
    err: object


class StatusCache:
    """Knows the signatures of the last 300 finalized blocks and of all newer ones."""

    def __init__(self) -> None:
        self._by_signature: dict[str, Status] = {}
        self._by_height: deque[tuple[int, list[str]]] = deque()

    def __contains__(self, signature: str) -> bool:
        return signature in self._by_signature

    def get(self, signature: str) -> Status | None:
        return self._by_signature.get(signature)

    def add_block(self, height: int, statuses: dict[str, Status]) -> None:
        if statuses:
            self._by_signature.update(statuses)
            self._by_height.append((height, list(statuses)))

    def finalize(self, height: int) -> None:
        while self._by_height and self._by_height[0][0] <= height - KEPT_ROOTS:
            for signature in self._by_height.popleft()[1]:
                self._by_signature.pop(signature, None)

    def revert_to(self, height: int) -> None:
        while self._by_height and self._by_height[-1][0] > height:
            for signature in self._by_height.pop()[1]:
                self._by_signature.pop(signature, None)
