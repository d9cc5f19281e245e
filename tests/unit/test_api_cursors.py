from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtokenx_indexer.api.config import ApiConfig
from gridtokenx_indexer.api.cursors import Keyset, decode_cursor, encode_cursor
from gridtokenx_indexer.api.etag import matches
from gridtokenx_indexer.domain.errors import UsageError


@given(st.integers(0, 2**63 - 1), st.uuids(), st.text(max_size=5))
def test_a_cursor_comes_back_as_it_went(slot: int, key: UUID, filters: str) -> None:
    text = encode_cursor(Keyset(slot, key), filters)
    assert text.isascii()
    assert "=" not in text
    assert decode_cursor(text, filters) == Keyset(slot, key)


@given(st.text(max_size=40))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        decode_cursor(text, None)


@pytest.mark.parametrize(
    ("header", "same"),
    [('W/"a"', True), ('"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_tags_compare_weakly(header: str, same: bool) -> None:
    assert matches(header, 'W/"a"') is same


@pytest.mark.parametrize(
    ("listen", "address"),
    [("127.0.0.1:8080", ("127.0.0.1", 8080)), ("[::1]:0", ("::1", 0)), (":80", ("127.0.0.1", 80))],
)
def test_listen_addresses(listen: str, address: tuple[str, int]) -> None:
    assert ApiConfig(listen=listen).address() == address


@pytest.mark.parametrize("listen", ["8080", "host:", "host:http", "host:70000"])
def test_wrong_listen_addresses_are_refused(listen: str) -> None:
    with pytest.raises(UsageError, match="HOST:PORT"):
        ApiConfig(listen=listen).address()
