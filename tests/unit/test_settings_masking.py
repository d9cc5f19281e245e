from __future__ import annotations

import pytest

from gridtokenx_indexer.ops.settings.masking import MASK, shown
from gridtokenx_indexer.ops.settings.setting import Kind, Setting, Value

OPEN = Setting(section="a", name="b", kind=Kind.TEXT, help="")
SECRET = Setting(section="a", name="c", kind=Kind.TEXT, help="", secret=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("postgresql://user:word@host:5432/name", f"postgresql://user:{MASK}@host:5432/name"),
        ("postgresql://user@host/name", "postgresql://user@host/name"),
        ("postgresql:///name?host=/tmp&password=word", MASK),
        ("https://rpc.example/v2/key-in-path?api-key=word", f"https://rpc.example/{MASK}?{MASK}"),
        ("http://127.0.0.1:8899", "http://127.0.0.1:8899"),
        (("http://a/key", "http://b"), f"http://a/{MASK},http://b"),
        ("bare words", MASK),
        (None, ""),
    ],
)
def test_secrets_are_masked_but_stay_recognisable(value: Value, text: str) -> None:
    assert shown(SECRET, value) == text
    assert "word" not in shown(SECRET, value).replace("words", "")


def test_open_values_are_shown_as_they_are() -> None:
    assert shown(OPEN, "word") == "word"
    assert shown(OPEN, True) == "true"
