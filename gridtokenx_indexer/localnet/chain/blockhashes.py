"""Which blockhashes a transaction may still name."""

from __future__ import annotations

MAX_AGE_BLOCKS = 150
"""lastValidBlockHeight lies this many blocks above the block of the hash."""
KEPT = 301


class BlockhashQueue:
    """The newest blockhashes by height, as the real node's queue: fees are known longer than validity."""

    def __init__(self) -> None:
        self._heights: dict[str, int] = {}

    def register(self, blockhash: str, height: int) -> None:
        self._heights[blockhash] = height
        if len(self._heights) > 2 * KEPT:
            oldest = height - KEPT
            self._heights = {known: at for known, at in self._heights.items() if at > oldest}

    def height_of(self, blockhash: str, bank_height: int) -> int | None:
        """The height of the block with that hash if the bank at `bank_height` still knows it."""
        height = self._heights.get(blockhash)
        if height is None or height > bank_height or bank_height - height >= KEPT:
            return None
        return height

    def is_valid(self, blockhash: str, bank_height: int) -> bool:
        """Whether the finished bank at `bank_height` takes the hash.

        The bank under construction asks with its parent's height, so a transaction can land one block
        above its lastValidBlockHeight.
        """
        height = self.height_of(blockhash, bank_height)
        return height is not None and bank_height - height <= MAX_AGE_BLOCKS

    def revert_to(self, height: int) -> None:
        self._heights = {known: at for known, at in self._heights.items() if at <= height}
