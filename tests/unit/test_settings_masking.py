from __future__ import annotations

import pytest

from gridtokenx_indexer.domain.masking import MASK, scrubbed
from gridtokenx_indexer.ops.settings.masking import shown
from gridtokenx_indexer.ops.settings.setting import Kind, Setting, Value

OPEN = Setting(section="a", name="b", kind=Kind.TEXT, help="")
SECRET = Setting(section="a", name="c", kind=Kind.TEXT, help="", secret=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("postgresql://user:word@host:5432/name", f"postgresql://user:{MASK}@host:5432/name"),
        ("postgresql://user@host/name", "postgresql://user@host/name"),
        ("postgresql:///name", "postgresql:///name"),
        ("postgresql:///name?host=/tmp&password=word", f"postgresql:///name?{MASK}"),
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


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://u@h/db?password=word", "no route to postgresql://u@h/db?password=word"),
        ("postgresql://u:w%er2@h/db", 'invalid percent-encoded token: "w%er2"'),
        ("postgresql://u:wo%72d@h/db", 'password "word" refused'),
        ("postgresql://u:w%er2@word@h/db", "failed to resolve host 'word@h'"),
        ("mysql://u:word@h/db", 'missing "=" after "mysql://u:word@h/db" in connection info string'),
        ("host=h user=u password=word dbname=x", "cannot parse host=h user=u password=word dbname=x"),
        ("host=h password = 'wo rd'", "syntax error in 'wo rd'"),
        ("http://[::1", "Invalid IPv6 URL http://[::1"),
    ],
)
def test_messages_that_repeat_a_url_lose_its_secrets(url: str, message: str) -> None:
    shown_text = scrubbed(message, url)
    assert MASK in shown_text
    for secret in ("word", "w%er2", "wo rd", "wo%72d"):
        assert secret not in shown_text.replace("password", "")


def test_messages_without_secrets_stay() -> None:
    url = "postgresql://u:word@h/db"
    assert scrubbed("connection refused by h", url) == "connection refused by h"
    assert scrubbed("connection refused", "") == "connection refused"
