"""Base58 of byte strings of any length, fast enough for instruction data of a kilobyte."""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {character: value for value, character in enumerate(ALPHABET)}
_CHUNK_DIGITS = 10
_CHUNK = 58**_CHUNK_DIGITS


class Base58Error(ValueError):
    """A character outside the alphabet; `character` and `index` name the first one."""

    def __init__(self, character: str, index: int) -> None:
        super().__init__(f"character {character!r} at index {index} is not base58")
        self.character = character
        self.index = index


def b58encode(data: bytes) -> str:
    stripped = data.lstrip(b"\0")
    number = int.from_bytes(stripped, "big")
    digits: list[str] = []
    while number:
        number, chunk = divmod(number, _CHUNK)
        for _ in range(_CHUNK_DIGITS):
            chunk, digit = divmod(chunk, 58)
            digits.append(ALPHABET[digit])
            if not chunk and not number:
                break
    return "1" * (len(data) - len(stripped)) + "".join(reversed(digits))


def b58decode(text: str) -> bytes:
    """Raises `Base58Error` at the first character outside the alphabet."""
    number = 0
    for index, character in enumerate(text):
        digit = _DIGITS.get(character)
        if digit is None:
            raise Base58Error(character, index)
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
