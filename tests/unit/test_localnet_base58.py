"""Base58 against an independent implementation."""

from __future__ import annotations

import based58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.localnet.base58 import Base58Error, b58decode, b58encode


@given(st.binary(max_size=300))
def test_encodes_like_based58(data: bytes) -> None:
    assert b58encode(data) == based58.b58encode(data).decode()


@given(st.binary(max_size=100), st.integers(min_value=0, max_value=40))
def test_goes_there_and_back(data: bytes, zeros: int) -> None:
    padded = bytes(zeros) + data
    assert b58decode(b58encode(padded)) == padded


@pytest.mark.parametrize("size", [32, 64])
@given(data=st.data())
def test_keys_and_signatures_take_the_same_form(size: int, data: st.DataObject) -> None:
    raw = data.draw(st.binary(min_size=size, max_size=size))
    assert b58encode(raw) == based58.b58encode(raw).decode()


@pytest.mark.parametrize(("text", "character", "index"), [("0OIl", "0", 0), ("abcl", "l", 3)])
def test_names_the_first_wrong_character(text: str, character: str, index: int) -> None:
    with pytest.raises(Base58Error) as refused:
        b58decode(text)
    assert (refused.value.character, refused.value.index) == (character, index)
