"""Base58 of byte strings of any length, fast enough for every instruction of every block."""

from __future__ import annotations

from solders.pubkey import Pubkey
from solders.signature import Signature

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = [first + second for second in ALPHABET for first in ALPHABET]
"""Two digits at a time, least significant first."""
_PAIR = 58**2
_CHUNK_PAIRS = 5
_CHUNK = _PAIR**_CHUNK_PAIRS
_KEY_BYTES = 32
_SIGNATURE_BYTES = 64


class Base58Error(ValueError):
    """A character outside the alphabet; `character` and `index` name the first one."""

    def __init__(self, character: str, index: int) -> None:
        super().__init__(f"character {character!r} at index {index} is not base58")
        self.character = character
        self.index = index


def b58encode(data: bytes) -> str:
    if len(data) == _KEY_BYTES:
        return str(Pubkey(data))
    if len(data) == _SIGNATURE_BYTES:
        return str(Signature(data))
    return _encode(data)


def _encode(data: bytes) -> str:
    stripped = data.lstrip(b"\0")
    number = int.from_bytes(stripped, "big")
    pairs: list[str] = []
    while number:
        number, chunk = divmod(number, _CHUNK)
        for _ in range(_CHUNK_PAIRS):
            chunk, pair = divmod(chunk, _PAIR)
            pairs.append(_PAIRS[pair])
    digits = "".join(pairs).rstrip(ALPHABET[0])
    return ALPHABET[0] * (len(data) - len(stripped)) + digits[::-1]


def b58decode(text: str) -> bytes:
    """Raises `Base58Error` at the first character outside the alphabet."""
    number = 0
    for index, character in enumerate(text):
        digit = _DIGITS.get(character)
        if digit is None:
            raise Base58Error(character, index)
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
